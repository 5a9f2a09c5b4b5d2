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
import { begin, commit, emit, metrics, register, settle, sink, stepped, threads, turn } from '../../scenarios/build.js';

const looks = [metrics(), metrics(), metrics()];
const TURNS = 24;

/** A batch that fails again and again, and a thread beside it; looks between the turns on demand. */
const failing = (look: boolean): StepInput[] => [
  ...[emit(1, 'index', 6), emit(2, 'index', 30), sink('throw', { thread: 1 })],
  ...Array.from({ length: TURNS }, () => [turn(), ...(look ? looks : [])]).flat(),
  ...[sink('accept'), turn(20), settle(4096)],
];

/** A thread that is skipped, and three beside it; fewer visits an iteration than threads, so that their order shows. */
const skipped = (look: boolean): StepInput[] => [
  ...threads(4).map((id) => emit(id, 'index', 60)),
  ...Array.from({ length: TURNS }, (_, n) => [
    ...[turn(), ...(look ? looks : [])],
    ...(n % 7 === 0 ? [begin(2, 1)] : n % 7 === 5 ? [commit(2)] : []),
  ]).flat(),
  ...[commit(2), settle(4096)],
];

/** Threads are served, skipped, fail and settle without looks, and then in the same way with looks: nothing may differ. */
function findInfluence(history: readonly HistoryRecord[], scenario: ScenarioInput): Finding[] {
  if (![TWICE, SKIPPED, MET].some((twice) => JSON.stringify(scenario) === JSON.stringify(twice))) return [];
  const turns = recordsOf(history, 'iteration').map(({ record, at }) => ({ ...record, at }));
  const phases = recordsOf(history, 'emit')
    .filter(({ record }) => record.thread === 1)
    .map(({ at }) => turns.filter((turn) => turn.at < at).length);
  const second = phases.at(-1) ?? 0;
  const told = (from: number): string[] =>
    turns.slice(from, from + TURNS).map(({ delivered, batches, sinkFailures, at }) => {
      const begin = history.slice(0, at).findLastIndex(({ type }) => type === 'iteration');
      const batchesOf = recordsOf(history.slice(0, at), 'batch').filter((batch) => batch.at > begin);
      const order = batchesOf.map(({ record }) => record.thread).join(', ');
      return `${delivered} of ${batches} batches (threads ${order}), ${sinkFailures} failed`;
    });
  const [plain = [], ...others] = [...new Set(phases)].map(told);
  const looked = others.pop() ?? [];
  // a drain that does not do the same twice by itself shows nothing
  if (others.some((other) => JSON.stringify(other) !== JSON.stringify(plain))) return [];
  const differs = plain.findIndex((turn, i) => turn !== looked[i]);
  if (differs === -1) return [];
  const message = `iteration ${differs} of two equal runs differs when the metrics are read between the iterations: looking changed something`;
  return [
    finding('peek', message, plain[differs] ?? 'nothing', looked[differs] ?? 'nothing', [turns[second]?.at ?? 0]),
  ];
}

/** Threads that emit in the reverse order of their slots, and are visited one an iteration: looks between the emits. */
const metLate = (look: boolean): StepInput[] => [
  ...[...threads(4)].reverse().flatMap((id) => [emit(id, 'index', 6), ...(look ? looks : [])]),
  ...Array.from({ length: TURNS }, () => turn()),
  settle(4096),
];

const TWICE = stepped(
  { detailCapacity: 0, quantum: 4, maxBackoffIterations: 8 },
  ...[register(1), register(2), ...failing(false), ...failing(true)],
);

const SKIPPED = stepped(
  { detailCapacity: 0, quantum: 4, maxSkips: 2, maxIterationVisits: 2 },
  ...[...threads(4).map((id) => register(id)), ...skipped(false), ...skipped(false), ...skipped(true)],
);

const MET = stepped(
  { detailCapacity: 0, quantum: 4, maxIterationVisits: 1 },
  ...[...threads(4).map((id) => register(id)), turn(), ...metLate(false), ...metLate(false), ...metLate(true)],
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
    MET,
  ],
  also: [{ needs: ['submit'], scenarios: [SKIPPED] }],
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
