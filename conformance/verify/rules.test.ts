import { describe, expect, test } from 'vitest';
import { REQUIREMENTS, type HistoryRecord } from '../../spec/index.js';
import { batch, emit, free, iteration, leave, ledger, metrics, register, stepped, stop } from '../checkers/testing.js';
import { asRecorded } from './as-recorded.js';
import { RULES } from './rules.js';
import { fileOf, judged, linesOf } from './testing.js';
import { verifyHistory, type Decision } from './verify.js';

const ids = (decisions: readonly Decision[], verdict: Decision['verdict']): string[] =>
  decisions.filter((one) => one.verdict === verdict).map(({ requirement }) => requirement.id);

const FAIR = { policy: 'round-robin', quantum: 2, maxSkips: 2, slots: 8, indexCapacity: 64 };
const turn = (visits: number, more: Parameters<typeof iteration>[0] = {}): ReturnType<typeof iteration> =>
  iteration({ visits, delivered: 2 * visits, batches: visits, ...more });
/** Two threads with 40 events each, and `rounds` iterations of two visits to each. */
const rounds = (count: number, ...between: Parameters<typeof stepped>[1][]): HistoryRecord[] =>
  stepped(
    FAIR,
    ...[register(1), register(2), emit(1, 0, 40), emit(2, 0, 40), ...between],
    ...Array.from({ length: count }, (_, i) => [batch(1, [[2 * i, 2]]), batch(2, [[2 * i, 2]]), turn(2)]).flat(),
  ).map((record) => (record.type === 'end' ? { ...record, reason: 'unsettled' as const } : record));

test('each rule is of a requirement, and none has two', () => {
  const known = REQUIREMENTS.map(({ id }) => id);
  for (const { id } of RULES) expect(known).toContain(id);
  expect(new Set(RULES.map(({ id }) => id)).size).toBe(RULES.length);
});

test('an empty history decides nothing, with a reason for each requirement', async () => {
  const { decisions } = await verifyHistory(fileOf(linesOf(stepped({}))));
  expect(decisions).toHaveLength(REQUIREMENTS.length);
  expect(ids(decisions, 'undecided')).toHaveLength(REQUIREMENTS.length);
  for (const { reason } of decisions) expect(reason).not.toBe('');
});

describe('fairness', () => {
  test('is decided when both threads are backlogged through ten rounds', async () => {
    const say = await judged(rounds(11));
    for (const id of ['FAIR-ALL-SERVED', 'FAIR-LAG', 'FAIR-WAIT', 'FAIR-JAIN', 'ITER-QUANTUM'])
      expect(say(id)).toBe('pass');
  });

  test('shares are not decided by fewer rounds, nor when a thread ran dry, nor beside a held queue', async () => {
    expect((await judged(rounds(9)))('FAIR-JAIN')).toBe('undecided: there were fewer than 20 visits');
    const dry = await judged(rounds(20));
    expect(dry('FAIR-JAIN')).toBe('undecided: not every thread was backlogged from the first visit to the last');
    const held = await judged(rounds(11, { type: 'acquire', drain: 0, thread: 2, acquired: true }));
    expect(held('FAIR-JAIN')).toBe('undecided: a queue was held');
  });

  test('lag and waits are not decided once a queue is held for more than maxSkips iterations', async () => {
    const hold = { type: 'acquire', drain: 0, thread: 3, acquired: true } as const;
    const long = 'undecided: the queue of thread 3 was held for more than maxSkips (2) iterations';
    const say = await judged(rounds(5, register(3), emit(3, 0, 9), hold));
    expect([say('FAIR-LAG-SKIPS'), say('FAIR-WAIT')]).toEqual([long, long]);
    expect(say('FAIR-LAG')).toBe('undecided: a queue was held (see FAIR-LAG-SKIPS)');
  });

  test('nothing of the schedule is decided when somebody acted inside a write', async () => {
    const nested = rounds(11).map((record, at) =>
      record.type === 'batch' && at < 8 ? { ...record, nested: 1 } : record,
    );
    const say = await judged(nested);
    for (const id of ['FAIR-ALL-SERVED', 'FAIR-LAG', 'FAIR-WAIT', 'FAIR-JAIN', 'ITER-QUANTUM'])
      expect(say(id)).toBe('undecided: something happened while a visit was under way');
  });

  test('what stop() delivered is no visit of the schedule', async () => {
    const say = await judged(
      stepped(
        FAIR,
        ...[register(1), emit(1, 0, 12), batch(1, [[0, 2]]), turn(1), batch(1, [[2, 10]])],
        stop({ delivered: 10 }),
      ),
    );
    expect(say('ITER-QUANTUM')).toBe('pass');
    expect(say('STOP-DELIVERS-ALL')).toBe('pass');
  });

  test('a visit beyond the quantum fails, with its line', async () => {
    const { decisions } = await verifyHistory(
      fileOf(linesOf(stepped(FAIR, register(1), emit(1, 0, 12), batch(1, [[0, 12]]), turn(1, { delivered: 12 })))),
    );
    const failed = decisions.filter(({ verdict }) => verdict === 'fail');
    expect(failed.map(({ requirement, lines }) => [requirement.id, lines])).toEqual([['ITER-QUANTUM', [4]]]);
    expect(failed[0]!.reason).toContain('delivered 12 events, its quantum is 2');
  });

  test('policies that nothing is known of, and configurations that are not given, are not judged', async () => {
    const say = await judged(
      rounds(11).map((one) => (one.type === 'history' ? { ...one, config: { policy: 'mine' } } : one)),
    );
    expect(say('FAIR-LAG')).toBe("undecided: nothing is known of the policy 'mine'");
    expect(say('FAIR-WAIT')).toBe("undecided: nothing is known of the policy 'mine'");
    const unknown = await judged(rounds(11).map((one) => (one.type === 'history' ? { ...one, config: {} } : one)));
    expect(unknown('FAIR-WAIT')).toBe("undecided: the header's config does not give maxSkips");
  });
});

