// THREAD-DEAD-IN-SUBMIT: A thread that dies between begin and commit of a submit blocks nobody: others are
// drained; once it is declared dead, its published events are delivered, its uncommitted ones never.
import { defineCheck } from '../../check.js';
import {
  analyse,
  delivering,
  findGroupFaults,
  findLoss,
  findPhantoms,
  findUnservedThreads,
  recordsOf,
} from '../../checkers/index.js';
import { slotFaults } from '../../checkers/slots.js';
import { begin, declareDead, emit, kill, mark, register, seal, settle, stepped, turn } from '../../scenarios/build.js';

const config = { detailCapacity: 0, slots: 2 };
const windows = { slots: 2, detailCapacity: 16, windowRecords: 4, detailRecordBytes: 64, preRoll: 0, postRoll: 0 };
const busy = Array.from({ length: 10 }, () => [emit(2, 'index', 1), turn()]).flat();
const successor = [settle(4096), register(3), emit(3, 'index', 4), settle(4096)];

export default defineCheck({
  id: 'THREAD-DEAD-IN-SUBMIT',
  scenarios: [
    stepped(
      config,
      ...[register(1), register(2), emit(1, 'index', 5), begin(1, 3), kill(1)],
      ...[...busy, declareDead(1), ...successor],
    ),
    // nothing but the group; no iteration between death and its proof
    stepped(config, ...[register(1), register(2), begin(1, 3), kill(1), declareDead(1), ...busy, ...successor]),
    // single emits beside the group, refused or not, do not publish it
    stepped(
      config,
      ...[register(1), register(2), begin(1, 3), emit(1, 'index', 2), kill(1)],
      ...[...busy, declareDead(1), ...successor],
    ),
  ],
  also: [
    {
      needs: ['detail'],
      scenarios: [
        stepped(
          windows,
          ...[register(1), register(2), emit(1, 'index', 5), begin(1, 3, 6), kill(1)],
          ...[...busy, declareDead(1), ...successor],
        ),
        // the windows that the group opens are marked before
        stepped(
          { ...windows, postRoll: 3 },
          ...[register(1), register(2), emit(1, 'index', 5), mark(1), begin(1, 6, 6), kill(1)],
          ...[...busy, declareDead(1), ...successor],
        ),
        stepped(
          windows,
          ...[register(1), register(2), begin(1, 3, 3), mark(1), seal(1), emit(1, 'detail', 2), kill(1)],
          ...[...busy, declareDead(1), ...successor],
        ),
      ],
    },
  ],
  judge(history) {
    return delivering(history, () => {
      const died = recordsOf(history, 'kill')[0];
      if (died?.record.during !== 'submit') return { inconclusive: 'the thread did not die inside a submit' };
      const declared = recordsOf(history, 'dead')[0]?.at ?? Infinity;
      const { deliveries } = analyse(history).lane(died.record.thread, 'index');
      if (deliveries.some(({ record }) => record > died.at && record < declared))
        return { inconclusive: 'its submit held no queue: its events were delivered meanwhile' };
      const others = findUnservedThreads(history).filter(
        ({ message }) => !message.startsWith(`thread ${died.record.thread} `),
      );
      const blocked = others.map((fault) => ({
        ...fault,
        message: `thread ${died.record.thread} died inside a submit and blocks others: ${fault.message}`,
      }));
      const held = slotFaults(history).refused.map((fault) => ({
        ...fault,
        message: `the slot of a thread that died inside a submit was not reclaimed: ${fault.message}`,
      }));
      const rest = [...findGroupFaults(history), ...findPhantoms(history), ...findLoss(history)].map((fault) => ({
        ...fault,
        message: `after a death inside a submit: ${fault.message}`,
      }));
      return [...blocked, ...rest, ...held];
    });
  },
});
