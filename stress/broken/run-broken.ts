/** `npm run stress:broken`: each drain that is broken in a way which only a load shows fails by the target named for it. Exit code 1 when one does not. */
import { STRESS_FAULTS } from './faults.js';
import { tryFault } from './try-fault.js';

for (const fault of STRESS_FAULTS) {
  const { record, own } = await tryFault(fault, { seconds: 2, repeats: 1 });
  const caught = own?.verdict === 'fail';
  if (!caught) process.exitCode = 1;
  const told =
    own?.measured === undefined ? record.reason : `${own.measured.toFixed(2)} ${own.unit}, limit ${own.limit}`;
  process.stdout.write(`${caught ? '✓' : '✗'} ${fault.name}: ${fault.scenario}, ${fault.metric}: ${told}\n`);
}
