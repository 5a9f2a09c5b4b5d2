import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { HistoryRecord, ScenarioInput } from '../spec/index.js';
import type { Check, Judgement } from './check.js';
import { finding } from './checkers/finding.js';
import type { Answer, Misbehaviour } from './client/subject-client.js';
import { judgeCheck, seedOfCheck, type Subject } from './judge.js';
import { emit, register, stepped } from './scenarios/build.js';
import { decodeToken } from './scenarios/token.js';

const OPTIONS = { drain: 'mine', seed: 7, replayCommand: (token: string) => `replay ${token}` };
const ACCEPTED: HistoryRecord[] = [
  { type: 'history', version: 1, mode: 'stepped', config: {} },
  { type: 'emit', thread: 1, lane: 'index', from: 0, count: 5, outcome: 'accepted', retries: 0 },
  { type: 'emit', thread: 1, lane: 'index', from: 5, count: 2, outcome: 'LANE_FULL', retries: 0 },
  { type: 'submit', phase: 'commit', thread: 1, index: [7, 2], detail: [0, 1], outcome: 'accepted' },
  { type: 'submit', phase: 'begin', thread: 1, index: [9, 2], detail: [1, 1], outcome: 'accepted' },
  { type: 'end', reason: 'complete' },
];

function subject(run: Subject['run'], capabilities: string[] = ['movable-handles']): Subject {
  return { open: () => Promise.resolve({ ok: true, value: { name: 'mine', version: '1', capabilities } }), run };
}
const answering = (history: readonly HistoryRecord[]): Subject =>
  subject(() => Promise.resolve({ ok: true, value: history }));
const failing = (fault: Misbehaviour): Answer<never> => ({ ok: false, fault });
const check = (judge: Check['judge'], more: Partial<Check> = {}): Check => ({
  id: 'LANE-ORDER',
  scenarios: [stepped({}, register(1), emit(1, 'index', 5))],
  judge,
  ...more,
});
const bad = finding('order', 'thread 1: event 4 before event 3', 'ascending', '4, 3', [1]);

describe('a check', () => {
  test('without findings passes, and says how much it saw', async () => {
    const verdict = await judgeCheck(
      check(() => []),
      answering(ACCEPTED),
      OPTIONS,
    );
    expect(verdict).toMatchObject({ verdict: 'pass', drain: 'mine', scenarios: 1, events: 8, seed: 7 });
  });

  test('with a finding fails: evidence, history and a token that holds the scenario', async () => {
    const verdict = await judgeCheck(
      check(() => [bad]),
      answering(ACCEPTED),
      OPTIONS,
    );
    expect(verdict).toMatchObject({ verdict: 'fail', reason: bad.message });
    expect(verdict.failure).toMatchObject({
      kind: 'violation',
      expected: 'ascending',
      seen: '4, 3',
      evidence: [1],
      omitted: 0,
    });
    expect(decodeToken(verdict.failure!.replay.slice('replay '.length)).scenario.mode).toBe('stepped');
  });

  test('whose precondition never happened is inconclusive', async () => {
    const verdict = await judgeCheck(
      check(() => ({ inconclusive: 'it never wrapped' })),
      answering(ACCEPTED),
      OPTIONS,
    );
    expect(verdict).toMatchObject({ verdict: 'inconclusive', reason: 'it never wrapped' });
  });

  test('of a drain that broke the contract in any call fails, unless it has a finding of its own', async () => {
    const threw: HistoryRecord = { type: 'threw', during: 'metrics', message: 'it gave visits: expected number' };
    const history = [...ACCEPTED.slice(0, 2), threw, ...ACCEPTED.slice(2)];
    for (const judgement of [[], { inconclusive: 'nothing happened' }]) {
      const verdict = await judgeCheck(
        check(() => judgement),
        answering(history),
        OPTIONS,
      );
      expect(verdict).toMatchObject({
        verdict: 'fail',
        reason: 'metrics broke the contract: it gave visits: expected number',
        failure: { kind: 'violation', evidence: [2] },
      });
    }
    const own = await judgeCheck(
      check(() => [bad]),
      answering(history),
      OPTIONS,
    );
    expect(own.reason).toBe(bad.message);
  });

  test('without any scenario is inconclusive', async () => {
    const verdict = await judgeCheck(
      check(() => [], { scenarios: [] }),
      answering(ACCEPTED),
      OPTIONS,
    );
    expect(verdict).toMatchObject({ verdict: 'inconclusive', reason: 'no scenario was run' });
  });

  test('that needs what the drain does not claim is not applicable', async () => {
    const verdict = await judgeCheck(
      check(() => [], { needs: ['threads'] }),
      answering(ACCEPTED),
      OPTIONS,
    );
    expect(verdict).toMatchObject({ verdict: 'not-applicable', reason: 'the drain does not claim threads' });
  });

  test('that throws is an error of the suite', async () => {
    const judge = (): Judgement => {
      throw new Error('oops');
    };
    expect(await judgeCheck(check(judge), answering(ACCEPTED), OPTIONS)).toMatchObject({
      verdict: 'error',
      reason: expect.stringContaining('oops'),
    });
  });

  test('of an unknown requirement is an error of the suite', async () => {
    const verdict = await judgeCheck(
      check(() => [], { id: 'LANE-NOPE' }),
      answering(ACCEPTED),
      OPTIONS,
    );
    expect(verdict.verdict).toBe('error');
  });

  test('keeps the end of a long history up to the evidence', async () => {
    const long = [...ACCEPTED, ...Array.from({ length: 50 }, (): HistoryRecord => ({ type: 'advance', ns: 1 }))];
    const late = { ...bad, evidence: [1, 40] };
    const verdict = await judgeCheck(
      check(() => [late]),
      answering(long),
      { ...OPTIONS, keptRecords: 10 },
    );
    expect(verdict.failure!.history).toHaveLength(10);
    expect(verdict.failure).toMatchObject({ evidence: [9], omitted: long.length - 10 });
  });
});

