// LOSS-SINGLE-EVENT: One event alone, with none after it, is delivered, from a lane of any size.
import { defineCheck } from '../../check.js';
import { findLoss, recordsOf } from '../../checkers/index.js';
import { emit, register, stepped, turn } from '../../scenarios/build.js';

export default defineCheck({
  id: 'LOSS-SINGLE-EVENT',
  scenarios: [2, 1024, 65536].map((indexCapacity) =>
    stepped({ indexCapacity, detailCapacity: 0 }, register(1), emit(1, 'index', 1), turn(64)),
  ),
  judge(history) {
    if (!recordsOf(history, 'emit').some(({ record }) => record.outcome === 'accepted'))
      return { inconclusive: 'the event was not accepted' };
    return findLoss(history).map((fault) => ({
      ...fault,
      message: `one event alone was not delivered in 64 iterations: ${fault.message}`,
    }));
  },
});
