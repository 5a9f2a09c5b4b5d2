// THREAD-DEAD-DELIVERED: After declareDead() everything that the thread had published is delivered and its slot
// is reclaimed and usable.
import { defineCheck } from '../../check.js';
import {
  acceptedEvents,
  delivering,
  findLoss,
  findPhantoms,
  findWrongOutcome,
  recordsOf,
} from '../../checkers/index.js';
import { findStandstill } from '../../checkers/racing.js';
import { slotFaults } from '../../checkers/slots.js';
import { lives } from '../../scenarios/arbitrary-thread.js';
import {
  declareDead,
  emit,
  kill,
  leave,
  mark,
  register,
  settle,
  stepped,
  steppedWith,
  turn,
} from '../../scenarios/build.js';

const one = { detailCapacity: 0, slots: 1, quantum: 4 };
const windows = { slots: 1, detailCapacity: 16, windowRecords: 4, detailRecordBytes: 64, quantum: 4, preRoll: 2 };
const successor = [settle(4096), register(2), emit(2, 'index', 3), settle(4096)];

export default defineCheck({
  id: 'THREAD-DEAD-DELIVERED',
  scenarios: [
    stepped(one, ...[register(1), emit(1, 'index', 11), kill(1), turn(), declareDead(1), ...successor]),
    // no iteration has met it yet; it has emitted nothing; it was leaving
    stepped(one, ...[register(1), emit(1, 'index', 1), kill(1), declareDead(1), ...successor]),
    stepped(one, ...[register(1), turn(), kill(1), declareDead(1), ...successor]),
    stepped(one, ...[register(1), emit(1, 'index', 11), leave(1), kill(1), declareDead(1), ...successor]),
    // while its batch is handed over
    steppedWith(
      one,
      { 0: [emit(1, 'index', 1), kill(1), declareDead(1)] },
      ...[register(1), emit(1, 'index', 11), ...successor],
    ),
  ],
  generated: { arbitrary: lives({ deaths: true, nested: true }), runs: 150 },
  also: [
    {
      needs: ['detail'],
      // the marked window is still open
      scenarios: [
        stepped(
          windows,
          ...[register(1), emit(1, 'detail', 6), mark(1), kill(1), turn(), declareDead(1), ...successor],
        ),
      ],
    },
  ],
  judge(history, scenario) {
    const killed = recordsOf(history, 'kill').length > 0;
    if (!killed) return { inconclusive: 'no thread died' };
    const detail = scenario.config?.['detailCapacity'] !== 0;
    const gone = new Set<number>(); // who left, or was declared dead, may be reclaimed already
    const told = findWrongOutcome(
      history,
      (record) => {
        if (record.type !== 'leave' && record.type !== 'dead') return undefined;
        const first = !gone.has(record.thread);
        gone.add(record.thread);
        return first && record.type === 'dead' ? `declareDead() of dead thread ${record.thread}` : undefined;
      },
      ['accepted'],
      'came in time',
    );
    const unusable = slotFaults(history).refused.map((fault) => ({
      ...fault,
      message: `a dead thread's slot was not reclaimed: ${fault.message}`,
    }));
    const found = [...findStandstill(history), ...told];
    if (found.length > 0) return found;
    if (unusable.length > 0 && acceptedEvents(history) === 0) return unusable;
    return delivering(history, () => {
      const lost = findLoss(history, { lanes: detail ? ['index', 'detail'] : ['index'] }).map((fault) => ({
        ...fault,
        message: `with threads that died: ${fault.message}`,
      }));
      return [...lost, ...unusable, ...findPhantoms(history)];
    });
  },
});
