/** The verdicts of the sample that are no plain pass, with the histories that show why. */
import { HistoryRecord, type HistoryInput } from '../spec/history.js';
import type { Failure, ResultOf } from '../spec/results.js';

type Special = Pick<ResultOf<'verdict'>, 'verdict' | 'reason'> & { failure?: Failure };

const TOKEN = 'eJyrVkrOSFWyUjI0NDLSUcpJLElVslLKSS0uUagFAGkkCBU';

function failure(input: Omit<Failure, 'history' | 'omitted' | 'replay'> & { history: HistoryInput[] }): Failure {
  return {
    ...input,
    history: input.history.map((record) => HistoryRecord.parse(record)),
    omitted: 0,
    replay: `npx drainproof replay --impl tracer=./agents/tracer/drain.mjs ${TOKEN}`,
  };
}

const header = (config: Record<string, number | string>): HistoryInput[] => [
  { type: 'history', version: 1, mode: 'stepped', config, subject: 'tracer' },
  { type: 'create', outcome: 'accepted' },
];
export const register = (thread: number): HistoryInput => {
  return { type: 'register', thread, outcome: 'accepted', slot: thread - 1, generation: 1 };
};
export const emit = (thread: number, from: number, count: number, outcome = 'accepted'): HistoryInput => {
  return { type: 'emit', thread, lane: 'index', from, count, outcome };
};
const detail = (thread: number, from: number, count: number): HistoryInput => {
  return { type: 'emit', thread, lane: 'detail', from, count, outcome: 'accepted' };
};
export const batch = (
  thread: number,
  from: number,
  count: number,
  lane: 'index' | 'detail' = 'index',
): HistoryInput => {
  const place = { slot: thread - 1, generation: 1, lane };
  return { type: 'batch', thread, ...place, count, runs: [{ from, count }], acknowledged: count };
};
const turn = (visits: number, delivered: number, batches: number, skips = 0): HistoryInput => {
  return { type: 'iteration', visits, skips, delivered, batches, sinkFailures: 0, reclaimed: 0, truncated: 'no' };
};
const stop = (delivered: number): HistoryInput => {
  return { type: 'stop', delivered, leftIndex: 0, leftDetail: 0, complete: true };
};

/** Two threads; the third lap of thread 2 goes missing when the sink threw. */
function lostAfterThrow(): HistoryInput[] {
  const records = [...header({ slots: 4, indexCapacity: 8, quantum: 4 }), register(1), register(2)];
  for (let lap = 0; lap < 3; lap += 1) {
    records.push(emit(1, lap * 4, 4), emit(2, lap * 4, 4), batch(1, lap * 4, 4), batch(2, lap * 4, 4), turn(2, 8, 2));
  }
  records.push(emit(2, 12, 4), { type: 'sink', behaviour: 'throw', thread: 2 });
  const thrown = { type: 'batch', thread: 2, slot: 1, generation: 1, lane: 'index', count: 4 } as const;
  records.push({ ...thrown, runs: [{ from: 12, count: 4 }], acknowledged: 0 }, turn(2, 0, 1));
  records.push({ type: 'sink', behaviour: 'accept' }, emit(2, 16, 2), emit(1, 12, 3), batch(1, 12, 3), batch(2, 16, 2));
  records.push(turn(2, 5, 2), { type: 'leave', thread: 1, outcome: 'accepted' }, turn(1, 0, 0), stop(0), {
    type: 'end',
  });
  return records;
}

/** Detail windows, marks, a group, a death: every glyph once. */
function markedTwice(): HistoryInput[] {
  const records = [
    ...header({ slots: 4, detailCapacity: 16, windowRecords: 4 }),
    register(1),
    register(2),
    register(3),
  ];
  records.push(detail(1, 0, 4), { type: 'mark', thread: 1, at: 4, outcome: 'accepted' }, detail(1, 4, 4));
  records.push({ type: 'submit', phase: 'begin', thread: 2, index: [0, 3], detail: [0, 2], outcome: 'accepted' });
  records.push({ type: 'acquire', thread: 2, acquired: false }, batch(1, 0, 4, 'detail'), turn(2, 4, 1, 1));
  records.push({ type: 'submit', phase: 'commit', thread: 2, index: [0, 3], detail: [0, 2], outcome: 'accepted' });
  records.push({ type: 'seal', thread: 1, at: 8, outcome: 'accepted' }, { type: 'kill', thread: 3, during: 'idle' });
  records.push(batch(1, 0, 8, 'detail'), batch(2, 0, 3), turn(3, 11, 2), {
    type: 'dead',
    thread: 3,
    outcome: 'accepted',
  });
  records.push(emit(2, 3, 8), emit(2, 11, 1, 'LANE_FULL'), batch(2, 3, 8), turn(2, 8, 1));
  records.push({ type: 'leave', thread: 2, outcome: 'accepted' }, { type: 'leave', thread: 2, outcome: 'THREAD_LEFT' });
  records.push(stop(0), { type: 'end' });
  return records;
}

