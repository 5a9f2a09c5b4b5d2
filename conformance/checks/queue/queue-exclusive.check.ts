// QUEUE-EXCLUSIVE: Two drains never hold one thread at once: while one visits it, the other skips it, and
// nothing is delivered twice.
import type { HistoryRecord } from '../../../spec/index.js';
import { defineCheck } from '../../check.js';
import { delivering, findDisorder, findDuplicates, findLoss, finding, type Finding } from '../../checkers/index.js';
import { ownership } from '../../checkers/ownership.js';
import { rivals } from '../../scenarios/arbitrary-queue.js';
import {
  acquire,
  emit,
  leave,
  mark,
  openDrain,
  register,
  release,
  settle,
  stepped,
  steppedWith,
  turn,
  visit,
} from '../../scenarios/build.js';

/** In scenarios where drain 1 moves only while drain 0 hands a batch over: what it did to the thread of that batch. */
function intrusions(history: readonly HistoryRecord[]): { tries: number; faults: Finding[] } {
  const faults: Finding[] = [];
  let tries = 0;
  let since = 0;
  history.forEach((record, at) => {
    if ((record.type !== 'batch' && record.type !== 'iteration') || record.drain !== 0) return;
    for (let inside = since; inside < at && record.type === 'batch'; inside += 1) {
      const one = history[inside]!;
      if (one.type === 'iteration' || (one.type === 'acquire' && one.thread === record.thread)) tries += 1;
      const intrudes = one.type === 'batch' || (one.type === 'acquire' && one.acquired);
      if (!intrudes || one.thread !== record.thread) continue;
      const what = one.type === 'batch' ? 'delivered events of it' : 'took its queue';
      const message = `drain 0 was visiting thread ${record.thread}, and drain 1 ${what}: two drains held one thread`;
      faults.push(finding('exclusive', message, 'a skip', `drain 1 ${what}`, [inside, at]));
    }
    since = at + 1;
  });
  return { tries, faults };
}

export default defineCheck({
  id: 'QUEUE-EXCLUSIVE',
  scenarios: [
    steppedWith(
      { detailCapacity: 0 },
      { 0: [turn(1, 1), acquire(1, 1)] },
      ...[register(1), openDrain(1), emit(1, 'index', 9), turn()],
      ...[settle(4096), settle(4096, 1)],
    ),
    // a queue that is held by hand
    stepped(
      { detailCapacity: 0 },
      ...[register(1), openDrain(1), emit(1, 'index', 4), acquire(1)],
      ...[turn(2, 1), acquire(1, 1), visit(1, 2), turn(1, 1), release(1)],
      ...[settle(4096, 1), settle(4096)],
    ),
    // threads that the other drain delivered and reclaimed: between two turns of drain 0, and while it visits another
    stepped(
      { detailCapacity: 0, slots: 2 },
      ...[register(1), openDrain(1), emit(1, 'index', 4), turn(), emit(1, 'index', 2), leave(1), settle(4096, 1)],
      ...[register(2), emit(2, 'index', 3), turn(), emit(2, 'index', 2), leave(2), settle(4096, 1), acquire(2), turn()],
      ...[register(3), emit(3, 'index', 2), settle(4096), settle(4096, 1)],
    ),
    steppedWith(
      { detailCapacity: 0 },
      { 0: [turn(3, 1)] },
      ...[register(1), register(2), openDrain(1), emit(1, 'index', 4), emit(2, 'index', 4), leave(2), turn()],
      ...[settle(4096), settle(4096, 1)],
    ),
  ],
  also: [
    {
      needs: ['detail'],
      scenarios: [
        // what is left of a window is the other drain's
        stepped(
          { quantum: 4, detailCapacity: 32, windowRecords: 8, detailRecordBytes: 64, preRoll: 4, postRoll: 1 },
          ...[register(1), openDrain(1), emit(1, 'index', 1), emit(1, 'detail', 16), mark(1), turn(), turn(1, 1)],
          ...[turn(), turn(1, 1), settle(4096), settle(4096, 1)],
        ),
      ],
    },
  ],
  generated: { arbitrary: rivals(), runs: 150 },
  judge(history, scenario) {
    const nested = scenario.mode === 'stepped' && (scenario.duringBatch ?? []).length > 0;
    const { tries, faults } = nested ? intrusions(history) : { tries: 1, faults: ownership(history).faults };
    return delivering(history, () => {
      const found = [...faults, ...findDuplicates(history), ...findDisorder(history), ...findLoss(history)];
      return found.length > 0 || tries > 0 ? found : { inconclusive: 'drain 1 wanted no thread that drain 0 held' };
    });
  },
});
