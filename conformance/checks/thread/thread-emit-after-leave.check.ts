// THREAD-EMIT-AFTER-LEAVE: An emit, mark or submit after leave() is rejected with THREAD_LEFT.
import { defineCheck } from '../../check.js';
import { delivering, findLoss, findPhantoms, findWrongOutcome } from '../../checkers/index.js';
import { begin, emit, leave, mark, register, settle, stepped, submit } from '../../scenarios/build.js';
import type { StepInput } from '../../../spec/index.js';

const windows = { detailCapacity: 16, windowRecords: 4, detailRecordBytes: 64, slots: 1 };

/** Thread 1 leaves; these calls come before its final drain, after it, and when another thread has its slot. */
const scenario = (config: object, ...calls: StepInput[]) =>
  stepped(
    config,
    ...[register(1), emit(1, 'index', 3), leave(1), ...calls, settle(4096), ...calls],
    ...[register(2), emit(2, 'index', 1), ...calls, settle(4096)],
  );

export default defineCheck({
  id: 'THREAD-EMIT-AFTER-LEAVE',
  scenarios: [scenario({ detailCapacity: 0, slots: 1 }, emit(1, 'index', 2))],
  also: [
    { needs: ['detail'], scenarios: [scenario(windows, mark(1), emit(1, 'detail', 2), mark(1))] },
    { needs: ['submit'], scenarios: [scenario({ detailCapacity: 0, slots: 1 }, submit(1, 2), begin(1, 1))] },
  ],
  judge(history) {
    const left = history.findIndex((record) => record.type === 'leave' && record.outcome === 'accepted');
    return delivering(history, () => {
      if (left === -1) return { inconclusive: 'thread 1 did not leave' };
      const late = findWrongOutcome(
        history,
        (record) => {
          if (record.type !== 'emit' && record.type !== 'mark' && record.type !== 'submit') return undefined;
          if (record.thread !== 1 || history.indexOf(record) < left) return undefined;
          return `${record.type === 'emit' ? 'an' : 'a'} ${record.type} of thread 1`;
        },
        ['THREAD_LEFT'],
        'came after leave()',
      );
      return [...late, ...findPhantoms(history), ...findLoss(history)];
    });
  },
});
