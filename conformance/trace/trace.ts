/**
 * One trace of demands, weights, classes, joins, leaves, held queues, failing sinks and changing limits, from a seed. It drives a drain
 * in this process and hashes what it selects: drains that follow spec/algorithm.md give the same hash, bit for bit.
 */
import type { Batch, Drain, DrainConfig, DrainModule, Policy, ThreadEvent, ThreadHandle } from '../../spec/index.js';
import { Dice, RunningHash } from './dice.js';
import { Monitors, type Extremes, type Standing } from './monitors.js';

export interface TraceOptions {
  readonly policy: Policy;
  readonly seed: number;
  /** The trace ends with the iteration in which this many visits were made. */
  readonly visits: number;
}

export interface TraceResult {
  readonly visits: number;
  readonly iterations: number;
  readonly events: number;
  /** Of every batch, iteration and event of a thread. */
  readonly hash: string;
  /** The hash after every so many iterations: where two traces part. */
  readonly checkpoints: readonly string[];
  readonly extremes: Extremes;
}

const SLOTS = 24;
const CAPACITY = 512;
const MAX_SKIPS = 3;
const CHECKPOINT = 256;
const LOOK = 64;
const START: Partial<DrainConfig> = {
  slots: SLOTS,
  indexCapacity: CAPACITY,
  detailCapacity: 0,
  quantum: 16,
  maxSkips: MAX_SKIPS,
  maxBackoffIterations: 4,
  ageAfter: 3,
  stuckAfterNs: 20_000,
  fairnessWindowVisits: 500,
  quantumMin: 4,
  quantumMax: 64,
  batchMin: 2,
  batchMax: 64,
  targetIterationNs: 60_000,
  targetWriteNs: 3_000,
};
const EVENTS = ['registered', 'leaving', 'reclaimed', 'queue-stuck'] as const;

/** A thread of the trace. */
interface Life {
  readonly id: number;
  readonly handle: ThreadHandle;
  weight: number;
  priority: number;
  pending: number;
  /** Iterations for which its queue stays held. */
  holds: number;
  /** It was held, and has had no turn since: held again it would be skipped more often than the bounds allow for. */
  wasHeld: boolean;
  left: boolean;
  /** How eager it is: events in one go at most. */
  readonly demand: number;
}

class Trace implements Standing {
  readonly slots = SLOTS;
  readonly maxSkips = MAX_SKIPS;
  readonly policy: Policy;
  readonly #dice: Dice;
  readonly #hash = new RunningHash();
  readonly #monitors: Monitors;
  readonly #drain: Drain;
  readonly #lives = new Map<number, Life>();
  readonly #record = new Uint8Array(32);
  readonly #late: number[] = [];
  #config: Pick<DrainConfig, 'quantum' | 'quantumMin' | 'quantumMax' | 'ageAfter'>;
  #nextId = 1;
  #now = 0n;
  #events = 0;
  #cut = false;
  #visit: { thread: number; served: number; failed: boolean } | undefined;
  /** Writes that the sink is still to fail, and of whom. */
  #fails = { times: 0, thread: 0 };
  #costNs = 40;