describe('bounds of which the header does not give a number', () => {
  const quantum = async (config: Record<string, string | number>, ...records: Parameters<typeof stepped>[1][]) => {
    const say = await judged(
      stepped(config, ...[register(1), emit(1, 0, 99), ...records, batch(1, [[0, 9]])], iteration({ visits: 1 })),
    );
    return say('ITER-QUANTUM');
  };
  const hold = { type: 'acquire', drain: 0, thread: 1, acquired: true } as const;
  const beyond = 'fail: a visit to thread 1 delivered 9 events, its quantum is 2';

  test('what a thread may save is not known without maxSkips, once it may have saved something', async () => {
    const unknown = "undecided: the header's config does not give maxSkips";
    expect(await quantum({ quantum: 2 })).toBe(beyond);
    expect(await quantum({ quantum: 2 }, hold)).toBe(unknown);
    expect(await quantum({ quantum: 2 }, iteration({ skips: 1 }))).toBe(unknown);
    expect(await quantum({ quantum: 2 }, batch(1, [[0, 9]], { acknowledged: 0 }))).toBe(unknown);
    expect(await quantum({ quantum: 2, maxSkips: 4 }, iteration({ skips: 1 }))).toBe('pass');
  });

  test('an adaptive quantum grows to quantumMax', async () => {
    const unknown = "undecided: the header's config does not give quantumMax";
    expect(await quantum({ quantum: 2, policy: 'adaptive' })).toBe(unknown);
    expect(await quantum({ quantumMax: 2, policy: 'adaptive' })).toBe(beyond);
    const later = { type: 'configure', drain: 0, changes: { policy: 'adaptive' }, outcome: 'accepted' } as const;
    expect(await quantum({ quantum: 2 }, later)).toBe(unknown);
    expect(await quantum({ quantumMax: 2 }, later)).toBe("undecided: the header's config does not give quantum");
    const adaptive = { ...FAIR, policy: 'adaptive' };
    const say = await judged(rounds(11).map((one) => (one.type === 'history' ? { ...one, config: adaptive } : one)));
    expect(['FAIR-LAG', 'FAIR-LAG-SKIPS', 'FAIR-WAIT-EVENTS'].map(say)).toEqual([unknown, unknown, unknown]);
    expect(say('FAIR-WAIT')).toBe('pass');
  });
});

