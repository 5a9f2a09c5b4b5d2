// STOP-TWICE: A second stop() returns at once, complete, and delivers nothing again; after an incomplete stop
// it delivers what is left.
import { defineCheck } from '../../check.js';
import { delivering, findDuplicates, findLoss, finding, recordsOf } from '../../checkers/index.js';
import { begin, commit, emit, register, settle, sink, stepped, stop, turn } from '../../scenarios/build.js';

export default defineCheck({
  id: 'STOP-TWICE',
  scenarios: [
    stepped({ detailCapacity: 0 }, register(1), emit(1, 'index', 9), stop(), stop()),
    stepped(
      { detailCapacity: 0 },
      register(1),
      register(2),
      emit(1, 'index', 4),
      settle(64),
      emit(1, 'index', 9),
      emit(2, 'index', 2),
      sink('throw', { costNs: 1_000_000 }),
      stop(3_000_000),
      sink('accept'),
      stop(),
    ),
    // what is left takes many visits, and the second deadline counts from the second call
    stepped(
      { detailCapacity: 0, quantum: 2 },
      ...[register(1), register(2), emit(1, 'index', 4), settle(64), emit(1, 'index', 40), emit(2, 'index', 30)],
      ...[sink('throw', { costNs: 1_000_000 }), stop(3_000_000), sink('accept'), stop(3_000_000)],
    ),
  ],
  also: [
    {
      needs: ['submit'],
      // the first stop() waits for a group in vain; once its commit is refused the second need not
      scenarios: [
        stepped(
          { detailCapacity: 0 },
          ...[register(1), register(2), emit(1, 'index', 4), emit(2, 'index', 1), turn(), emit(1, 'index', 3)],
          ...[begin(1, 2), stop(1_000_000), commit(1), stop()],
        ),
      ],
    },
  ],
  judge(history) {
    return delivering(history, () => {
      const stops = recordsOf(history, 'stop');
      const last = stops[1];
      if (last === undefined) return { inconclusive: 'there was no second stop()' };
      const first = stops[0]!;
      const found = [];
      if (!last.record.complete)
        found.push(
          finding('stop-twice', 'a second stop() is not complete', 'complete', 'incomplete', [first.at, last.at]),
        );
      if (first.record.complete && last.record.delivered > 0) {
        found.push(
          finding(
            'stop-twice',
            `a second stop() says it delivered ${last.record.delivered} events again`,
            'delivered 0',
            `${last.record.delivered}`,
            [last.at],
          ),
        );
      }
      const again = [...findLoss(history), ...findDuplicates(history)].map((fault) => ({
        ...fault,
        message: `over two stops: ${fault.message}`,
      }));
      return [...found, ...again];
    });
  },
});
