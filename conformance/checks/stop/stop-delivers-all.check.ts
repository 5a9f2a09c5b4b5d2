// STOP-DELIVERS-ALL: stop() delivers everything accepted, from threads that are active, leaving or dead, once.
import type { HistoryRecord, ScenarioInput } from '../../../spec/index.js';
import { defineCheck } from '../../check.js';
import {
  acknowledged,
  delivering,
  findDuplicates,
  findLoss,
  finding,
  recordsOf,
  type Finding,
} from '../../checkers/index.js';
import { innerIterations, isRealStop } from '../../checkers/settled.js';
import { mixed } from '../../scenarios/arbitrary.js';
import { emit, leave, register, sink, stepped, stop, threads, turn } from '../../scenarios/build.js';

const ids = threads(5);

export default defineCheck({
  id: 'STOP-DELIVERS-ALL',
  scenarios: [
    stepped(
      { detailCapacity: 0, quantum: 4 },
      ...ids.map((id) => register(id)),
      ...ids.map((id) => emit(id, 'index', 20 + id)),
      leave(2),
      turn(),
      leave(4),
      stop(),
    ),
    stepped(
      { detailCapacity: 0, maxIterationVisits: 1, maxIterationEvents: 1 },
      ...ids.map((id) => register(id)),
      ...ids.map((id) => emit(id, 'index', 3)),
      stop(),
    ),
    // the sink is well again before the deadline
    stepped(
      { detailCapacity: 0, quantum: 4 },
      ...[register(1), register(2), emit(1, 'index', 9), emit(2, 'index', 5), sink('throw', { times: 30 }), stop()],
    ),
    // the same, long after a second: the deadline has more nanoseconds than a word of 32 bits counts
    stepped(
      { detailCapacity: 0 },
      ...[register(1), emit(1, 'index', 5), turn(), emit(1, 'index', 5)],
      ...[sink('throw', { times: 20, costNs: 100_000_000 }), stop()],
    ),
    // every slot is taken, the last one too; and one slot alone
    ...[ids, [1]].map((all) =>
      stepped(
        { detailCapacity: 0, quantum: 4, slots: all.length },
        ...all.map((id) => register(id)),
        ...[...all].reverse().map((id) => emit(id, 'index', 5)),
        stop(),
      ),
    ),
  ],
  generated: { arbitrary: mixed({ leaves: true }).map(endedByStop), runs: 60 },
  judge(history) {
    return delivering(history, () => {
      const incomplete = recordsOf(history, 'stop').find(({ record }) => !record.complete);
      const fault =
        incomplete === undefined
          ? []
          : [
              finding(
                'stop',
                `stop() with a sound sink says it is not complete (left ${incomplete.record.leftIndex})`,
                'complete',
                'incomplete',
                [incomplete.at],
              ),
            ];
      const lost = findLoss(history).map((loss) => ({
        ...loss,
        message: `stop() did not deliver everything: ${loss.message}`,
      }));
      return [...fault, ...lost, ...findDuplicates(history), ...findMiscounts(history)];
    });
  },
});

/** What stop() says it delivered, and what the sink took from it. */
function findMiscounts(history: readonly HistoryRecord[]): Finding[] {
  const inner = innerIterations(history);
  return recordsOf(history, 'stop').flatMap(({ record, at }) => {
    if (!isRealStop(record)) return [];
    const isOthers = (one: HistoryRecord, i: number): boolean =>
      i < at &&
      ((one.type === 'iteration' && !inner.has(i)) || one.type === 'visit' || (one.type === 'stop' && isRealStop(one)));
    const before = acknowledged(history, { before: history.findLastIndex(isOthers) + 1 });
    const delivered = acknowledged(history, { before: at }) - before;
    if (record.delivered === delivered) return [];
    const message = `stop() says that it delivered ${record.delivered} events, and the sink took ${delivered} from it`;
    return [finding('stop', message, `delivered ${delivered}`, `${record.delivered}`, [at])];
  });
}

/** The same scenario, cut off by a stop where it would have settled. */
function endedByStop(scenario: ScenarioInput): ScenarioInput {
  if (scenario.mode !== 'stepped') return scenario;
  return { ...scenario, steps: [...scenario.steps.filter((step) => step.op !== 'settle'), stop()] };
}