/** Four threads, of which the fourth is always passed over. */
function starved(): HistoryInput[] {
  const records = [...header({ slots: 8, quantum: 2, policy: 'priority' }), ...[1, 2, 3, 4].map(register)];
  for (const thread of [1, 2, 3, 4]) records.push(emit(thread, 0, 16));
  for (let i = 0; i < 11; i += 1) {
    for (const thread of [1, 2, 3]) if (i * 2 < 16) records.push(batch(thread, i * 2, 2));
    records.push(turn(3, i * 2 < 16 ? 6 : 0, 3));
  }
  records.push(batch(4, 0, 2), stop(14), { type: 'end' });
  return records;
}

function indicesOf(history: readonly HistoryInput[], fits: (record: HistoryInput) => boolean): number[] {
  return history.flatMap((record, i) => (fits(record) ? [i] : []));
}

/** By requirement and drain. */
export function sampleFailures(): ReadonlyMap<string, Special> {
  const lost = lostAfterThrow();
  const twice = markedTwice();
  const passedOver = starved();
  const lostFailure = failure({
    kind: 'violation',
    message: 'Thread 2 lost index events 12–15: accepted, offered once to a sink that threw, and never offered again.',
    expected: 'every accepted event acknowledged by the end of stop()',
    seen: 'index 12–15 of thread 2 never acknowledged; the next batch begins at 16',
    evidence: indicesOf(lost, (r) => (r.type === 'emit' || r.type === 'batch') && r.thread === 2 && runsFrom(r) >= 12),
    history: lost,
  });
  return new Map<string, Special>([
    ['SINK-THROW-KEEPS tracer', { verdict: 'fail', reason: 'Scenario 7 of 88 broke it.', failure: lostFailure }],
    ['LOSS-EXACTLY-ONCE tracer', { verdict: 'fail', reason: 'Scenario 31 of 200 broke it.', failure: lostFailure }],
    [
      'LANE-MARKED-ONCE tracer',
      {
        verdict: 'fail',
        reason: 'Scenario 2 of 64 broke it.',
        failure: failure({
          kind: 'violation',
          message: 'The window with detail 0–3 of thread 1 was delivered twice.',
          expected: 'detail 0–3 of thread 1 delivered once',
          seen: 'detail 0–3 of thread 1 in two batches, both acknowledged',
          evidence: indicesOf(twice, (r) => r.type === 'batch' && r.lane === 'detail'),
          history: twice,
        }),
      },
    ],
    [
      'FAIR-WAIT tracer',
      {
        verdict: 'fail',
        reason: 'Scenario 1 of 40 broke it.',
        failure: failure({
          kind: 'violation',
          message: 'Thread 4 waited 33 visits while it had 16 events; at most 16 are allowed.',
          expected: 'a visit to thread 4 after at most (3 + 1) x 4 = 16 visits of others',
          seen: '33 visits of threads 1, 2 and 3 before the first of thread 4',
          evidence: indicesOf(passedOver, (r) => 'thread' in r && r.thread === 4 && r.type !== 'register'),
          history: passedOver,
        }),
      },
    ],
    [
      'STOP-DEADLINE tracer',
      {
        verdict: 'fail',
        reason: 'The drain crashed in scenario 1 of 12.',
        failure: failure({
          kind: 'crash',
          message: 'The process ended with SIGSEGV during stop().',
          expected: 'an answer to `run`',
          seen: 'signal SIGSEGV after 14 ms; its last words: "panic: sink is gone"',
          evidence: [],
          history: [],
        }),
      },
    ],
    ['LANE-WRAP tracer', { verdict: 'inconclusive', reason: 'The lane never wrapped in 20 scenarios.' }],
    ['THREAD-CHURN tracer', { verdict: 'error', reason: 'The check itself threw: no worker could be started.' }],
    ['FAIR-JAIN tracer', { verdict: 'known-deviation', reason: 'Declared: shares follow load, see issue 41.' }],
  ]);
}

function runsFrom(record: HistoryInput): number {
  if (record.type === 'emit') return record.from;
  const first = record.type === 'batch' ? record.runs[0] : undefined;
  return first && 'from' in first ? first.from : -1;
}
