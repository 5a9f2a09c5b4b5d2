// STOP-REJECTS-LATER: After stop() emits and submits are rejected with STOPPED, registration throws STOPPED,
// and nothing more is delivered.
import type { HistoryRecord } from '../../../spec/index.js';
import { defineCheck } from '../../check.js';
import { delivering, findStopFaults, findWrongOutcome } from '../../checkers/index.js';
import { emit, register, stepped, stop, turn } from '../../scenarios/build.js';

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
  judge(history) {
    return delivering(history, () => {
      const stopped = history.findIndex(({ type }) => type === 'stop');
      const after = history.slice(stopped);
      const late = (record: HistoryRecord): string | undefined => {
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
