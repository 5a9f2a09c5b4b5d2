// METRIC-PEEK: Reading the metrics, any number of times, changes nothing that is delivered, counted or
// scheduled afterwards.
import type { HistoryRecord, ScenarioInput, StepInput } from '../../../spec/index.js';
import { defineCheck } from '../../check.js';
import {
  delivering,
  findDisorder,
  findDuplicates,
  findLoss,
  finding,
  recordsOf,
  type Finding,
} from '../../checkers/index.js';
import { mixed } from '../../scenarios/arbitrary.js';
import { emit, metrics, register, settle, sink, stepped, turn } from '../../scenarios/build.js';

const looks = [metrics(), metrics(), metrics()];
const TURNS = 24;

/** A batch that fails again and again, and a thread beside it; looks between the turns on demand. */
const failing = (look: boolean): StepInput[] => [
  ...[emit(1, 'index', 6), emit(2, 'index', 30), sink('throw', { thread: 1 })],
  ...Array.from({ length: TURNS }, () => [turn(), ...(look ? looks : [])]).flat(),
  ...[sink('accept'), turn(20), settle(4096)],
];

/** Two threads are served, fail and settle without looks, and then in the same way with looks: nothing may differ. */
function findInfluence(history: readonly HistoryRecord[], scenario: ScenarioInput): Finding[] {
  if (JSON.stringify(scenario) !== JSON.stringify(TWICE)) return [];
  const turns = recordsOf(history, 'iteration').map(({ record, at }) => ({ ...record, at }));
  const second = turns.findIndex(({ at }) => history.slice(0, at).some(({ type }) => type === 'metrics')) - 1;
  const told = (from: number): string[] =>
    turns
      .slice(Math.max(0, from), Math.max(0, from) + TURNS)
      .map(({ delivered, batches, sinkFailures }) => `${delivered} of ${batches} batches, ${sinkFailures} failed`);
  const [plain, looked] = [told(0), told(second)];
  const differs = plain.findIndex((turn, i) => turn !== looked[i]);
  if (differs === -1) return [];
  const message = `iteration ${differs} after the sink began to fail differs when the metrics are read between the iterations: looking changed something`;
  return [finding('peek', message, plain[differs]!, looked[differs] ?? 'nothing', [turns[second]?.at ?? 0])];
}

const TWICE = stepped(
  { detailCapacity: 0, quantum: 4, maxBackoffIterations: 8 },
  ...[register(1), register(2), ...failing(false), ...failing(true)],
);

export default defineCheck({
  id: 'METRIC-PEEK',
  scenarios: [
    stepped(
      { detailCapacity: 0, quantum: 4, indexCapacity: 16 },
      register(1),
      ...looks,
      emit(1, 'index', 12),
      ...looks,
      turn(),
      ...looks,
      turn(),
      register(2),
      emit(2, 'index', 6),
      ...looks,
      settle(4096),
      ...looks,
    ),
    TWICE,
  ],
  generated: { arbitrary: mixed({ sinks: true, leaves: true, metrics: true }), runs: 80 },
  judge(history, scenario) {
    return delivering(history, () => {
      const changed = history.flatMap((record, at) => {
        const next = history[at + 1];
        if (record.type !== 'metrics' || next?.type !== 'metrics' || JSON.stringify(record) === JSON.stringify(next))
          return [];
        return [
          finding(
            'peek',
            'two looks at the metrics with nothing between them differ: looking changed something',
            'the same metrics',
            'others',
            [at, at + 1],
          ),
        ];
      });
      const told = recordsOf(history, 'metrics').some(
        ({ record }) => record.index.accepted + record.detail.accepted > 0,
      );
      if (!told) return { inconclusive: 'no metrics told of an accepted event' };
      return [
        ...changed,
        ...findInfluence(history, scenario),
        ...findLoss(history),
        ...findDuplicates(history),
        ...findDisorder(history),
      ];
    });
  },
});
