/** `npm run bench:selection`: exit code 1 when a visit among 4,096 threads costs more than twice one among 8. `--time <ms>`: of a case in a round. */
import { parseArgs } from 'node:util';
import { OWN_DRAINS } from '../conformance/runner/drains.js';
import type { DrainModule } from '../spec/index.js';
import { MOST_RATIO, renderCost, selectionCost } from './selection.js';

const { values } = parseArgs({ options: { time: { type: 'string', default: '300' } } });
for (const [name, path] of Object.entries(OWN_DRAINS)) {
  const module = (await import(path)) as DrainModule;
  const cost = selectionCost(name, module, { timeMs: Number(values.time) });
  process.stdout.write(`${renderCost(cost)}\n`);
  if (!(cost.ratio <= MOST_RATIO)) process.exitCode = 1;
}