describe('loss', () => {
  const pending = [register(1), emit(1, 0, 3), batch(1, [[0, 2]])];

  test('is decided at the end, at a stop, and not while events may be pending', async () => {
    expect((await judged(stepped({}, ...pending)))('LOSS-EXACTLY-ONCE')).toContain('fail: ');
    expect((await judged(stepped({}, ...pending, stop({ complete: false, leftIndex: 1 }))))('LOSS-EXACTLY-ONCE')).toBe(
      'pass',
    );
    const open = stepped({}, ...pending);
    const say = await judged([...open.slice(0, -1), { type: 'end', reason: 'unsettled' }]);
    expect(say('LOSS-EXACTLY-ONCE')).toContain('undecided: the recording ended while events were pending');
    const { cut, decisions } = await verifyHistory(fileOf(linesOf(open.slice(0, -1))));
    expect(cut).toBeDefined();
    expect(ids(decisions, 'undecided')).toContain('LOSS-EXACTLY-ONCE');
  });

  test('a drain that stands still loses what is pending, and the standstill is a fault of its own', async () => {
    const { decisions } = await verifyHistory(
      fileOf(linesOf([...free({}, ...pending).slice(0, -1), { type: 'end', reason: 'stalled' }])),
    );
    const { reason, lines } = decisions.find(({ requirement }) => requirement.id === 'LOSS-EXACTLY-ONCE')!;
    expect(reason).toContain('nothing more');
    expect(lines).toEqual([5]);
  });

  test('threads that left lose nothing either', async () => {
    const say = await judged(stepped({}, ...pending, leave(1)));
    expect(say('THREAD-LEAVE-DELIVERS')).toContain('fail: thread 1');
    expect(say('THREAD-EMIT-AFTER-LEAVE')).toBe('undecided: nobody called anything after leave()');
  });
});

test('rules that need all records at once are undecided beyond the limit, and say how to raise it', async () => {
  const source = fileOf(linesOf(rounds(11)));
  const { decisions } = await verifyHistory(source, { wholeRecords: 10 });
  const find = (id: string): Decision => decisions.find(({ requirement }) => requirement.id === id)!;
  expect(find('FAIR-LAG').reason).toContain('more than 10 records (--whole N)');
  expect(find('LANE-ORDER').verdict).toBe('pass');
});

test('evidence of a history that is not held is found by reading it once more', async () => {
  const lost = [
    ...Array.from({ length: 30 }, (_, i) => emit(1, i, 1)),
    ...Array.from({ length: 29 }, (_, i) => batch(1, [[i < 7 ? i : i + 1, 1]])),
  ];
  const source = fileOf(linesOf(stepped({}, register(1), ...lost)));
  const [held, streamed] = [await verifyHistory(source), await verifyHistory(source, { wholeRecords: 5 })];
  for (const { decisions } of [held, streamed]) {
    const { lines, failure } = decisions.find(({ requirement }) => requirement.id === 'LOSS-EXACTLY-ONCE')!;
    expect(lines[0]).toBe(10);
    expect(failure!.history[failure!.evidence[0]!]).toMatchObject({ type: 'emit', from: 7 });
  }
});

test('an event that is accepted twice is refused with its line', async () => {
  const twice = fileOf(linesOf(stepped({}, register(1), emit(1, 0, 3), emit(1, 2, 2))));
  await expect(verifyHistory(twice)).rejects.toThrow(
    'line 4: event 2 of thread 1 (index lane) is accepted a second time; expected a sequence of its own',
  );
});

describe('what was not settled', () => {
  const loses = [register(1), emit(1, 0, 6)];
  const unsettled = (history: readonly HistoryRecord[]): HistoryRecord[] =>
    history.map((record) => (record.type === 'end' ? { ...record, reason: 'unsettled' as const } : record));

  test('a stop() from inside the sink settles nothing', async () => {
    const inner = stepped({}, ...loses, stop({ complete: false }), batch(1, [[0, 2]], { nested: 1 }), turn(1));
    expect((await judged(unsettled(inner)))('LOSS-EXACTLY-ONCE')).toContain('undecided: the recording ended');
    expect(asRecorded(inner, 'mine').at(-1)).toEqual({ type: 'end', reason: 'unsettled' });
    const outer = stepped({}, ...loses, batch(1, [[0, 2]]), stop());
    expect((await judged(unsettled(outer)))('LOSS-EXACTLY-ONCE')).toContain('fail');
    expect(asRecorded(outer, 'mine').at(-1)).toEqual({ type: 'end', reason: 'complete' });
  });

  test('books that moved after they were told are not judged where lines have no order', async () => {
    const told = metrics(ledger(4, 4));
    const all = [register(1), emit(1, 0, 6), batch(1, [[0, 6]])];
    const say = await judged(free({}, ...all.slice(0, 2), told, all[2]!));
    for (const id of ['LEDGER-TRUE', 'LEDGER-BALANCE'])
      expect(say(id)).toBe('undecided: the last metrics were not taken at rest: lines of events follow them');
    const rest = await judged(free({}, ...all, told));
    expect(rest('LEDGER-TRUE')).toContain('the ledger says accepted 4, and it was 6');
    expect(rest('LEDGER-BALANCE')).toBe('pass');
  });
});
