// STOP-REJECTS-LATER: After stop() emits and submits are rejected with STOPPED, registration throws STOPPED,
// and nothing more is delivered.
import type { HistoryRecord } from '../../../spec/index.js';
import { defineCheck } from '../../check.js';
import { delivering, findStopFaults, findWrongOutcome } from '../../checkers/index.js';
import { begin, commit, emit, register, stepped, stop, submit, turn } from '../../scenarios/build.js';

export default defineCheck({
  id: 'STOP-REJECTS-LATER',
  scenarios: [
    stepped(
      { detailCapacity: 0 },
      register(1),
      emit(1, 'index', 5),
      turn(),
      emit(1, 'index', 4),
      stop(),
      emit(1, 'index', 3),
      register(2),
      turn(3),
      stop(),
    ),
  ],
  also: [
    {
      needs: ['submit'],
      scenarios: [
        // a group that was begun before, and not committed in time
        stepped(
          { detailCapacity: 0 },
          ...[register(1), register(3), emit(1, 'index', 5), emit(3, 'index', 2), turn(), begin(1, 3), stop(1_000_000)],
          ...[commit(1), submit(3, 2), begin(3, 1), emit(3, 'index', 1), register(2), turn(3)],
        ),
      ],
    },
  ],
  judge(history) {
    return delivering(history, () => {
      const stopped = history.findIndex(({ type }) => type === 'stop');
      const after = history.slice(stopped);
      const late = (record: HistoryRecord): string | undefined => {
        if (record.type === 'submit') return `a ${record.phase} of thread ${record.thread}`;
        if (record.type === 'emit') return `an emit of thread ${record.thread}`;
        return record.type === 'register' ? `the registration of thread ${record.thread}` : undefined;
      };
      if (!after.some(({ type }) => type === 'emit') || !after.some(({ type }) => type === 'register'))
        return { inconclusive: 'nothing was tried after stop()' };
      const wrong = findWrongOutcome(after, late, ['STOPPED'], 'came after stop()').map((fault) => ({
        ...fault,
        evidence: fault.evidence.map((at) => at + stopped),
      }));
      return [...wrong, ...findStopFaults(history)];
    });
  },
});
