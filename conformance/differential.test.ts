/** The same stepped scenario gives the same history, byte for byte: in both drains, on every run, however it is driven. */
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { Scenario, type HistoryRecord, type ScenarioInput } from '../spec/index.js';
import { SubjectClient } from './client/subject-client.js';
import { OWN_DRAINS, subjectCommand } from './runner/drains.js';
import { mixed } from './scenarios/arbitrary.js';

const reference = new SubjectClient(subjectCommand(OWN_DRAINS['reference']!));
const native = new SubjectClient(subjectCommand(OWN_DRAINS['native']!));
afterAll(async () => {
  await Promise.all([reference.close(), native.close()]);
});

async function historyOf(client: SubjectClient, scenario: ScenarioInput): Promise<string> {
  const answer = await client.run(Scenario.parse(scenario));
  if (!answer.ok) throw new Error(answer.fault.message);
  return answer.value.map((record: HistoryRecord) => JSON.stringify(record)).join('\n');
}

const everything = mixed({ detail: true, submit: true, sinks: true, leaves: true, metrics: true });

test('reference and native', async () => {
  await fc.assert(
    fc.asyncProperty(everything, async (scenario) => {
      expect(await historyOf(native, scenario)).toBe(await historyOf(reference, scenario));
    }),
    { numRuns: 600, seed: 42 },
  );
});

test('a run and the next', async () => {
  await fc.assert(
    fc.asyncProperty(everything, async (scenario) => {
      expect(await historyOf(native, scenario)).toBe(await historyOf(native, scenario));
      expect(await historyOf(reference, scenario)).toBe(await historyOf(reference, scenario));
    }),
    { numRuns: 50, seed: 43 },
  );
});

test('handles driven from one thread, and each thread a real one', async () => {
  const real = (scenario: ScenarioInput): ScenarioInput =>
    ({ ...scenario, mode: 'stepped', threads: 'real' }) as ScenarioInput;
  await fc.assert(
    fc.asyncProperty(everything, async (scenario) => {
      expect(await historyOf(reference, real(scenario))).toBe(await historyOf(reference, scenario));
      expect(await historyOf(native, real(scenario))).toBe(await historyOf(reference, scenario));
    }),
    { numRuns: 40, seed: 44 },
  );
});
