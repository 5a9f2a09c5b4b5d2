// QUEUE-GROUP-WHOLE: A group that does not fit into a lane is rejected whole: none of its records is delivered,
// and the next group that fits is accepted.
import type { HistoryRecord, StepInput } from '../../../spec/index.js';
import { defineCheck } from '../../check.js';
import { acknowledged, analyse, delivering, findLoss, findPhantoms, finding, recordsOf } from '../../checkers/index.js';
import {
  begin,
  commit,
  emit,
  mark,
  mayWait,
  register,
  seal,
  settle,
  stepped,
  submit,
  submitWithin,
  turn,
} from '../../scenarios/build.js';

/** Lanes of 8 records; in the detail lane two windows of 4. Thread 2 shows that the drain goes on. */
const lanes = { indexCapacity: 8, detailCapacity: 8, windowRecords: 4, detailRecordBytes: 64, preRoll: 4, postRoll: 4 };
const pinned: StepInput[] = [emit(1, 'detail', 5), mark(1), seal(1)]; // both windows are marked: no room at all

const second = [register(2), emit(2, 'index', 2)];

/** Whether so many records more have room. Detail events have it all or none at all: where something is marked, nothing is free. */
function fitsAt(history: readonly HistoryRecord[], at: number, index: number, detail: number): boolean {
  const { lane, config } = analyse(history);
  const told = lane(1, 'index').accepted.reduce((sum, { count, record }) => (record < at ? sum + count : sum), 0);
  const pending = told - acknowledged(history, { thread: 1, lane: 'index', before: at });
  const pinned = history.some(({ type }, i) => type === 'mark' && i < at);
  const room = pinned ? 0 : config('detailCapacity', 0);
  return detail <= room && pending + index <= config('indexCapacity', 8);
}

export default defineCheck({
  id: 'QUEUE-GROUP-WHOLE',
  scenarios: [
    // what comes after a rejected group is no group, and has room
    stepped(
      { detailCapacity: 0, indexCapacity: 8 },
      ...[register(1), ...second, emit(1, 'index', 5), submit(1, 5), submit(1, 3), settle(4096)],
      ...[emit(1, 'index', 1), settle(4096), submit(1, 3), settle(4096)],
    ),
    stepped(
      { detailCapacity: 0, indexCapacity: 8 },
      ...[register(1), ...second, emit(1, 'index', 5), submit(1, 5), submit(1, 3), submit(1, 4), settle(4096)],
      ...[submit(1, 9), submit(1, 2), settle(4096)],
    ),
    stepped(
      { detailCapacity: 0, indexCapacity: 8 },
      ...[register(1), ...second, emit(1, 'index', 5), begin(1, 4), commit(1), turn(), begin(1, 9), commit(1)],
      ...[begin(1, 3), commit(1), settle(4096)],
    ),
    // groups that would wait for room which nobody makes
    stepped(
      { detailCapacity: 0, indexCapacity: 8 },
      ...[register(1), ...second, emit(1, 'index', 5), submitWithin(1, 5, 0, 2), submitWithin(1, 3, 0, 2)],
      ...[submit(1, 4), settle(4096)],
    ),
  ],
  also: [
    {
      needs: ['detail'],
      scenarios: [
        // room for the index records, none for the detail records; and the other way round
        stepped(lanes, ...[register(1), ...pinned, submit(1, 4, 4), submit(1, 2), settle(4096)]),
        stepped(
          lanes,
          ...[register(1), emit(1, 'index', 6), submit(1, 4, 4), submit(1, 1), mark(1), seal(1), settle(4096)],
        ),
        stepped(lanes, ...[register(1), submit(1, 4, 9), submit(1, 3), settle(4096)]),
        stepped(lanes, ...[register(1), ...pinned, submitWithin(1, 4, 4, 2), submit(1, 2), settle(4096)]),
        // exactly as many as the detail lane holds, and one more
        stepped(
          lanes,
          ...[register(1), ...second, submit(1, 8, 9), submit(1, 8, 8), settle(4096), submit(1, 2, 8), settle(4096)],
        ),
        // a detail lane that is not there fits nothing
        stepped(
          { detailCapacity: 0, indexCapacity: 8 },
          ...[register(1), ...second, submit(1, 4, 1), submitWithin(1, 4, 2, 2), begin(1, 4, 1), commit(1)],
          ...[submit(1, 3), settle(4096)],
        ),
      ],
    },
  ],
  judge(history, scenario) {
    const refused = [
      ...['LANE_FULL', 'DETAIL_FULL'],
      ...(mayWait(scenario) ? ['TIMED_OUT'] : []),
      ...(scenario.config?.['detailCapacity'] === 0 ? ['NO_DETAIL_LANE'] : []),
    ];
    const groups = recordsOf(history, 'submit').filter(({ record }) => record.outcome !== 'NOT_HOLDING');
    const turnedAway = groups.filter(({ record }) => refused.includes(record.outcome));
    return delivering(history, () => {
      const wrong = groups.flatMap(({ record: { index, detail, outcome, phase }, at }) => {
        const fits = fitsAt(history, at, index[1], detail[1]);
        const expected = fits ? ['accepted'] : refused;
        if (expected.includes(outcome)) return [];
        const size = `${index[1]} index and ${detail[1]} detail records`;
        const message = `a ${phase} of thread 1 with ${size}, which ${fits ? 'fit' : 'do not fit'}, was told '${outcome}'`;
        return [finding('group-whole', message, expected.join(' or '), outcome, [at])];
      });
      const parts = findPhantoms(history).map((fault) => ({
        ...fault,
        message: `a part of a rejected group: ${fault.message}`,
      }));
      const found = [...parts, ...wrong, ...findLoss(history)];
      return found.length > 0 || turnedAway.length > 0 ? found : { inconclusive: 'no group was turned away' };
    });
  },
});