  constructor(module: DrainModule, { policy, seed }: TraceOptions) {
    this.policy = policy;
    this.#dice = new Dice(seed);
    this.#drain = module.createDrain({
      config: { ...START, policy },
      sink: { write: (batch) => this.#write(batch) },
      environment: {
        now: () => this.#now,
        pause: (ns) => {
          this.#now += ns;
        },
      },
      onThreadEvent: (event) => {
        this.#told(event);
      },
    });
    this.#config = this.#drain.config;
    this.#monitors = new Monitors(this);
  }

  get quantum(): number {
    return this.policy === 'adaptive' ? this.#config.quantumMax : this.#config.quantum;
  }

  get leastQuantum(): number {
    return this.policy === 'adaptive' ? this.#config.quantumMin : this.#config.quantum;
  }

  get ageAfter(): number {
    return this.#config.ageAfter;
  }

  share(thread: number): number {
    return this.policy === 'weighted-fair' ? (this.#lives.get(thread)?.weight ?? 1) : 1;
  }

  priority(thread: number): number {
    return this.#lives.get(thread)?.priority ?? 0;
  }

  run(visits: number): TraceResult {
    const checkpoints: string[] = [];
    let made = 0;
    let iterations = 0;
    for (let i = 0; i < SLOTS - 4; i += 1) this.#join();
    for (; made < visits; iterations += 1) {
      this.#between();
      made += this.#iterate();
      if (iterations % LOOK === 0) this.#monitors.looked(this.#look());
      if (iterations % CHECKPOINT === 0) checkpoints.push(this.#hash.text);
    }
    const { extremes } = this.#monitors;
    this.#drain.close();
    return { visits: made, iterations, events: this.#events, hash: this.#hash.text, checkpoints, extremes };
  }

  #iterate(): number {
    const result = this.#drain.drainIteration();
    this.#endVisit();
    this.#cut = result.truncated !== 'no';
    this.#monitors.iterated(result.visits, this.#cut);
    const { visits, skips, delivered, batches, sinkFailures, reclaimed } = result;
    this.#hash.add(visits, skips, delivered, batches, sinkFailures, reclaimed, result.truncated.length);
    for (const thread of this.#late.splice(0)) if (this.#lives.has(thread)) this.#monitors.begins(thread);
    return visits;
  }

  #look(): ReturnType<Drain['metrics']> {
    const metrics = this.#drain.metrics();
    const window = metrics.fairness;
    this.#hash.add(metrics.visits, metrics.skips, metrics.jain * 1e6);
    if (window !== undefined)
      this.#hash.add(
        window.jain * 1e6,
        window.minShare * 1e6,
        window.serviceLag * 1e6,
        window.longestWait,
        window.quantum,
        window.batch,
      );
    for (const { threadId, credit, longestWait, share = 1 } of metrics.threads)
      this.#hash.add(threadId, credit, longestWait, share * 1e6);
    return metrics;
  }

  /** What happens between two iterations. */
  #between(): void {
    const dice = this.#dice;
    this.#now += BigInt(dice.next(2000));
    for (const life of this.#lives.values()) {
      if (life.left) continue;
      if (life.holds > 0) this.#hold(life);
      else if (dice.once(3)) this.#emit(life, dice.within(1, life.demand));
    }
    const life = this.#any();
    if (life !== undefined) this.#change(life);
    if (dice.once(6) && this.#lives.size < SLOTS) this.#join();
    if (dice.once(60)) this.#configure();
    if (dice.once(25)) this.#fails = { times: dice.within(1, 3), thread: this.#any()?.id ?? 0 };
    if (dice.once(40)) this.#costNs = dice.next(300);
  }

  /** A thread that is there, if the dice fall on one. */
  #any(): Life | undefined {
    const active = [...this.#lives.values()].filter(({ left, holds }) => !left && holds === 0);
    return active[this.#dice.next(SLOTS)];
  }

  #change(life: Life): void {
    const dice = this.#dice;
    switch (dice.next(12)) {
      case 0:
        life.weight = dice.within(1, 6);
        this.#hash.add(life.handle.setWeight!(life.weight).length);
        this.#monitors.reweighed(life.id);
        break;
      case 1:
        life.priority = dice.next(8);
        this.#hash.add(life.handle.setPriority!(life.priority).length);
        this.#monitors.reprioritised(life.id, life.priority);
        break;
      case 2:
        if (this.#lives.size > SLOTS / 2) this.#leave(life);
        break;
      case 3:
      case 4:
        if (life.pending < CAPACITY / 2 && !life.wasHeld) this.#begin(life);
        break;
      default:
    }
  }

  #join(): void {
    const dice = this.#dice;
    const [weight, priority] = [dice.within(1, 6), dice.next(8)];
    const id = this.#nextId;
    this.#nextId += 1;
    const handle = this.#drain.registry.register({ threadId: id, weight, priority });
    const demand = dice.once(3) ? 4 : dice.within(20, 160);
    this.#lives.set(id, { id, handle, weight, priority, pending: 0, holds: 0, wasHeld: false, left: false, demand });
  }

  #leave(life: Life): void {
    life.left = true;
    life.handle.leave();
    this.#monitors.leaves(life.id, life.pending);
  }

  /** Takes the queue for as many iterations as a thread may be skipped. */
  #begin(life: Life): void {
    const outcome = life.handle.beginSubmit({ index: [this.#record], detail: [] });
    this.#hash.add(outcome.length);
    if (outcome !== 'accepted') return;
    life.holds = this.#dice.within(1, MAX_SKIPS);
    life.wasHeld = true;
    this.#monitors.held(life.id);
  }

  #hold(life: Life): void {
    life.holds -= 1;
    if (life.holds > 0) return;
    if (life.handle.commitSubmit() === 'accepted') this.#accepted(life, false);
  }

  #emit(life: Life, count: number, inside = false): void {
    for (let i = 0; i < count; i += 1) {
      if (life.handle.emitIndex(this.#record) !== 'accepted') {
        this.#hash.add(life.id, i);
        return;
      }
      this.#accepted(life, inside);
    }
  }

  #accepted(life: Life, inside: boolean): void {
    life.pending += 1;
    if (life.pending > 1) return;
    if (inside) this.#late.push(life.id);
    else this.#monitors.begins(life.id);
  }

  #configure(): void {
    const dice = this.#dice;
    const limits = [
      { quantum: dice.within(2, 40) },
      { maxIterationVisits: dice.once(2) ? 0 : dice.within(3, 12) },
      { maxIterationEvents: dice.once(2) ? 0 : dice.within(100, 400) },
      { ageAfter: this.#config.ageAfter },
      { targetIterationNs: dice.within(20_000, 120_000) },
    ];
    this.#drain.configure!(limits[dice.next(limits.length)]!);
    this.#config = this.#drain.config;
    this.#monitors.reconfigured(this.#cut);
  }

  #write({ threadId, slot, lane, count }: Batch): number {
    const life = this.#lives.get(threadId)!;
    if (this.#visit?.thread !== threadId) {
      this.#endVisit();
      this.#visit = { thread: threadId, served: 0, failed: false };
    }
    this.#now += BigInt(this.#costNs + count * 4);
    if (this.#dice.once(30)) this.#inside(threadId);
    let taken = count;
    if (this.#fails.times > 0 && this.#fails.thread === threadId) {
      this.#fails.times -= 1;
      taken = this.#dice.once(2) ? 0 : Math.floor(count / 2);
    }
    this.#visit.served += taken;
    this.#visit.failed ||= taken < count;
    life.pending -= taken;
    this.#events += taken;
    this.#hash.add(threadId, slot, lane.length, count, taken);
    return taken;
  }

  /** Something happens while the sink is at work: to other threads than the one that is visited. */
  #inside(visited: number): void {
    const life = this.#any();
    if (life !== undefined && life.id !== visited) this.#emit(life, 1 + this.#dice.next(6), true);
  }

  #endVisit(): void {
    const visit = this.#visit;
    if (visit === undefined) return;
    this.#visit = undefined;
    const life = this.#lives.get(visit.thread);
    if (life !== undefined) life.wasHeld = false;
    this.#monitors.visited(visit.thread, visit.served, visit.failed, life?.pending ?? 0);
  }

  #told({ event, threadId, slot, heldNs = 0 }: ThreadEvent): void {
    this.#hash.add(EVENTS.indexOf(event), threadId, slot, heldNs);
    if (event !== 'reclaimed') return;
    this.#endVisit();
    this.#monitors.reclaimed(threadId);
    this.#monitors.ends(threadId);
    this.#lives.delete(threadId);
  }
}

export function runTrace(module: DrainModule, options: TraceOptions): TraceResult {
  return new Trace(module, options).run(options.visits);
}
