// SINK-THROW-KEEPS: When the sink throws or takes nothing, the batch stays in its lane and is offered again
// from its first record, until it is taken.
import type { ScenarioInput } from '../../../spec/index.js';
import { defineCheck } from '../../check.js';
import { acknowledged, delivering, findDisorder, findDuplicates, findLoss, recordsOf } from '../../checkers/index.js';
import { finish, mixed } from '../../scenarios/arbitrary.js';
import { emit, leave, mark, register, settle, sink, stepped, stop, turn } from '../../scenarios/build.js';

const failing = (how: 'throw' | 'refuse'): ScenarioInput =>
  stepped(
    { detailCapacity: 0, maxBackoffIterations: 2 },
    register(1),
    emit(1, 'index', 10),
    sink(how, { times: 3 }),
    turn(12),
    emit(1, 'index', 5),
    ...finish(),
  );

export default defineCheck({
  id: 'SINK-THROW-KEEPS',
  scenarios: [
    failing('throw'),
    failing('refuse'),
    // again and again, in the final drain of a thread and of stop()
    ...[leave(1), stop()].map((end) =>
      stepped(
        { detailCapacity: 0, maxBackoffIterations: 1, quantum: 8 },
        ...[register(1), emit(1, 'index', 10), sink('throw', { times: 12 }), end, turn(30), ...finish()],
      ),
    ),
  ],
  also: [
    {
      needs: ['detail'],
      // marked detail alone, in the final drain too
      scenarios: [[settle(8)], [leave(1)], [stop()]].map((end) =>
        stepped(
          { maxBackoffIterations: 1, detailCapacity: 16, windowRecords: 4, detailRecordBytes: 64, postRoll: 4 },
          ...[register(1), mark(1), emit(1, 'detail', 11), sink('throw', { times: 7 }), ...end, turn(30), ...finish()],
        ),
      ),
    },
  ],
  generated: { arbitrary: mixed({ sinks: true }), runs: 120 },
  judge(history) {
    const failed = recordsOf(history, 'batch').some(({ record }) => record.acknowledged === 0);
    if (!failed)
      return acknowledged(history) === 0 ? delivering(history, () => []) : { inconclusive: 'no batch failed' };
    return delivering(history, () =>
      [...findLoss(history), ...findDisorder(history), ...findDuplicates(history)].map((fault) => ({
        ...fault,
        message: `after a failing sink: ${fault.message}`,
      })),
    );
  },
});
