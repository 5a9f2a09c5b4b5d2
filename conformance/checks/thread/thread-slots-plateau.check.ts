// THREAD-SLOTS-PLATEAU: Far more threads than there are slots can come and go one after another: every
// registration succeeds as long as fewer than `slots` are alive.
import { MAX_WEIGHT, type ScenarioInput } from '../../../spec/index.js';
import { defineCheck } from '../../check.js';
import { delivering, findLoss } from '../../checkers/index.js';
import { slotFaults } from '../../checkers/slots.js';
import {
  declareDead,
  emit,
  kill,
  leave,
  mark,
  register,
  settle,
  sink,
  stepped,
  threads,
  turn,
} from '../../scenarios/build.js';

const LIVES = 200;

/** One after another; with events and without, some of them never met by an iteration, `together` at a time. */
function comings(slots: number, together: number, goes: (thread: number) => ReturnType<typeof leave>[]): ScenarioInput {
  const lives = threads(LIVES / together).map((n) => threads(together).map((id) => n * together + id));
  return stepped(
    { detailCapacity: 0, slots },
    ...[register(1), emit(1, 'index', 1), settle(64)],
    ...lives.flatMap((ids, n) => [
      ...ids.map((id) => register(id)),
      ...(n % 3 === 0 ? [] : ids.map((id) => emit(id, 'index', n % 5))),
      ...(n % 4 === 0 ? [settle(4096)] : []),
      ...ids.flatMap(goes),
      settle(4096),
    ]),
  );
}

export default defineCheck({
  id: 'THREAD-SLOTS-PLATEAU',
  scenarios: [
    // one slot for all of them
    stepped(
      { detailCapacity: 0, slots: 1 },
      ...threads(LIVES).flatMap((id) => [register(id), emit(id, 'index', id % 5), leave(id), settle(4096)]),
    ),
    comings(2, 1, (id) => [leave(id)]),
    comings(5, 4, (id) => [leave(id)]),
    // the sink fails while they leave
    stepped(
      { detailCapacity: 0, slots: 1, maxBackoffIterations: 1 },
      ...threads(LIVES).flatMap((id) => [
        ...[register(id), emit(id, 'index', 3), sink(id % 2 === 0 ? 'throw' : 'partial', { times: 1 }), leave(id)],
        ...[turn(3), sink('accept'), settle(4096)],
      ]),
    ),
  ],
  also: [
    {
      needs: ['weights'],
      scenarios: [
        // between the lives others ask for weights that nobody may have
        stepped(
          { detailCapacity: 0, slots: 2 },
          ...[register(1), emit(1, 'index', 1)],
          ...threads(LIVES).flatMap((n) => [
            ...[register(2001, 0), register(2002, MAX_WEIGHT + 1 + n)],
            ...[register(1 + n), emit(1 + n, 'index', n % 3), leave(1 + n), settle(4096)],
          ]),
        ),
      ],
    },
    {
      needs: ['detail'],
      scenarios: [
        // they leave detail behind: none, marked, or never marked
        stepped(
          { slots: 1, detailCapacity: 8, windowRecords: 2, detailRecordBytes: 64, preRoll: 1, postRoll: 1 },
          ...threads(LIVES).flatMap((id) => [
            ...[register(id), emit(id, 'index', 1), emit(id, 'detail', id % 4)],
            ...(id % 3 === 0 ? [mark(id)] : []),
            ...[emit(id, 'detail', id % 3), leave(id), settle(4096)],
          ]),
        ),
      ],
    },
    {
      needs: ['death'],
      scenarios: [comings(2, 1, (id) => (id % 2 === 0 ? [leave(id)] : [kill(id), declareDead(id)]))],
    },
  ],
  judge(history) {
    return delivering(history, () => {
      const { refused, reused } = slotFaults(history);
      const leaks = refused.map((fault) => ({ ...fault, message: `slots leak: ${fault.message}` }));
      const found = [...leaks, ...findLoss(history)];
      return found.length > 0 || reused >= LIVES - 5 ? found : { inconclusive: `only ${reused} slots were used again` };
    });
  },
});
