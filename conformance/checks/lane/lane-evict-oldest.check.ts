// LANE-EVICT-OLDEST: When a window is needed and none is free, the oldest unmarked sealed window is evicted,
// the emit is accepted, and the evicted records are counted.
import type { HistoryRecord } from '../../../spec/index.js';
import { defineCheck } from '../../check.js';
import {
  acknowledged,
  analyse,
  findDisorder,
  findTorn,
  findWrongOutcome,
  finding,
  recordsOf,
  type Finding,
} from '../../checkers/index.js';
import { emit, leave, mark, metrics, register, settle, stepped } from '../../scenarios/build.js';

const CONFIG = { detailRecordBytes: 64, detailCapacity: 8, windowRecords: 2, preRoll: 3, postRoll: 0 };

/** The same where the numbers of the windows wrap, and with more places than a word has bits. */
const CONFIGS = [
  CONFIG,
  { ...CONFIG, initialCursor: 2 ** 32 - 8 },
  { ...CONFIG, initialCursor: 2 ** 31 - 8 },
  { ...CONFIG, detailCapacity: 128, preRoll: 63, initialCursor: 2 ** 32 - 20 },
];

/** Events that fill the places, and six windows more but for one record. */
const eventsOf = (capacity: number): number => capacity + 11;

/** The six oldest windows were evicted, twelve records: the ledger must say so. */
function findUncounted(history: readonly HistoryRecord[]): Finding[] {
  return recordsOf(history, 'metrics')
    .filter(({ record }) => record.detail.evicted !== 12)
    .map(({ record, at }) => {
      const message = `thread 1: 12 detail records were evicted, and ${record.detail.evicted} were counted`;
      return finding('evicted-count', message, 'evicted 12', `evicted ${record.detail.evicted}`, [at]);
    });
}

export default defineCheck({
  id: 'LANE-EVICT-OLDEST',
  scenarios: [
    // six windows more than there are places; then a mark that reaches back to what is left: the newest
    ...CONFIGS.map((config) =>
      stepped(
        config,
        ...[register(1), emit(1, 'detail', eventsOf(config.detailCapacity)), mark(1), settle(4096)],
        ...[leave(1), settle(4096)],
      ),
    ),
  ],
  also: [
    {
      needs: ['metrics'],
      scenarios: [stepped(CONFIG, register(1), emit(1, 'detail', 19), mark(1), metrics(), leave(1), settle(4096))],
    },
  ],
  judge(history) {
    const refused = findWrongOutcome(
      history,
      (record) =>
        record.type === 'emit' && record.lane === 'detail' ? `a detail emit of thread ${record.thread}` : undefined,
      ['accepted'],
      'met only unmarked windows, of which the oldest should have been evicted,',
    );
    if (refused.length > 0) return refused;
    const { deliveries } = analyse(history).lane(1, 'detail');
    const first = deliveries[0];
    // places hold all but the first six windows (of four places: events 12 to 18), which are open or within the pre-roll
    const newest = 12;
    const all = eventsOf(analyse(history).config('detailCapacity', 8));
    if (first === undefined || first.from !== newest || acknowledged(history, { lane: 'detail' }) !== all - newest) {
      const seen =
        first === undefined ? 'nothing' : `${acknowledged(history, { lane: 'detail' })} events from ${first.from}`;
      return [
        finding(
          'eviction',
          `thread 1: after evictions a mark over all windows that are left delivered ${seen}: not the oldest windows were evicted`,
          `events ${newest} to ${all - 1}`,
          seen,
          [...(first === undefined ? [] : [first.record]), history.length - 1],
        ),
      ];
    }
    return [...findUncounted(history), ...findTorn(history), ...findDisorder(history)];
  },
});
