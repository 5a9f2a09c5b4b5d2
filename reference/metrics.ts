/** Metrics: what happened, counted where it happened. Looking changes nothing. */
import { fairnessIndex } from '../spec/bounds.js';
import type { DrainMetrics, IterationResult, LaneLedger, ThreadMetrics } from '../spec/contract.js';
import { SLOT } from '../spec/layout.js';
import type { DrainIterator } from './drain-iterator.js';
import { distance } from './index-lane.js';
import type { LaneCounts, ThreadDrainState } from './thread-drain-state.js';

type Sums = { -readonly [K in keyof LaneLedger]: number };
const zero = (): Sums => ({ attempted: 0, accepted: 0, rejected: 0, delivered: 0, pending: 0, evicted: 0, left: 0 });

function add(sums: Sums, ledger: LaneLedger): void {
  for (const key of Object.keys(sums) as (keyof Sums)[]) sums[key] += ledger[key];
}

/** Counters of a drain, and the ledgers of the threads that are gone. */
export class DrainCounters {
  iterations = 0;
  visits = 0;
  skips = 0;
  batches = 0;
  sinkFailures = 0;
  registered = 0;
  reclaimed = 0;
  wakeups = 0;
  iterationNs = 0;
  longestIterationNs = 0;
  readonly goneIndex = zero();
  readonly goneDetail = zero();

  countIteration(result: IterationResult, ns: number): void {
    this.iterations += 1;
    this.visits += result.visits;
    this.skips += result.skips;
    this.batches += result.batches;
    this.sinkFailures += result.sinkFailures;
    this.iterationNs += ns;
    this.longestIterationNs = Math.max(this.longestIterationNs, ns);
  }

  /** Keeps the ledger of a thread that is gone. */
  retire(thread: ThreadDrainState): void {
    add(this.goneIndex, indexLedger(thread));
    add(this.goneDetail, detailLedger(thread));
  }

  /** The same for a thread that another drain reclaimed: what it delivered is in the books of that drain. */
  retireElsewhere({ index, detail }: ThreadDrainState): void {
    for (const [sums, { delivered }] of [
      [this.goneIndex, index],
      [this.goneDetail, detail],
    ] as const) {
      add(sums, { ...zero(), attempted: delivered, accepted: delivered, delivered });
    }
  }
}

/** `due` is what a stop that gave up left behind: of what is pending, that part is called left. */
function ledger(counts: LaneCounts, rejected: number, pending: number, due: number, evicted: number): LaneLedger {
  const { accepted, delivered } = counts;
  return { attempted: accepted + rejected, accepted, rejected, delivered, pending: pending - due, evicted, left: due };
}

function indexLedger(thread: ThreadDrainState): LaneLedger {
  thread.countAccepted();
  const pending = distance(thread.lane.tail, thread.lane.head);
  return ledger(thread.index, thread.counter(SLOT.indexRejected), pending, thread.isStopped ? pending : 0, 0);
}

function detailLedger(thread: ThreadDrainState): LaneLedger {
  thread.countAccepted();
  const evicted = thread.counter(SLOT.detailEvicted) + thread.evictedAtEnd;
  const left = thread.isStopped ? thread.dueDetail(true) : 0;
  return ledger(thread.detail, thread.counter(SLOT.detailRejected), thread.pendingDetail(), left, evicted);
}

function threadMetrics(thread: ThreadDrainState): ThreadMetrics {
  const { threadId, slot, generation, weight, priority, visits, skips, credit, longestWait, share } = thread;
  const [index, detail] = [indexLedger(thread), detailLedger(thread)];
  return {
    ...{ threadId, slot, generation, weight, index, detail, visits, skips, credit, longestWait },
    priority,
    share,
  };
}

export function collectMetrics(drain: DrainIterator): DrainMetrics {
  const { counters, scheduler, window } = drain.parts;
  const present = drain.parts.discovery.present();
  const threads = present.map(threadMetrics);
  const index = { ...counters.goneIndex };
  const detail = { ...counters.goneDetail };
  for (const thread of threads) {
    add(index, thread.index);
    add(detail, thread.detail);
  }
  const demand = present.map((thread, i) => ({
    demand: threads[i]!.index.accepted + threads[i]!.detail.delivered + thread.dueDetail(thread.isLeaving),
    weight: scheduler.shareOf(thread),
    delivered: threads[i]!.index.delivered + threads[i]!.detail.delivered,
  }));
  const {
    iterations,
    visits,
    skips,
    batches,
    sinkFailures,
    registered,
    reclaimed,
    wakeups,
    iterationNs,
    longestIterationNs,
  } = counters;
  return {
    ...{
      iterations,
      visits,
      skips,
      batches,
      sinkFailures,
      registered,
      reclaimed,
      wakeups,
      iterationNs,
      longestIterationNs,
    },
    jain: fairnessIndex(demand),
    fairness: {
      windows: window.windows,
      ...window.figures,
      longestWait: scheduler.longestWait,
      quantum: scheduler.quantum,
      batch: scheduler.batch,
    },
    index,
    detail,
    threads,
  };
}
