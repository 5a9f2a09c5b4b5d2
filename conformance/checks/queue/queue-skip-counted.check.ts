// QUEUE-SKIP-COUNTED: A thread whose submit queue is held is skipped without a visit, and every skip is counted
// in the iteration’s result.
import { defineCheck } from '../../check.js';
import { delivering, findLoss, finding, recordsOf, type Finding } from '../../checkers/index.js';
import { ownership } from '../../checkers/ownership.js';
import { contention } from '../../scenarios/arbitrary-queue.js';
import { begin, commit, emit, register, settle, stepped, threads, turn } from '../../scenarios/build.js';
import type { HistoryRecord } from '../../../spec/index.js';

/** Held queues at each iteration: of threads with events to deliver, and of all. What an iteration skips lies between. */
function miscounts(history: readonly HistoryRecord[]): { met: number; faults: Finding[] } {
  const pending = new Map<number, number>();
  const held = new Set<number>();
  const faults: Finding[] = [];
  let met = 0;
  const add = (thread: number, events: number): void => void pending.set(thread, (pending.get(thread) ?? 0) + events);
  history.forEach((record, at) => {
    if (record.type === 'emit' && record.outcome === 'accepted') add(record.thread, record.count);
    else if (record.type === 'batch') add(record.thread, -record.acknowledged);
    else if (record.type === 'acquire' && record.acquired) held.add(record.thread);
    else if (record.type === 'release' && record.outcome === 'accepted') held.delete(record.thread);
    else if (record.type === 'submit' && record.outcome === 'accepted') {
      if (record.phase === 'begin') held.add(record.thread);
      else add(record.thread, record.index[1]);
      if (record.phase === 'commit') held.delete(record.thread);
    } else if (record.type === 'iteration') {
      const least = [...held].filter((thread) => (pending.get(thread) ?? 0) > 0).length;
      met += least;
      if (record.skips >= least && record.skips <= held.size) return;
      const message = `an iteration met ${least} backlogged threads whose queue was held and says that it skipped ${record.skips}`;
      faults.push(finding('skip', message, `skips ${least}`, `skips ${record.skips}`, [at]));
    }
  });
  return { met, faults };
}

export default defineCheck({
  id: 'QUEUE-SKIP-COUNTED',
  scenarios: [
    stepped(
      { detailCapacity: 0 },
      ...threads(5).flatMap((id) => [register(id), emit(id, 'index', 3)]),
      ...[begin(1, 1), turn(3), begin(4, 1), turn(2), begin(5, 1), turn(3)],
      ...[commit(1), turn(1), commit(4), commit(5), settle(4096)],
    ),
  ],
  generated: { arbitrary: contention(), runs: 150 },
  judge(history) {
    if (!recordsOf(history, 'submit').some(({ record }) => record.phase === 'begin' && record.outcome === 'accepted'))
      return { inconclusive: 'no queue was held' };
    return delivering(history, () => {
      const { met, faults } = miscounts(history);
      const visited = ownership(history).faults.filter(({ seen }) => seen === 'a visit');
      const found = [...visited, ...faults, ...findLoss(history)];
      return found.length > 0 || met > 0 ? found : { inconclusive: 'no iteration met a held queue with events' };
    });
  },
});
