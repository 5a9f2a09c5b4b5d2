// THREAD-STALE-HANDLE: An emit through the handle of a thread that left, after its slot was reused, is rejected
// and writes nothing into the lanes of the successor.
import type { HistoryRecord, StepInput } from '../../../spec/index.js';
import { defineCheck } from '../../check.js';
import { delivering, findUnmarkedDetail, findWindowFaults, findWrongOutcome, recordsOf } from '../../checkers/index.js';
import { findRaceFaults } from '../../checkers/racing.js';
import {
  begin,
  commit,
  declareDead,
  emit,
  leave,
  mark,
  register,
  seal,
  settle,
  stepped,
  submit,
  threads,
  turn,
} from '../../scenarios/build.js';

const one = { detailCapacity: 0, slots: 1 };
const windows = { slots: 1, detailCapacity: 16, windowRecords: 4, detailRecordBytes: 64 };

/** Thread 1 goes in this way, thread 2 gets its slot, and the old handle is used in these ways beside the new one. */
const scenario = (config: object, before: StepInput[], goes: StepInput, stale: StepInput[]) =>
  stepped(
    config,
    ...[register(1), emit(1, 'index', 3), ...before, goes, settle(4096), register(2)],
    ...stale.flatMap((step) => [emit(2, 'index', 1), step]),
    ...[emit(2, 'index', 2), settle(4096), emit(1, 'index', 1), emit(2, 'index', 1), settle(4096)],
    ...[leave(2), settle(4096)],
  );

/** Calls of a handle that its slot must know. */
const CALLS: ReadonlySet<HistoryRecord['type']> = new Set(['emit', 'submit', 'mark', 'seal']);

/** Lives of one slot: a generation that is kept in so many bits comes again. */
const LIVES = [2 ** 4, 2 ** 8];

/** The handle of the thread that lived so many lives before the last one is used beside it. */
const afterLives = (lives: number) =>
  stepped(
    one,
    ...[register(1), declareDead(1), settle(64)],
    ...threads(lives - 2).flatMap(() => [register(3), leave(3), settle(64)]),
    ...[register(2), emit(2, 'index', 1), emit(1, 'index', 1), emit(2, 'index', 2), emit(1, 'index', 1), settle(4096)],
  );

export default defineCheck({
  id: 'THREAD-STALE-HANDLE',
  scenarios: [scenario(one, [], leave(1), [emit(1, 'index', 2), emit(1, 'index', 1)])],
  also: [
    // a thread that was declared dead and lives has a handle that does not know that it is stale
    {
      needs: ['death'],
      scenarios: [
        scenario(one, [], declareDead(1), [emit(1, 'index', 2), leave(1)]),
        ...[...LIVES, ...LIVES.map((lives) => lives - 1)].map((lives) => afterLives(lives + 1)),
      ],
    },
    {
      needs: ['death', 'submit'],
      scenarios: [
        scenario(one, [], declareDead(1), [submit(1, 2), begin(1, 2), commit(1)]),
        scenario(one, [begin(1, 2)], declareDead(1), [commit(1), submit(1, 1)]),
      ],
    },
    {
      needs: ['death', 'detail'],
      scenarios: [
        scenario(windows, [], declareDead(1), [emit(1, 'detail', 2), mark(1)]),
        // its open window is the successor's now
        scenario(windows, [emit(1, 'detail', 1)], declareDead(1), [emit(2, 'detail', 1), seal(1), mark(2), seal(1)]),
        scenario(windows, [emit(1, 'detail', 1)], declareDead(1), [
          emit(2, 'detail', 1),
          mark(1),
          emit(1, 'detail', 1),
        ]),
        // turns show that it was not sealed; nothing of the successor mends it before
        scenario(windows, [emit(1, 'detail', 1)], declareDead(1), [
          ...[emit(2, 'detail', 1), mark(2), seal(1), turn(2), emit(2, 'detail', 5)],
        ]),
        // what is stored in a window, told or not, stands where the successor's next records belong
        ...[2, 4].map((count) =>
          scenario({ ...windows, detailCapacity: 8, preRoll: 2 }, [], declareDead(1), [
            ...[emit(2, 'detail', 5), emit(1, 'detail', count), emit(2, 'detail', 2), mark(2)],
          ]),
        ),
      ],
    },
  ],
  judge(history) {
    const next = recordsOf(history, 'register').find(
      ({ record }) => record.thread === 2 && record.outcome === 'accepted',
    );
    return delivering(history, () => {
      if (next === undefined) return { inconclusive: 'the slot was not given to another thread' };
      const later = history.slice(next.at);
      const use = (record: (typeof later)[number], thread: number): string | undefined =>
        CALLS.has(record.type) && 'thread' in record && record.thread === thread ? record.type : undefined;
      const stale = findWrongOutcome(
        later,
        (record) => use(record, 1) && `a call of ${use(record, 1)} through the stale handle of thread 1`,
        ['THREAD_LEFT', 'STALE_HANDLE', 'NOT_HOLDING'],
        'came after its slot was given to thread 2',
      );
      const successor = findWrongOutcome(
        later,
        (record) => use(record, 2) && 'an emit of thread 2, the successor of a stale handle,',
        ['accepted'],
        'met an empty lane',
      );
      return [
        ...stale,
        ...successor,
        ...findRaceFaults(history),
        ...findUnmarkedDetail(history),
        ...findWindowFaults(history),
      ];
    });
  },
});
