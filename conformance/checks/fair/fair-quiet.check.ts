// FAIR-QUIET: One event in a quiet lane beside threads with large backlogs is delivered within one iteration,
// whatever their backlog.
import fc from 'fast-check';
import type { ScenarioInput } from '../../../spec/index.js';
import { defineCheck } from '../../check.js';
import { acceptedEvents, acknowledged, delivering, finding, recordsOf } from '../../checkers/index.js';
import { emit, mark, register, seal, stepped, steppedWith, threads, turn } from '../../scenarios/build.js';

/** A quiet thread among n others with large backlogs; its event comes between two iterations, or during this write. */
const scenario = (
  n: number,
  quiet: number,
  quantum: number,
  turns: number,
  write?: number,
  config: object = {},
): ScenarioInput =>
  steppedWith(
    { detailCapacity: 0, quantum, ...config },
    write === undefined ? {} : { [write]: [emit(quiet, 'index', 1)] },
    ...threads(n).map((id) => register(id)),
    ...threads(n).flatMap((id) => (id === quiet ? [] : [emit(id, 'index', 1000)])),
    turn(turns),
    ...(write === undefined ? [emit(quiet, 'index', 1)] : []),
    turn(2),
  );

export default defineCheck({
  id: 'FAIR-QUIET',
  scenarios: [
    ...[1, 8, 64].map((quantum) => scenario(9, 9, quantum, 2)),
    scenario(9, 1, 8, 2),
    scenario(64, 30, 4, 1),
    scenario(9, 5, 8, 2, 3),
  ],
  also: [
    { needs: ['weights'], scenarios: [scenario(64, 64, 8, 2, undefined, { policy: 'weighted-fair' })] },
    { needs: ['priorities'], scenarios: [scenario(64, 64, 8, 2, undefined, { policy: 'priority' })] },
    { needs: ['adaptive'], scenarios: [scenario(64, 64, 8, 2, undefined, { policy: 'adaptive' })] },
    {
      needs: ['detail'],
      scenarios: [
        // the quiet lane is a detail lane
        ...[1, 2, 3].map((turns) =>
          stepped(
            { quantum: 8, detailCapacity: 16, windowRecords: 4, detailRecordBytes: 64 },
            ...threads(5).map((id) => register(id)),
            ...threads(4).map((id) => emit(id, 'index', 1000)),
            ...[turn(turns), mark(5), emit(5, 'detail', 1), seal(5), turn(2)],
          ),
        ),
      ],
    },
  ],
  generated: {
    arbitrary: fc
      .tuple(
        fc.integer({ min: 2, max: 8 }),
        fc.nat(7),
        fc.integer({ min: 1, max: 64 }),
        fc.nat(4),
        fc.option(fc.nat(6)),
      )
      .map(([n, quiet, quantum, turns, write]) => scenario(n, 1 + (quiet % n), quantum, turns, write ?? undefined)),
    runs: 50,
  },
  judge(history, input) {
    const nested = input.mode === 'stepped' && (input.duringBatch ?? []).length > 0;
    const quiet = recordsOf(history, 'emit').find(({ record }) => record.count === 1);
    return delivering(history, () => {
      const iterations = recordsOf(history, 'iteration').map(({ at }) => at);
      // an event that comes while an iteration is under way has the whole next one
      const by = iterations.filter((at) => at > (quiet?.at ?? Infinity))[nested ? 1 : 0];
      if (quiet === undefined || by === undefined) return { inconclusive: 'no whole iteration followed the event' };
      if (acceptedEvents(history) - acknowledged(history, { before: by }) < 100)
        return { inconclusive: 'the others had no large backlog' };
      const { thread } = quiet.record;
      if (acknowledged(history, { thread, before: by }) === 1) return [];
      const message = `one event in the quiet lane of thread ${thread} was not delivered in the next iteration, beside threads with large backlogs`;
      return [finding('quiet', message, 'delivered within one iteration', 'still waiting', [quiet.at, by])];
    });
  },
});
