/**
 * One drain in virtual time: iterations as spec/algorithm.md has them, over the reference's own scheduler, with lanes that are
 * numbers and a sink that takes everything. Every step costs what the load says.
 */
import type { DrainConfig } from '../spec/index.js';
import type { Costs, Numa } from './load.js';
import type { NodeQueue } from './node-queue.js';
import type { SimThread } from './sim-thread.js';

/** Who is told what happens, in order. Times are virtual, ns. */
export interface DrainObserver {
  /** The threads of an iteration are known. */
  discovered(): void;
  /** A batch was written at `at`: events `first` to `first + count - 1` of the thread. */
  delivered(thread: SimThread, first: number, count: number, at: number): void;
  visited(visit: VisitSeen): void;
  skipped(thread: SimThread): void;
  /** A visit delivered all that was there when it began. */
  caughtUp(thread: SimThread): void;
  iterationEnded(now: number): void;
}

export interface VisitSeen {
  readonly thread: SimThread;
  readonly queue: NodeQueue;
  readonly events: number;
  readonly writes: number;
  /** Visits of this drain to others, and time, since its last turn or since it became backlogged. */
  readonly waitVisits: number;
  readonly waitNs: number;
}

/** What the part of an iteration that belongs to one queue has done. */
interface Pass {
  visits: number;
  events: number;
  pending: number;
  writeNs: number;
}

export interface DrainSetup {
  readonly config: DrainConfig;
  readonly costs: Costs;
  readonly numa: Numa;
  /** Moves to the node of the queue that it serves; otherwise it stays on the first one's. */
  readonly moves: boolean;
  /** One, or one for each node, which take turns within an iteration. */
  readonly queues: readonly NodeQueue[];
}

export class VirtualDrain {
  /** Virtual time that it has reached, ns. */
  now = 0;
  visits = 0;
  readonly #setup: DrainSetup;
  readonly #observer: DrainObserver;
  #node: number;

  constructor(setup: DrainSetup, observer: DrainObserver) {
    this.#setup = setup;
    this.#observer = observer;
    this.#node = setup.queues[0]!.node;
  }

  /** When it has something to do: now, or at a later time; Infinity: never again. */
  get nextNs(): number {
    if (this.#setup.queues.some(({ backlogged }) => backlogged > 0)) return this.now;
    const next = this.#setup.queues.reduce((least, { nextNs }) => Math.min(least, nextNs), Infinity);
    return Math.max(this.now, next);
  }

  /** One iteration: everybody who is backlogged has one turn, one queue after another, unless a limit ends it. */
  iterate(): void {
    this.now = this.nextNs;
    const started = this.now;
    const { queues } = this.#setup;
    for (const queue of queues) {
      queue.scheduler.beginIteration();
      queue.discover(this.now, this.visits);
    }
    this.#observer.discovered();
    const done = { visits: 0, events: 0 };
    for (const queue of queues) if (queue.backlogged > 0) this.#serve(queue, started, done);
    this.#observer.iterationEnded(this.now);
  }

  #serve(queue: NodeQueue, started: number, done: { visits: number; events: number }): void {
    const began = this.now;
    if (this.#setup.moves && this.#node !== queue.node) {
      this.#node = queue.node;
      this.now += this.#setup.numa.moveNs;
    }
    const pass: Pass = { visits: 0, events: 0, pending: 0, writeNs: 0 };
    const most = queue.backlogged;
    for (
      let turn = 0;
      turn < most && !this.#isOver(done.visits + pass.visits, done.events + pass.events, started);
      turn += 1
    ) {
      const thread = queue.scheduler.select();
      if (thread === undefined) break;
      if (thread.isHeld()) this.#skip(queue, thread);
      else this.#visit(queue, thread, pass);
    }
    queue.scheduler.endIteration({
      visits: pass.visits,
      pending: pass.pending,
      tookNs: this.now - began,
      writeNs: pass.writeNs,
      acknowledged: pass.events,
    });
    done.visits += pass.visits;
    done.events += pass.events;
  }

  /** A limit of the iteration is reached; the first visit is always made. */
  #isOver(visits: number, events: number, started: number): boolean {
    if (visits === 0) return false;
    const { maxIterationVisits, maxIterationEvents, maxIterationNs } = this.#setup.config;
    return (
      (maxIterationVisits > 0 && visits >= maxIterationVisits) ||
      (maxIterationEvents > 0 && events >= maxIterationEvents) ||
      (maxIterationNs > 0 && this.now - started >= maxIterationNs)
    );
  }

  #skip({ scheduler }: NodeQueue, thread: SimThread): void {
    this.now += this.#setup.costs.skipNs;
    thread.skipsInRow += 1;
    scheduler.addCredit(thread);
    scheduler.putBackSkipped(thread);
    this.#observer.skipped(thread);
  }

  #visit(queue: NodeQueue, thread: SimThread, pass: Pass): void {
    const { scheduler } = queue;
    const { visitNs, eventNs, sinkNs } = this.#setup.costs;
    const { remoteVisitFactor, remoteEventFactor } = this.#setup.numa;
    const remote = thread.node !== this.#node;
    scheduler.addCredit(thread);
    thread.skipsInRow = 0;
    scheduler.beginVisit(thread);
    const wait = { waitVisits: this.visits - thread.waitsSinceVisit, waitNs: this.now - thread.waitsSinceNs };
    this.visits += 1;
    const pending = thread.pendingAt(this.now);
    const events = Math.min(pending, thread.credit);
    const batch = scheduler.batch === 0 ? events : scheduler.batch;
    this.now += visitNs * (remote ? remoteVisitFactor : 1);
    let writes = 0;
    for (let taken = 0; taken < events; writes += 1) {
      const count = Math.min(batch, events - taken);
      this.now += count * eventNs * (remote ? remoteEventFactor : 1) + sinkNs;
      this.#observer.delivered(thread, thread.delivered + taken, count, this.now);
      taken += count;
    }
    thread.delivered += events;
    thread.deliveredInWindow += events;
    thread.credit = events === pending ? 0 : thread.credit - events;
    pass.visits += 1;
    pass.events += events;
    pass.pending += pending;
    pass.writeNs += writes * sinkNs;
    this.#observer.visited({ thread, queue, events, writes, ...wait });
    thread.waitsSinceVisit = this.visits;
    thread.waitsSinceNs = this.now;
    if (events === pending) {
      this.#observer.caughtUp(thread);
      thread.gone = thread.isLeaving;
    }
    if (thread.hasWorkAt(this.now)) scheduler.putBack(thread);
    else queue.drop(thread);
  }
}
