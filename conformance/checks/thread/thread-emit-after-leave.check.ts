// THREAD-EMIT-AFTER-LEAVE: An emit, mark, seal, submit, setWeight or setPriority after leave() is rejected with THREAD_LEFT.
import { defineCheck } from '../../check.js';
import { delivering, findLoss, findPhantoms, findWrongOutcome } from '../../checkers/index.js';
import {
  begin,
  emit,
  leave,
  mark,
  register,
  seal,
  setPriority,
  setWeight,
  settle,
  stepped,
  submit,
} from '../../scenarios/build.js';
import type { StepInput } from '../../../spec/index.js';

const windows = { detailCapacity: 16, windowRecords: 4, detailRecordBytes: 64, slots: 1 };

/** Records of calls of a handle, in words. */
const CALLS: ReadonlyMap<string, string> = new Map([
  ['emit', 'an emit'],
  ['mark', 'a mark'],
  ['seal', 'a seal'],
  ['submit', 'a submit'],
  ['weight', 'a setWeight'],
  ['priority', 'a setPriority'],
]);

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
    { needs: ['detail'], scenarios: [scenario(windows, mark(1), emit(1, 'detail', 2), mark(1), seal(1))] },
    { needs: ['submit'], scenarios: [scenario({ detailCapacity: 0, slots: 1 }, submit(1, 2), begin(1, 1))] },
    { needs: ['reconfigure'], scenarios: [scenario({ detailCapacity: 0, slots: 1 }, setWeight(1, 7))] },
    { needs: ['reconfigure', 'priorities'], scenarios: [scenario({ detailCapacity: 0, slots: 1 }, setPriority(1, 5))] },
  ],
  judge(history) {
    const left = history.findIndex((record) => record.type === 'leave' && record.outcome === 'accepted');
    return delivering(history, () => {
      if (left === -1) return { inconclusive: 'thread 1 did not leave' };
      const late = findWrongOutcome(
        history,
        (record) => {
          const call = CALLS.get(record.type);
          if (call === undefined || !('thread' in record) || record.thread !== 1) return undefined;
          return history.indexOf(record) < left ? undefined : `${call} of thread 1`;
        },
        ['THREAD_LEFT'],
        'came after leave()',
      );
      return [...late, ...findPhantoms(history), ...findLoss(history)];
    });
  },
});
