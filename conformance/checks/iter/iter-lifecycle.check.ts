// ITER-LIFECYCLE: A new drain knows no thread and delivers nothing; after stop() and close() another one can be made,
// which knows nothing of the first.
import type { HistoryRecord } from '../../../spec/index.js';
import { defineCheck } from '../../check.js';
import { findLoss, finding } from '../../checkers/index.js';
import { emit, leave, register, settle, stepped, stop, turn } from '../../scenarios/build.js';

/** One life of a drain; `thread` differs from life to life, so that what one life leaves to the next shows. */
const life = (thread: number): ReturnType<typeof stepped> =>
  stepped(
    { detailCapacity: 0 },
    turn(2),
    register(thread),
    emit(thread, 'index', 5),
    settle(4096),
    leave(thread),
    stop(),
  );

function acknowledged(history: readonly HistoryRecord[], thread: number): number {
  let events = 0;
  for (const record of history) if (record.type === 'batch' && record.thread === thread) events += record.acknowledged;
  return events;
}

export default defineCheck({
  id: 'ITER-LIFECYCLE',
  scenarios: [life(1), life(2), life(3)],
  judge(history, scenario) {
    const thread =
      scenario.mode === 'stepped' ? (scenario.steps.find((step) => step.op === 'register')?.thread ?? 0) : 0;
    const registered = history.findIndex(({ type }) => type === 'register');
    const before = history.findIndex(
      (record, at) => record.type === 'batch' && (at < registered || record.thread !== thread),
    );
    if (before !== -1) {
      return [
        finding(
          'lifecycle',
          `a drain that only knows thread ${thread} handed over a batch that is not of this thread's life`,
          'a new drain that knows no thread and delivers nothing of an earlier one',
          'a batch',
          [before],
        ),
      ];
    }
    const events = acknowledged(history, thread);
    if (events === 5) return findLoss(history);
    const message = `a new drain delivered ${events} of the 5 events of thread ${thread}`;
    return [
      finding('lifecycle', message, '5 events delivered by each drain that is made', `${events}`, [history.length - 1]),
    ];
  },
});
