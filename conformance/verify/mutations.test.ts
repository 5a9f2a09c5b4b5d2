/** Generated sound histories are accepted; with one thing about them changed they are rejected, by the right requirement. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { HistoryRecord, RecordOf } from '../../spec/index.js';
import { batch, emit, free, leave, register } from '../checkers/testing.js';
import { fileOf, linesOf } from './testing.js';
import { verifyHistory } from './verify.js';

/** What one thread does: runs of attempts (refused or not), and how its events are handed over. */
const life = fc.record({
  first: fc.integer({ min: 0, max: 2 ** 33 }),
  attempts: fc.array(fc.record({ count: fc.integer({ min: 1, max: 9 }), full: fc.boolean() }), {
    minLength: 2,
    maxLength: 6,
  }),
  sizes: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 5 }),
  /** Which batches the sink refuses once, or takes a part of. */
  takes: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 4 }),
  leaves: fc.boolean(),
});
type Life = typeof life extends fc.Arbitrary<infer T> ? T : never;

/** The accepted sequences, one event after another. */
const accepted = ({ first, attempts }: Life): number[] => {
  let next = first;
  return attempts.flatMap(({ count, full }) => {
    const from = next;
    next += count;
    return full ? [] : Array.from({ length: count }, (_, i) => from + i);
  });
};

function runsOf(sequences: readonly number[]): [number, number][] {
  const runs: [number, number][] = [];
  for (const sequence of sequences) {
    const last = runs.at(-1);
    if (last !== undefined && last[0] + last[1] === sequence) last[1] += 1;
    else runs.push([sequence, 1]);
  }
  return runs;
}

/** A sound history: everybody's attempts, then everybody's batches, some of them handed over again. */
function sound(lives: readonly Life[]): HistoryRecord[] {
  const emits = lives.flatMap(({ first, attempts }, thread) => {
    let next = first;
    return attempts.map(({ count, full }) => {
      next += count;
      return emit(thread, next - count, count, full ? 'LANE_FULL' : 'accepted');
    });
  });
  const batches = lives.flatMap((one, thread) => {
    const pending = accepted(one);
    const told = [];
    for (let turn = 0; pending.length > 0; turn += 1) {
      const taken = pending.slice(0, one.sizes[turn % one.sizes.length]);
      const acknowledged = turn > 8 ? taken.length : Math.round(one.takes[turn % one.takes.length]! * taken.length);
      told.push(batch(thread, runsOf(taken), { acknowledged }));
      pending.splice(0, acknowledged);
    }
    return told;
  });
  const leaves = lives.flatMap(({ leaves: gone }, thread) => (gone ? [leave(thread)] : []));
  return free({}, ...lives.map((_, thread) => register(thread)), ...emits, ...leaves, ...batches);
}

const histories = fc.array(life, { minLength: 2, maxLength: 4 }).map(sound);

async function failed(history: readonly HistoryRecord[]): Promise<string[]> {
  const { decisions } = await verifyHistory(fileOf(linesOf(history)));
  return decisions.filter(({ verdict }) => verdict === 'fail').map(({ requirement }) => requirement.id);
}

type Batch = RecordOf<'batch'>;
const isWhole = (record: HistoryRecord): record is Batch => record.type === 'batch' && record.acknowledged > 0;

/** One whole batch of the history, replaced by others; undefined where this one cannot be changed so. */
type Change = (given: Batch, history: readonly HistoryRecord[]) => readonly HistoryRecord[] | undefined;

const CHANGES: readonly [name: string, id: string, change: Change][] = [
  ['left out', 'LOSS-EXACTLY-ONCE', () => []],
  ['handed over twice', 'LOSS-NO-DUPLICATE', (one) => [one, one]],
  [
    'of events that nobody had accepted',
    'LOSS-NO-PHANTOM',
    (one) => [{ ...one, runs: one.runs.map((run) => ('from' in run ? { ...run, from: run.from + 2 ** 34 } : run)) }],
  ],
  [
    'with bytes of nobody in it',
    'LOSS-NOT-TORN',
    (one) => [{ ...one, runs: [...one.runs, { torn: true, at: one.count, hex: '00' }], count: one.count + 1 }],
  ],
  [
    'told to be another thread’s',
    'LOSS-ATTRIBUTION',
    (one) => [
      {
        ...one,
        thread: one.thread === 0 ? 1 : 0,
        runs: one.runs.map((run) => ('from' in run ? { ...run, thread: one.thread } : run)),
      },
    ],
  ],
  [
    'in the wrong order',
    'LANE-ORDER',
    (one) => {
      const events = one.runs.flatMap((run) =>
        'from' in run ? Array.from({ length: run.count }, (_, i) => run.from + i) : [],
      );
      if (events.length < 2 || one.acknowledged < one.count) return undefined;
      return [{ ...one, runs: events.reverse().map((from) => ({ from, count: 1 })) }];
    },
  ],
];

test('a sound history is accepted', async () => {
  await fc.assert(
    fc.asyncProperty(histories, async (history) => {
      expect(await failed(history)).toEqual([]);
    }),
    { numRuns: 60 },
  );
});

describe('one batch', () => {
  test.each(CHANGES)('%s is rejected by %s', async (_, id, change) => {
    await fc.assert(
      fc.asyncProperty(histories, fc.nat(), async (history, pick) => {
        const whole = history.filter(isWhole);
        fc.pre(whole.length > 0);
        const chosen = whole[pick % whole.length]!;
        const changed = change(chosen, history);
        fc.pre(changed !== undefined);
        expect(await failed(history.flatMap((record) => (record === chosen ? changed! : [record])))).toContain(id);
      }),
      { numRuns: 60 },
    );
  });
});
