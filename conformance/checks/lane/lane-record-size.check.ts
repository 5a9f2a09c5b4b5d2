// LANE-RECORD-SIZE: An emit of a record that has not exactly the configured size throws RECORD_SIZE, and the
// lanes stay as they were.
import type { HistoryRecord } from '../../../spec/index.js';
import { defineCheck } from '../../check.js';
import {
  findLoss,
  findPhantoms,
  findTorn,
  findWindowFaults,
  findWrongOutcome,
  finding,
  recordsOf,
} from '../../checkers/index.js';
import { emit, emitSize, mark, register, settle, stepped } from '../../scenarios/build.js';

/** The last two are the right size in 8 bits, and in 16. */
const sizesBeside = (bytes: number): number[] => [0, 31, 33, 64, bytes + 2 ** 8, bytes + 2 ** 16];
const WRONG = sizesBeside(0).length;

export default defineCheck({
  id: 'LANE-RECORD-SIZE',
  scenarios: [
    stepped(
      { detailCapacity: 0, indexCapacity: 16 },
      register(1),
      emit(1, 'index', 2),
      ...sizesBeside(32).map((bytes) => emitSize(1, 'index', bytes)),
      emit(1, 'index', 3),
      settle(4096),
    ),
    // a full lane is no reason not to look
    stepped(
      { detailCapacity: 0, indexCapacity: 4 },
      ...[
        register(1),
        emit(1, 'index', 4),
        ...sizesBeside(32).map((bytes) => emitSize(1, 'index', bytes)),
        settle(4096),
      ],
    ),
  ],
  also: [
    {
      needs: ['detail'],
      scenarios: [
        stepped(
          { detailCapacity: 8, windowRecords: 2, detailRecordBytes: 40 },
          register(1),
          mark(1),
          emit(1, 'detail', 1),
          ...sizesBeside(40).map((bytes) => emitSize(1, 'detail', bytes)),
          emit(1, 'detail', 3),
          settle(4096),
        ),
      ],
    },
  ],
  judge(history, scenario) {
    // a lane that holds less than was configured may be full before it is filled
    const configured = Number(scenario.config?.['indexCapacity'] ?? 0);
    const attempts = recordsOf(history, 'emit');
    const wrong = findWrongOutcome(
      history,
      (record) =>
        record.type === 'emit' &&
        record.outcome !== 'accepted' &&
        !(record.outcome === 'LANE_FULL' && record.from < configured)
          ? `an emit of thread ${record.thread}`
          : undefined,
      ['RECORD_SIZE'],
      'with a record of a wrong size should throw RECORD_SIZE',
    );
    const refused = attempts
      .filter(({ record }) => record.outcome === 'RECORD_SIZE')
      .reduce((sum, { record }) => sum + record.count, 0);
    if (refused < WRONG && wrong.length === 0) {
      return [
        finding(
          'record-size',
          `${WRONG - refused} of ${WRONG} records of a wrong size were not refused`,
          'RECORD_SIZE',
          'accepted',
          [history.length - 1],
        ),
      ];
    }
    return [...wrong, ...delivered(history)];
  },
});

function delivered(history: readonly HistoryRecord[]): ReturnType<typeof findLoss> {
  return [...findLoss(history), ...findWindowFaults(history), ...findPhantoms(history), ...findTorn(history)];
}
