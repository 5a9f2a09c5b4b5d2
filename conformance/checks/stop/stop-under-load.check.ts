// STOP-UNDER-LOAD: A stop() that races with emitting threads ends; every event whose emit was accepted is
// delivered, every later one is told STOPPED.
import { defineCheck } from '../../check.js';
import {
  delivering,
  findDisorder,
  findDuplicates,
  findLoss,
  findPhantoms,
  finding,
  recordsOf,
} from '../../checkers/index.js';
import { free, threads } from '../../scenarios/build.js';

const programs = threads(8).map((threadId) => ({ threadId, events: 3_000_000 }));

export default defineCheck({
  id: 'STOP-UNDER-LOAD',
  scenarios: [
    free({ detailCapacity: 0, slots: 8, indexCapacity: 1024 }, programs, { stopAfter: 20_000 }),
    free({ detailCapacity: 0, slots: 8, indexCapacity: 64 }, programs, { stopAfter: 50_000, pace: 'turn' }),
    // long lanes: nobody waits for room, so that stop() meets threads in the middle of an emit
    ...Array.from({ length: 8 }, () =>
      free({ detailCapacity: 0, slots: 8, indexCapacity: 65_536 }, programs, { stopAfter: 30_000, pace: 'turn' }),
    ),
  ],
  also: [
    {
      // both lanes, as groups and one by one
      needs: ['detail', 'submit'],
      scenarios: Array.from({ length: 2 }, () =>
        free(
          { slots: 8, indexCapacity: 65_536, detailCapacity: 1024, windowRecords: 64, detailRecordBytes: 64 },
          programs.map((program) => ({ ...program, detailEvery: 2, markEvery: 100 })),
          { stopAfter: 30_000, pace: 'turn' },
        ),
      ),
    },
  ],
  judge(history) {
    return delivering(history, () => {
      const stopped = recordsOf(history, 'life').filter(({ record }) => record.ended === 'stopped').length;
      if (stopped === 0) return { inconclusive: 'no thread was emitting when stop() came' };
      const incomplete = recordsOf(history, 'stop').find(({ record }) => !record.complete);
      const fault =
        incomplete === undefined
          ? []
          : [finding('stop-load', 'stop() under load did not finish', 'complete', 'incomplete', [incomplete.at])];
      return [
        ...fault,
        ...findLoss(history),
        ...findDuplicates(history),
        ...findPhantoms(history),
        ...findDisorder(history),
      ];
    });
  },
});
