// QUEUE-TRY-NONBLOCKING: tryAcquireDrain returns false at once while a producer holds the submit queue, and
// true when it is free.
import { defineCheck } from '../../check.js';
import { delivering, findLoss } from '../../checkers/index.js';
import { ownership } from '../../checkers/ownership.js';
import { contention } from '../../scenarios/arbitrary-queue.js';
import {
  acquire,
  begin,
  commit,
  emit,
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
    if (heldTries === 0 || freeTries === 0)
      return { inconclusive: 'no queue was tried both while its producer held it and while it was free' };
    return delivering(history, () => findLoss(history));
  },
});
