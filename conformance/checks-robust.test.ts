/** A judge gives a judgement on any history, however odd: a drain must not be able to make the suite itself fail. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { Scenario, type HistoryRecord, type ScenarioInput } from '../spec/index.js';
import { takeDefinedChecks, type Check } from './check.js';
import { SubjectClient } from './client/subject-client.js';
import { UNCOUNTED } from './coverage/environment.js';
import { DIST, OWN_DRAINS, subjectCommand } from './runner/drains.js';

const FOLDER = join(DIST, 'conformance', 'checks');
const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.check.js'));
const checks: Check[] = [];
for (const file of files) {
  await import(pathToFileURL(join(FOLDER, file)).href);
  checks.push(...takeDefinedChecks());
}

const client = new SubjectClient(subjectCommand(OWN_DRAINS['reference']!), { env: UNCOUNTED });
afterAll(() => client.close());

/** The same scenario with few events, so that it takes no time. */
function small(scenario: ScenarioInput): ScenarioInput {
  if (scenario.mode === 'stepped') return scenario;
  const programs = scenario.programs.slice(0, 4).map((program) => ({
    ...program,
    events: Math.min(program.events, 40),
    lives: Math.min(program.lives ?? 1, 3),
    pauseUs: 0,
  }));
  return { ...scenario, programs, stopAfter: Math.min(scenario.stopAfter ?? 0, 50), stallMs: 2000 };
}

type Fields = Record<string, unknown>;
const OUTCOMES = [
  'accepted',
  'LANE_FULL',
  'DETAIL_FULL',
  'STOPPED',
  'THREAD_LEFT',
  'STALE_HANDLE',
  'QUEUE_BUSY',
  'unknown',
];

/** One change of a record: another outcome, another number, another truth. */
function changed(record: HistoryRecord, pick: number, by: number): HistoryRecord {
  const fields = structuredClone(record) as unknown as Fields;
  const names = Object.keys(fields).filter(
    (name) => ['number', 'boolean'].includes(typeof fields[name]) || name === 'outcome',
  );
  const name = names[pick % Math.max(1, names.length)];
  if (name === undefined) return record;
  const value = fields[name];
  if (name === 'outcome') fields[name] = OUTCOMES[by % OUTCOMES.length];
  else fields[name] = typeof value === 'boolean' ? !value : Math.max(0, (value as number) + (by % 2 === 0 ? by : -by));
  if (record.type === 'batch' && by % 5 === 0) fields['runs'] = [{ torn: true, at: 0, hex: 'ff' }];
  if (record.type === 'batch' && by % 5 === 1) fields['runs'] = [{ from: by, count: 1, thread: by, join: by }];
  if (record.type === 'iteration' && by % 5 === 2) fields['truncated'] = ['no', 'visits', 'events', 'time'][pick % 4];
  return fields as unknown as HistoryRecord;
}

const change = fc.tuple(
  fc.constantFrom('drop', 'twice', 'swap', 'change', 'change', 'change', 'cut', 'drop-type'),
  fc.nat(9999),
  fc.nat(9999),
  fc.nat(12),
);

function mutate(
  history: readonly HistoryRecord[],
  changes: readonly (readonly [string, number, number, number])[],
): HistoryRecord[] {
  let records = [...history];
  for (const [how, where, pick, by] of changes) {
    if (records.length < 2) break;
    const at = 1 + (where % (records.length - 1));
    const other = 1 + (pick % (records.length - 1));
    const here = records[at]!;
    if (how === 'drop') records.splice(at, 1);
    else if (how === 'twice') records.splice(at, 0, here);
    else if (how === 'swap') [records[at], records[other]] = [records[other]!, here];
    else if (how === 'cut') records = records.slice(0, at + 1);
    else if (how === 'drop-type') records = records.filter(({ type }) => type !== here.type);
    else records[at] = changed(here, pick, by);
  }
  return records;
}

describe('the judge of', () => {
  test.each(checks.map((check) => [check.id, check] as const))('%s judges odd histories too', async (_id, check) => {
    const generated =
      check.generated === undefined ? [] : fc.sample(check.generated.arbitrary, { numRuns: 3, seed: 5 });
    const scenarios = [...(check.scenarios ?? []).slice(0, 4), ...generated];
    for (const scenario of scenarios) {
      const answer = await client.run(Scenario.parse(small(scenario)));
      if (!answer.ok) throw new Error(answer.fault.message);
      const judged = fc.check(
        fc.property(fc.array(change, { maxLength: 6 }), (changes) => {
          const judgement = check.judge(mutate(answer.value, changes), scenario);
          if ('inconclusive' in judgement) expect(judgement.inconclusive.length).toBeGreaterThan(5);
          else
            for (const { message, expected } of judgement) expect(message.length * expected.length).toBeGreaterThan(0);
        }),
        { numRuns: 120, seed: 11 },
      );
      expect(judged.failed, `${judged.errorInstance instanceof Error ? judged.errorInstance.stack : ''}`).toBe(false);
    }
  });
});
