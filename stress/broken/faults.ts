/** Drains with one fault each that only a load shows, and the target that must fail them. */
import type { Fault } from '../../conformance/broken/fault.js';
import type { NativeFault } from '../../conformance/broken/native-fault.js';
import type { MetricName } from '../metrics.js';

interface Caught {
  /** The scenario that it is judged by. */
  readonly scenario: string;
  /** The target that must fail. */
  readonly metric: MetricName;
}

type ReferenceStressFault = Omit<Fault, 'requirement' | 'phrase'> & Caught;
type NativeStressFault = Omit<NativeFault, 'requirement' | 'phrase'> & Caught;
export type StressFault = ReferenceStressFault | NativeStressFault;

const WAIT = "Atomics.wait(arena.words, sequence, seen, longest) === 'timed-out' ? 'timeout' : 'woken'";

export const STRESS_FAULTS: readonly StressFault[] = [
  {
    name: 'stress-leaks-per-thread',
    what: 'What the drain knew of a thread is never let go.',
    scenario: 'churn',
    metric: 'heapGrowthMbPerChurn',
    edits: [
      {
        file: 'thread-drain-state.ts',
        find: 'export class ThreadDrainState extends',
        replace: 'const kept: unknown[] = [];\n\nexport class ThreadDrainState extends',
      },
      { file: 'thread-drain-state.ts', find: '    super();\n', replace: '    super();\n    kept.push(this);\n' },
    ],
  },
  {
    name: 'stress-sleeps-too-long',
    what: 'The drain sleeps four times its bound, and no event wakes it.',
    scenario: 'alone',
    metric: 'latencyP50Ms',
    edits: [{ file: 'wake.ts', find: WAIT, replace: "(pauseMs(4 * longest), 'timeout')" }],
  },
  {
    name: 'stress-spins',
    what: 'The drain looks for work without end instead of sleeping.',
    scenario: 'idle',
    metric: 'cpuPercentSteady',
    edits: [
      {
        file: 'wake.ts',
        find: `    why = ${WAIT};`,
        replace: '    for (const end = performance.now() + longest; performance.now() < end && !hasWork(); );',
      },
    ],
  },
  {
    name: 'stress-stalls-under-burst',
    what: 'A visit to a thread with a long backlog takes 20 ms.',
    scenario: 'burst',
    metric: 'burstRecoveryMs',
    edits: [
      {
        file: 'visit.ts',
        find: "import { closeLane } from './slot-state.js';",
        replace: "import { closeLane } from './slot-state.js';\nimport { pauseMs } from './wake.js';",
      },
      {
        file: 'visit.ts',
        find: '    const due = thread.dueDetail(this.#at.final, this.#at.detailTail);',
        replace:
          '    if (pending > 3000) pauseMs(20);\n    const due = thread.dueDetail(this.#at.final, this.#at.detailTail);',
      },
    ],
  },
  {
    name: 'stress-loses-one-in-ten-million',
    what: 'One event in ten million is skipped, and counted as delivered.',
    base: 'native',
    scenario: 'throughput',
    metric: 'eventsLost',
    edits: [
      {
        file: 'visit.cpp',
        find: '  const std::uint32_t place = head & (config_.index_capacity - 1);\n  const std::uint32_t first',
        replace: `  static std::uint64_t seen = 0;
  seen += count;
  if (seen >= 10'000'000 && count > 1) {
    seen -= 10'000'000;
    ++head;
    --count;
    ++t.index.delivered;
  }
  const std::uint32_t place = head & (config_.index_capacity - 1);
  const std::uint32_t first`,
      },
    ],
  },
];
