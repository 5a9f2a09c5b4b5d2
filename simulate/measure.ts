/** Watches a run: the figures of fairness as `metrics().fairness` has them, and what a user would see besides. */
import { fairnessIndex, maxMinShares } from '../spec/index.js';
import type { Arranged } from './arrangement.js';
import { LagTracker } from './lag.js';
import { LatencyHistogram } from './latency.js';
import type { Load } from './load.js';
import type { NodeQueue } from './node-queue.js';
import type { SimThread } from './sim-thread.js';
import type { DrainObserver, VisitSeen } from './virtual-drain.js';

/** One window, at its end. */
export interface WindowSeen {
  readonly atNs: number;
  /** Of each group: what it was delivered of its part by weight; undefined when it wanted nothing. */
  readonly share: readonly (number | undefined)[];
  /** Jain's index, and the smallest part, by the shares that the policy heeds. */
  readonly jain: number;
  readonly minShare: number;
  readonly serviceLag: number;
  readonly longestWait: number;
  /** The largest of any queue's. */
  readonly quantum: number;
}

export interface GroupSeen {
  events: number;
  longestWaitVisits: number;
  longestWaitNs: number;
  readonly latency: LatencyHistogram;
  /** In the whole run: delivered, by what its weights would have given it; undefined when it wanted nothing. */
  share: number | undefined;
}

export class Measure implements DrainObserver {
  events = 0;
  visits = 0;
  skips = 0;
  writes = 0;
  readonly groups: GroupSeen[];
  readonly windows: WindowSeen[] = [];
  readonly quantum = { least: Infinity, most: 0 };
  /** In the whole run, the smallest part of a thread, by the shares that the policy heeds. */
  minShare = 1;
  /** Largest lag between threads of one node, in any window. */
  lagWithinNode = 0;
  readonly #threads: readonly SimThread[];
  readonly #windowVisits: number;
  readonly #lag = new LagTracker<SimThread>();
  readonly #lagOfQueue = new Map<NodeQueue, LagTracker<SimThread>>();
  #queueOf!: (thread: SimThread) => NodeQueue;
  #visitsInWindow = 0;
  #waitInWindow = 0;
  #begun = false;
  #perNode = false;
  #quantumNow = 0;

  constructor({ groups }: Load, threads: readonly SimThread[], windowVisits: number) {
    this.#threads = threads;
    this.#windowVisits = windowVisits;
    this.groups = groups.map(() => ({
      events: 0,
      longestWaitVisits: 0,
      longestWaitNs: 0,
      latency: new LatencyHistogram(),
      share: undefined,
    }));
  }

  /** To be told before the run begins who serves whom. */
  watch({ queues }: Arranged): void {
    this.#perNode = queues.length > 1;
    const ofNode = new Map(queues.map((queue) => [queue.node, queue]));
    this.#queueOf = ({ node }) => (this.#perNode ? ofNode.get(node) : queues[0])!;
    for (const queue of queues) this.#lagOfQueue.set(queue, new LagTracker());
    this.#noteQuanta();
  }

  discovered(): void {
    if (this.#begun) return;
    this.#begun = true;
    const waiting = this.#threads.filter(({ queued }) => queued);
    this.#lag.begin(waiting);
    if (!this.#perNode) return;
    for (const [queue, lag] of this.#lagOfQueue) lag.begin(waiting.filter(({ node }) => node === queue.node));
  }

  delivered(thread: SimThread, first: number, count: number, at: number): void {
    if (!thread.hasArrivalTimes) return;
    const { latency } = this.groups[thread.group]!;
    for (let k = first; k < first + count; k += 1) latency.add(at - thread.arrivalOf(k));
  }

  visited({ thread, queue, events, writes, waitVisits, waitNs }: VisitSeen): void {
    const group = this.groups[thread.group]!;
    this.events += events;
    this.visits += 1;
    this.writes += writes;
    this.#visitsInWindow += 1;
    group.events += events;
    group.longestWaitVisits = Math.max(group.longestWaitVisits, waitVisits);
    group.longestWaitNs = Math.max(group.longestWaitNs, waitNs);
    this.#waitInWindow = Math.max(this.#waitInWindow, waitVisits);
    const service = events / queue.scheduler.shareOf(thread);
    this.#lag.served(thread, service);
    if (this.#perNode) this.#lagOfQueue.get(queue)!.served(thread, service);
  }

  skipped(): void {
    this.skips += 1;
  }

  /** Who got all it had is even with everybody, whatever it gets next: it no longer counts in this window's lag. */
  caughtUp(thread: SimThread): void {
    this.#lag.drop(thread);
    if (this.#perNode) this.#lagOfQueue.get(this.#queueOf(thread))!.drop(thread);
  }

  iterationEnded(now: number): void {
    this.#noteQuanta();
    if (this.#visitsInWindow >= this.#windowVisits) this.#endWindow(now);
  }

  /** The run is over; a window that never ended counts only if no other did. */
  end(now: number): void {
    if (this.windows.length === 0 && this.#visitsInWindow > 0) this.#endWindow(now);
    const whole = this.#partsOf(({ delivered }) => delivered, now);
    this.minShare = whole.minShare;
    this.groups.forEach((group, i) => (group.share = whole.share[i]));
  }

  #noteQuanta(): void {
    const quanta = [...this.#lagOfQueue.keys()].map(({ scheduler }) => scheduler.quantum);
    this.#quantumNow = Math.max(...quanta);
    this.quantum.least = Math.min(this.quantum.least, ...quanta);
    this.quantum.most = Math.max(this.quantum.most, this.#quantumNow);
  }

  #endWindow(now: number): void {
    this.windows.push({
      atNs: now,
      ...this.#partsOf(({ deliveredInWindow }) => deliveredInWindow, now),
      serviceLag: this.#lag.largest,
      longestWait: this.#waitInWindow,
      quantum: this.#quantumNow,
    });
    const within = this.#perNode ? [...this.#lagOfQueue.values()].map(({ largest }) => largest) : [this.#lag.largest];
    this.lagWithinNode = Math.max(this.lagWithinNode, ...within);
    for (const thread of this.#threads) thread.deliveredInWindow = 0;
    this.#visitsInWindow = this.#waitInWindow = 0;
    this.#begun = false;
  }

  /** What everybody got, by weighted max-min of what it wanted: that is delivered, and what waits now. */
  #partsOf(delivered: (thread: SimThread) => number, now: number): Pick<WindowSeen, 'share' | 'jain' | 'minShare'> {
    const wanted = this.#threads.map((thread) => ({
      thread,
      delivered: delivered(thread),
      demand: delivered(thread) + (thread.gone ? 0 : thread.pendingAt(now)),
      weight: this.#queueOf(thread).scheduler.shareOf(thread),
    }));
    const demands = wanted.map(({ demand }) => demand);
    const total = wanted.reduce((sum, one) => sum + one.delivered, 0);
    const ideal = maxMinShares(
      demands,
      wanted.map(({ weight }) => weight),
      total,
    );
    const byWeight = maxMinShares(
      demands,
      wanted.map(({ thread }) => thread.weight),
      total,
    );
    const got = this.groups.map(() => 0);
    const due = this.groups.map(() => 0);
    let minShare = 1;
    wanted.forEach((one, i) => {
      if (ideal[i]! > 0) minShare = Math.min(minShare, one.delivered / ideal[i]!);
      got[one.thread.group]! += one.delivered;
      due[one.thread.group]! += byWeight[i]!;
    });
    const share = due.map((part, i) => (part > 0 ? got[i]! / part : undefined));
    return { share, jain: fairnessIndex(wanted), minShare };
  }
}