describe('a drain that misbehaves', () => {
  const crash: Misbehaviour = { kind: 'crash', message: 'its process was ended by SIGSEGV', history: ACCEPTED };
  test('fails the check by name', async () => {
    const verdict = await judgeCheck(
      check(() => []),
      subject(() => Promise.resolve(failing(crash))),
      OPTIONS,
    );
    expect(verdict).toMatchObject({
      verdict: 'fail',
      failure: { kind: 'crash', message: 'the drain crashed: its process was ended by SIGSEGV' },
    });
  });
  test('at its start fails every check', async () => {
    const never: Subject = {
      open: () => Promise.resolve(failing({ ...crash, history: [] })),
      run: () => Promise.reject(new Error('unused')),
    };
    expect(
      await judgeCheck(
        check(() => []),
        never,
        OPTIONS,
      ),
    ).toMatchObject({ verdict: 'fail', failure: { kind: 'crash', evidence: [] } });
  });
  test('refusing a scenario that the suite made wrongly is an error of the suite', async () => {
    const refused = failing({ kind: 'refused', code: 'SCENARIO', message: 'no such op', history: [] });
    expect(
      await judgeCheck(
        check(() => []),
        subject(() => Promise.resolve(refused)),
        OPTIONS,
      ),
    ).toMatchObject({ verdict: 'error' });
  });
});

describe('generated scenarios', () => {
  const arbitrary = fc
    .array(fc.nat(9), { maxLength: 20 })
    .map((counts): ScenarioInput => stepped({}, ...counts.map((n) => emit(1, 'index', n))));
  const tooMany = (_history: readonly HistoryRecord[], scenario: ScenarioInput): Judgement =>
    scenario.mode === 'stepped' && scenario.steps.some((step) => step.op === 'emit' && (step.count ?? 1) > 6)
      ? [bad]
      : [];

  test('are shrunk to the shortest that fails', async () => {
    const generated = check(tooMany, { scenarios: [], generated: { arbitrary, runs: 200 } });
    const verdict = await judgeCheck(generated, answering(ACCEPTED), OPTIONS);
    expect(verdict.verdict).toBe('fail');
    expect(decodeToken(verdict.failure!.replay.slice('replay '.length)).scenario).toMatchObject({
      steps: [{ op: 'emit', count: 7 }],
    });
  });

  test('pass when one at least is conclusive', async () => {
    let runs = 0;
    const judge = (): Judgement => ((runs += 1) === 3 ? [] : { inconclusive: 'no' });
    const verdict = await judgeCheck(
      check(judge, { scenarios: [], generated: { arbitrary, runs: 5 } }),
      answering(ACCEPTED),
      OPTIONS,
    );
    expect(verdict).toMatchObject({ verdict: 'pass', scenarios: 5, reason: expect.stringContaining('1 of 5') });
  });

  test('are inconclusive when none is', async () => {
    const generated = check(() => ({ inconclusive: 'no wrap' }), { scenarios: [], generated: { arbitrary, runs: 5 } });
    expect(await judgeCheck(generated, answering(ACCEPTED), OPTIONS)).toMatchObject({
      verdict: 'inconclusive',
      reason: 'no wrap',
    });
  });

  test('are not shrunk over a dead process', async () => {
    let runs = 0;
    const crashing = subject(() => {
      runs += 1;
      return Promise.resolve(failing({ kind: 'hang', message: 'no answer', history: [] }));
    });
    const verdict = await judgeCheck(
      check(() => [], { scenarios: [], generated: { arbitrary, runs: 100 } }),
      crashing,
      OPTIONS,
    );
    expect(verdict).toMatchObject({ verdict: 'fail', failure: { kind: 'hang' } });
    expect(runs).toBe(1);
  });

  test('a violation is not given up for a crash met while shrinking', async () => {
    let runs = 0;
    const once = subject(() => {
      runs += 1;
      return Promise.resolve(
        runs === 1 ? { ok: true, value: ACCEPTED } : failing({ kind: 'crash', message: 'dead', history: [] }),
      );
    });
    const verdict = await judgeCheck(
      check(() => [bad], { scenarios: [], generated: { arbitrary, runs: 100 } }),
      once,
      OPTIONS,
    );
    expect(verdict.failure?.kind).toBe('violation');
    expect(runs).toBe(2);
  });
});

test('each check has a seed of its own', () => {
  expect(seedOfCheck(7, 'LANE-ORDER')).not.toBe(seedOfCheck(7, 'LANE-WRAP'));
  expect(seedOfCheck(7, 'LANE-ORDER')).not.toBe(seedOfCheck(8, 'LANE-ORDER'));
  expect(seedOfCheck(7, 'LANE-ORDER')).toBe(seedOfCheck(7, 'LANE-ORDER'));
});
