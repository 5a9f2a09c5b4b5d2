// LEDGER-BALANCE: At rest, for every thread and lane: attempted = accepted + rejected, and accepted = delivered
// + pending + evicted + left.
import type { HistoryRecord } from '../../../spec/index.js';
import { defineCheck } from '../../check.js';
import { acceptedEvents, acknowledged, findImbalance, findLoss, finding, recordsOf } from '../../checkers/index.js';
import { mixed } from '../../scenarios/arbitrary.js';
import {
  begin,
  declareDead,
  emit,
  kill,
  leave,
  metrics,
  register,
  settle,
  sink,
  stepped,
  stop,
  turn,
} from '../../scenarios/build.js';

export default defineCheck({
  id: 'LEDGER-BALANCE',
  scenarios: [
    stepped(
      { detailCapacity: 0, indexCapacity: 8 },
      register(1),
      register(2),
      emit(1, 'index', 12),
      emit(2, 'index', 3),
      metrics(),
      turn(),
      metrics(),
      leave(2),
      settle(4096),
      metrics(),
    ),
    stepped(
      { detailCapacity: 0 },
      register(1),
      emit(1, 'index', 9),
      sink('throw', { costNs: 1_000_000 }),
      stop(2_000_000),
      metrics(),
    ),
    // what was left is delivered by the second stop()
    stepped(
      { detailCapacity: 0 },
      ...[register(1), register(2), emit(1, 'index', 9), emit(2, 'index', 4), turn(), emit(2, 'index', 3)],
      ...[sink('throw', { costNs: 1_000_000 }), stop(2_000_000), metrics(), sink('accept'), stop(), metrics()],
    ),
  ],
  also: [
    {
      needs: ['death', 'submit', 'detail'],
      scenarios: [
        // what a dead thread had staged was never accepted: begun in an open window, and in windows of its own
        ...[2, 7].map((staged) =>
          stepped(
            { detailCapacity: 16, windowRecords: 4, detailRecordBytes: 64, preRoll: 0, postRoll: 0 },
            ...[register(1), register(2), emit(2, 'index', 1), emit(1, 'index', 2), emit(1, 'detail', 1)],
            ...[begin(1, staged, staged), turn(), metrics(), kill(1), declareDead(1), settle(4096), metrics()],
          ),
        ),
      ],
    },
  ],
  generated: { arbitrary: mixed({ sinks: true, leaves: true, metrics: true, during: false }), runs: 120 },
  judge(history) {
    if (recordsOf(history, 'metrics').length === 0) return { inconclusive: 'there are no metrics' };
    return [...findImbalance(history), ...ignorant(history), ...invented(history)];
  },
});

/** Books that balance with deliveries of which the sink has seen not one. */
function invented(history: readonly HistoryRecord[]): ReturnType<typeof findLoss> {
  const last = recordsOf(history, 'metrics').at(-1)!;
  const told = last.record.index.delivered + last.record.detail.delivered;
  if (told === 0 || acknowledged(history) > 0) return [];
  const message = `the ledger says that ${told} events were delivered, and the sink took none`;
  return [finding('ledger', message, '0 delivered', `${told}`, [last.at])];
}

/** Books that have not heard of any event are not balanced, they are empty. */
function ignorant(history: readonly HistoryRecord[]): ReturnType<typeof findLoss> {
  const last = recordsOf(history, 'metrics').at(-1)!;
  if (acceptedEvents(history) === 0) return [];
  if (last.record.index.accepted + last.record.detail.accepted > 0) return [];
  return [finding('ledger', 'the ledger knows of no accepted event', 'accepted counts', '0', [last.at])];
}
