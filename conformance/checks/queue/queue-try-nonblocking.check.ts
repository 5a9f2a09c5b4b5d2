// QUEUE-TRY-NONBLOCKING: tryAcquireDrain returns false at once while a producer holds the submit queue, and
// true when it is free.
import type { HistoryRecord } from '../../../spec/index.js';
import { defineCheck } from '../../check.js';
import { delivering, findLoss, finding, type Finding } from '../../checkers/index.js';
import { ownership } from '../../checkers/ownership.js';
import { contention } from '../../scenarios/arbitrary-queue.js';
import {
  acquire,
  begin,
  commit,
  emit,
  leave,
  register,
  release,
  settle,
  stepped,
  submit,
  turn,
} from '../../scenarios/build.js';

export default defineCheck({
  id: 'QUEUE-TRY-NONBLOCKING',
  scenarios: [
    stepped(
      { detailCapacity: 0 },
      register(1),
      emit(1, 'index', 2),
      turn(),
      ...[begin(1, 1), acquire(1), acquire(1), commit(1)],
      ...[acquire(1), release(1), acquire(1), release(1), submit(1, 2), acquire(1), release(1)],
      settle(4096),
      ...[acquire(1), release(1)],
    ),
    // the thread is leaving, and the drain is not through with it
    stepped(
      { detailCapacity: 0 },
      ...[register(1), emit(1, 'index', 2), turn(), begin(1, 1), acquire(1), commit(1), acquire(1), release(1)],
      ...[emit(1, 'index', 2), leave(1), acquire(1), release(1), settle(4096)],
    ),
    // no iteration has met the thread yet
    stepped(
      { detailCapacity: 0 },
      register(1),
      ...[acquire(1), release(1), begin(1, 1), acquire(1), commit(1)],
      settle(4096),
    ),
  ],
  generated: { arbitrary: contention(), runs: 150 },
  judge(history) {
    const { faults, heldTries, freeTries } = ownership(history);
    if (faults.length > 0) return faults;
    const left = findRefusedAfterLeave(history);
    if (left.length > 0) return left;
    if (heldTries === 0 || freeTries === 0)
      return { inconclusive: 'no queue was tried both while its producer held it and while it was free' };
    return delivering(history, () => findLoss(history));
  },
});

/** Tries right after a leave that nobody can have been hindered in: the queue is free, and no turn went by. */
function findRefusedAfterLeave(history: readonly HistoryRecord[]): Finding[] {
  return history.flatMap((record, at) => {
    if (record.type !== 'acquire' || record.acquired) return [];
    const left = history.findLastIndex(({ type }, i) => i < at && type !== 'thread-event');
    const before = history[left];
    if (before?.type !== 'leave' || before.outcome !== 'accepted' || before.thread !== record.thread) return [];
    if (!isFree(history.slice(0, left), record.thread)) return [];
    const message = `tryAcquireDrain of thread ${record.thread}, which is leaving, was told false though nobody held its queue`;
    return [finding('ownership', message, 'true', 'false', [left, at])];
  });
}

/** Neither its producer nor a drain holds the queue at the end. */
function isFree(history: readonly HistoryRecord[], thread: number): boolean {
  const last = history.findLast(
    (record) =>
      (record.type === 'acquire' && record.acquired && record.thread === thread) ||
      (record.type === 'release' && record.outcome === 'accepted' && record.thread === thread) ||
      (record.type === 'submit' && record.outcome === 'accepted' && record.thread === thread),
  );
  return last === undefined || last.type === 'release' || (last.type === 'submit' && last.phase !== 'begin');
}
