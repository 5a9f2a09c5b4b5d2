// ITER-QUANTUM: A visit delivers at most its thread’s credit in events, both lanes together.
import type { HistoryRecord, ScenarioInput } from '../../../spec/index.js';
import { defineCheck } from '../../check.js';
import { analyse, delivering, finding, recordsOf, visitsOf, type Finding } from '../../checkers/index.js';
import { mixed } from '../../scenarios/arbitrary.js';
import {
  acquire,
  emit,
  mark,
  register,
  release,
  settle,
  stepped,
  steppedWith,
  turn,
  visit,
} from '../../scenarios/build.js';

const QUANTUM = 6;

export default defineCheck({
  id: 'ITER-QUANTUM',
  scenarios: [1, 7, 6, 100]
    .map((count) =>
      stepped(
        { detailCapacity: 0, quantum: QUANTUM },
        register(1),
        register(2),
        emit(1, 'index', count),
        emit(2, 'index', 20),
        turn(4),
        settle(4096),
      ),
    )
    .concat([
      // the least that there is
      stepped(
        { detailCapacity: 0, quantum: 1 },
        ...[register(1), register(2), emit(1, 'index', 3), emit(2, 'index', 5), turn(9)],
      ),
      // weights count under weighted fair only
      stepped(
        { detailCapacity: 0, quantum: QUANTUM, policy: 'round-robin' },
        ...[register(1, 3), register(2), emit(1, 'index', 50), emit(2, 'index', 50), turn(4), settle(4096)],
      ),
      // who has one event more each time he is visited saves nothing up
      steppedWith(
        { detailCapacity: 0, quantum: QUANTUM },
        Object.fromEntries(Array.from({ length: 40 }, (_, write) => [write, [emit(1, 'index', 1)]])),
        ...[register(1), register(2), emit(1, 'index', 1), emit(2, 'index', 200), turn(10), emit(1, 'index', 60)],
        ...[turn(3), settle(4096)],
      ),
    ]),
  also: [
    {
      needs: ['submit'],
      // by hand, for less than a quantum and for more than one
      scenarios: [
        stepped(
          { detailCapacity: 0, quantum: QUANTUM },
          ...[register(1), register(2), emit(1, 'index', 40), emit(2, 'index', 20), turn(), acquire(1), visit(1, 2)],
          ...[visit(1, 1), visit(1, 9), release(1), acquire(2), visit(2, 5), release(2), settle(4096)],
        ),
      ],
    },
    {
      needs: ['submit', 'detail'],
      scenarios: [
        stepped(
          { quantum: QUANTUM, detailCapacity: 64, windowRecords: 8, detailRecordBytes: 64, preRoll: 8 },
          ...[register(1), emit(1, 'detail', 24), mark(1), emit(1, 'index', 20), turn(), acquire(1), visit(1, 3)],
          ...[visit(1, 1), visit(1, 11), release(1), settle(4096)],
        ),
      ],
    },
    {
      needs: ['detail'],
      // both lanes are longer than a visit
      scenarios: [2, QUANTUM, 20].map((quantum) =>
        stepped(
          { quantum, detailCapacity: 64, windowRecords: 8, detailRecordBytes: 64, preRoll: 8 },
          ...[register(1), emit(1, 'detail', 60), mark(1), emit(1, 'index', 50), settle(4096)],
        ),
      ),
    },
  ],
  generated: { arbitrary: mixed(), runs: 80 },
  judge(history, scenario) {
    return delivering(history, () => {
      const quantum = analyse(history).config('quantum', QUANTUM);
      const scheduled = visitsOf(history)
        .filter(({ index, detail, byHand }) => !byHand && index + detail > quantum)
        .map(({ thread, index, detail, records }) =>
          finding(
            'quantum',
            `a visit to thread ${thread} delivered ${index + detail} events, its quantum is ${quantum}`,
            `at most ${quantum} events a visit`,
            `${index + detail}`,
            records,
          ),
        );
      return [...scheduled, ...findHandFaults(history, scenario)];
    });
  },
});

/** A visit by hand has a credit of its own: what its caller asks for. */
function findHandFaults(history: readonly HistoryRecord[], scenario: ScenarioInput): Finding[] {
  if (scenario.mode !== 'stepped') return [];
  const asked = scenario.steps.flatMap((step) => (step.op === 'visit' ? [step.maxEvents] : []));
  const made = recordsOf(history, 'visit');
  if (made.length !== asked.length) return [];
  let begin = 0;
  return made.flatMap(({ at }, i): Finding[] => {
    const batches = recordsOf(history.slice(0, at), 'batch').filter((batch) => batch.at >= begin);
    const from = history.slice(0, at).findLastIndex(({ type }) => type === 'iteration' || type === 'acquire');
    const events = batches.filter((batch) => batch.at > from).reduce((sum, { record }) => sum + record.acknowledged, 0);
    begin = at;
    if (events <= asked[i]!) return [];
    const message = `a visit by hand was to deliver ${asked[i]} events at most, and delivered ${events}`;
    return [finding('quantum', message, `at most ${asked[i]}`, `${events}`, [at])];
  });
}
