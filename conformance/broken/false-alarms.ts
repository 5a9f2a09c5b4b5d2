/**
 * `npm run false-alarms`: the checks in which real threads race, on our own (sound) drains, many times. Whatever fails, is
 * inconclusive or is an error is an alarm, and false. Counts in conformance/broken/false-alarms.json; a run that was cut off goes on.
 *
 *     --runs 200            runs of each check on each drain, with seeds 1, 2, 3, …
 *     --drain reference     this drain only
 *     --id ID,ID            these checks
 *     --file PATH           another file
 *     --fresh               forget earlier runs (else they count where the check is the same)
 *
 * Exit code 1 after an alarm.
 */
import { parseArgs } from 'node:util';
import { REQUIREMENTS } from '../../spec/index.js';
import { SubjectClient } from '../client/subject-client.js';
import { judgeCheck } from '../judge.js';
import { OWN_DRAINS, subjectCommand } from '../runner/drains.js';
import { ALARMS_FILE, readAlarms, writeAlarms } from './alarms.js';
import { loadChecks } from './trial.js';
import { upperBound } from './clopper-pearson.js';
import { isFree } from '../racing.js';
import { checkHash } from './plan.js';

const text = { type: 'string' } as const;
const { values } = parseArgs({
  options: { runs: text, drain: text, id: text, file: text, fresh: { type: 'boolean' } },
});
const file = values.file ?? ALARMS_FILE;
const runs = Number(values.runs ?? 200);
const ids = values.id?.split(',');
const checks = await loadChecks();
const racing = REQUIREMENTS.map(({ id }) => checks.get(id))
  .filter((check) => check !== undefined)
  .filter((check) => isFree(check) && ids?.includes(check.id) !== false);
if (racing.length === 0) throw new Error(`no check among ${values.id} has threads that race`);
const drains = Object.keys(OWN_DRAINS).filter((name) => values.drain === undefined || values.drain === name);
if (drains.length === 0) throw new Error(`'${values.drain}' is none of ${Object.keys(OWN_DRAINS).join(', ')}`);

/** Rounds that one subject serves: starting dozens of threads anew costs more than what they then do. */
const ROUNDS_A_SUBJECT = 20;
const clients = new Map<string, SubjectClient>();
const closeAll = async (): Promise<void> => {
  for (const client of clients.values()) await client.close();
  clients.clear();
};

const alarms = readAlarms(file, values.fresh === true);
// round by round, so that what was counted when it is cut off is of all checks alike
for (let seed = 1; seed <= runs; seed += 1) {
  if (seed % ROUNDS_A_SUBJECT === 0) await closeAll();
  for (const name of drains) {
    const due = racing.filter((check) => alarms.of(name, check.id, checkHash(check.id)).runs < seed);
    if (due.length === 0) continue;
    const client = clients.get(name) ?? new SubjectClient(subjectCommand(OWN_DRAINS[name]!));
    clients.set(name, client);
    for (const check of due) {
      const verdict = await judgeCheck(check, client, { drain: name, seed, replayCommand: (token) => token });
      const count = alarms.of(name, check.id, checkHash(check.id));
      count.runs = seed;
      if (verdict.verdict === 'pass' || verdict.verdict === 'not-applicable') continue;
      count.alarms.push({ seed, verdict: verdict.verdict, reason: verdict.failure?.message ?? verdict.reason });
      process.stdout.write(`${name} ${check.id} seed ${seed}: ${verdict.verdict}: ${verdict.reason}\n`);
    }
    writeAlarms(alarms, file);
  }
}
await closeAll();

let found = 0;
for (const name of drains) {
  const counts = racing.map((check) => alarms.of(name, check.id, checkHash(check.id)));
  const least = Math.min(...counts.map((count) => count.runs));
  const wrong = counts.reduce((sum, count) => sum + count.alarms.length, 0);
  found += wrong;
  const worst = Math.max(...counts.map((count) => upperBound(count.alarms.length, count.runs)));
  process.stdout.write(
    `${name}: ${racing.length} racing checks, ${least} runs of each: ${wrong} false alarms (of each check at most ${(worst * 100).toFixed(1)} % of runs, with 95 % confidence)\n`,
  );
}
process.exitCode = found === 0 ? 0 : 1;
