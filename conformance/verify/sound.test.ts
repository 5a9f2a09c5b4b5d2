import { beforeAll, expect, test } from 'vitest';
import type { HistoryRecord } from '../../spec/index.js';
import { isFree } from '../racing.js';
import { loadChecks } from '../broken/trial.js';
import type { Check } from '../check.js';
import { SubjectClient } from '../client/subject-client.js';
import { judgeCheck, type Subject } from '../judge.js';
import { OWN_DRAINS, subjectCommand } from '../runner/drains.js';
import { asRecorded } from './as-recorded.js';
import { fileOf, linesOf } from './testing.js';
import { verifyHistory } from './verify.js';

/** Histories that are verified of each check, and scenarios that it generates. */
const SAMPLE = 4;

let checks: ReadonlyMap<string, Check>;
beforeAll(async () => {
  checks = await loadChecks();
});

test.each(['reference', 'native'])('nothing that a check records of the %s drain is rejected', async (name) => {
  const client = new SubjectClient(subjectCommand(OWN_DRAINS[name]!));
  const recorded: { id: string; history: readonly HistoryRecord[] }[] = [];
  for (const check of checks.values()) {
    if (isFree(check)) continue;
    let taken = 0;
    const subject: Subject = {
      open: () => client.open(),
      run: async (scenario) => {
        const answer = await client.run(scenario);
        if (answer.ok && taken < SAMPLE) {
          taken += 1;
          recorded.push({ id: check.id, history: answer.value });
        }
        return answer;
      },
    };
    const scenarios = (check.scenarios ?? []).slice(0, SAMPLE);
    const also = (check.also ?? []).map((more) => ({ ...more, scenarios: more.scenarios.slice(0, 1) }));
    const few = check.generated === undefined ? {} : { generated: { ...check.generated, runs: SAMPLE } };
    await judgeCheck({ ...check, scenarios, also, ...few }, subject, { drain: name, seed: 1, replayCommand: String });
  }
  await client.close();
  const rejected: string[] = [];
  const decided = new Set<string>();
  for (const { id, history } of recorded) {
    const { decisions } = await verifyHistory(fileOf(linesOf(asRecorded(history, name))));
    for (const { requirement, verdict, reason } of decisions) {
      if (verdict === 'fail') rejected.push(`${id}: ${requirement.id}: ${reason}`);
      if (verdict === 'pass') decided.add(requirement.id);
    }
  }
  expect(rejected).toEqual([]);
  expect(recorded.length).toBeGreaterThan(150);
  expect(decided.size).toBeGreaterThan(35);
});
