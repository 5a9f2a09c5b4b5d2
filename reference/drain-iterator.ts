/** The drain: iterations over the registered threads, and everything else that the contract names. */
import { DEFAULT_STOP_DEADLINE_NS, changedConfig, type DrainConfig, type SchedulingConfig } from '../spec/config.js';
import type {
  Drain,
  DrainMetrics,
  DrainOptions,
  Environment,
  IterationResult,
  Sink,
  StopResult,
} from '../spec/contract.js';
import { DrainError } from '../spec/errors.js';
import { HEADER } from '../spec/layout.js';
import { attachArena, createArena, type Arena } from './arena.js';
import { Discovery } from './discovery.js';
import { FairnessWindow } from './fairness-window.js';
import { LoadMeter } from './load-meter.js';
import { DrainCounters, collectMetrics } from './metrics.js';
import { noteChange } from './ready-bits.js';
import { ReferenceRegistry } from './registry.js';
import { Scheduler } from './scheduler.js';
import { isGeneration, loadState, stateWord, swapState } from './slot-state.js';
import { stopDrain } from './stop.js';
import { release, takeOver, tryAcquire } from './submit-queue.js';
import type { ThreadDrainState } from './thread-drain-state.js';
import { Turns, emptyTally, isThere, type IterationMode, type Surroundings } from './turns.js';
import { Visit } from './visit.js';
import { pauseMs, sleep } from './wake.js';

const REAL_TIME: Environment = {
  now: () => process.hrtime.bigint(),
  pause: (ns) => pauseMs(Number(ns) / 1e6),
};

export class DrainIterator implements Drain {
  readonly registry: ReferenceRegistry;
  readonly environment: Environment;
  /** @internal */
  readonly view: Arena;
  /** @internal */
  readonly parts: Surroundings;
  #config: DrainConfig;
  /** What configure() was asked for inside an iteration. */
  #nextConfig: DrainConfig | undefined;
  readonly #sink: Sink;
  /** Slots whose queue was taken with tryAcquireDrain. */
  readonly #held = new Set<number>();
  /** Inside sink.write: a call from there finds nothing to do. */
  #busy = false;

  constructor(options: DrainOptions) {
    const view = options.arena === undefined ? createArena(options.config) : attachArena(options.arena, options.config);
    this.view = view;
    this.#config = view.config;
    this.registry = new ReferenceRegistry(view);
    this.environment = options.environment ?? REAL_TIME;
    this.#sink = options.sink;
    const counters = new DrainCounters();
    const scheduler = new Scheduler<ThreadDrainState>(this.config);
    const discovery = new Discovery(view, scheduler, counters, options.onThreadEvent ?? ((): void => undefined));
    const window = new FairnessWindow(view, scheduler, discovery);
    this.parts = { view, environment: this.environment, scheduler, discovery, window, counters };
  }

  get config(): DrainConfig {
    return this.#config;
  }

  get arena(): SharedArrayBuffer {
    return this.view.buffer;
  }

  shareRegistry(): SharedArrayBuffer {
    return this.view.buffer;
  }

  drainIteration(): IterationResult {
    return this.iterate({ limited: true });
  }

  /** @internal */
  iterate(mode: IterationMode): IterationResult {
    if (this.#busy) return emptyTally();
    this.#busy = true;
    const { scheduler, discovery, window, counters } = this.parts;
    const started = this.environment.now();
    const meter = this.config.policy === 'adaptive' && mode.limited ? new LoadMeter(this.environment) : undefined;
    const turns = new Turns(this.parts, this.#sink, mode, meter);
    const result = turns.tally;
    scheduler.beginIteration();
    discovery.discover();
    while (scheduler.hasNext) {
      result.truncated = mode.limited && result.visits > 0 ? this.#limit(result, started) : 'no';
      if (result.truncated !== 'no') break;
      turns.take(scheduler.select()!);
    }
    const tookNs = Number(this.environment.now() - started);
    scheduler.endIteration(meter?.load(tookNs, result.delivered));
    window.endIteration();
    counters.countIteration(result, tookNs);
    this.#endBusy();
    return result;
  }

  #limit(result: IterationResult, started: bigint): IterationResult['truncated'] {
    const { maxIterationVisits, maxIterationEvents, maxIterationNs } = this.config;
    if (maxIterationVisits > 0 && result.visits >= maxIterationVisits) return 'visits';
    if (maxIterationEvents > 0 && result.delivered >= maxIterationEvents) return 'events';
    if (maxIterationNs > 0 && this.environment.now() - started >= BigInt(maxIterationNs)) return 'time';
    return 'no';
  }

  configure(changes: Partial<SchedulingConfig>): void {
    this.#nextConfig = changedConfig(this.#nextConfig ?? this.#config, changes);
    if (!this.#busy) this.#applyChanges();
  }

  #applyChanges(): void {
    if (this.#nextConfig === undefined) return;
    this.#config = this.#nextConfig;
    this.#nextConfig = undefined;
    this.parts.scheduler.configure(this.config);
  }

  /** Changes that were asked for inside sink.write hold from here on. */
  #endBusy(): void {
    this.#busy = false;
    this.#applyChanges();
  }

  tryAcquireDrain(slot: number): boolean {
    this.#checkSlot(slot);
    const thread = this.parts.discovery.trackedIn(slot);
    if (thread === undefined || !tryAcquire(this.view, slot)) return false;
    if (!isThere(this.view, thread)) {
      release(this.view, slot); // reclaimed by another drain between the look and the swap
      return false;
    }
    this.#held.add(slot);
    return true;
  }

  releaseDrain(slot: number): void {
    this.#checkHeld(slot);
    this.#held.delete(slot);
    release(this.view, slot);
  }

  drainThreadLanes(slot: number, maxEvents: number): number {
    if (this.#busy) return 0;
    this.#checkHeld(slot);
    if (!Number.isInteger(maxEvents) || maxEvents < 1 || maxEvents > 2 ** 31) {
      throw new DrainError('INVALID_ARGUMENT', `maxEvents is ${maxEvents}`);
    }
    this.#busy = true;
    const { discovery, scheduler, window, counters } = this.parts;
    const thread = discovery.tracked[slot]!;
    window.countService(thread);
    const done = new Visit(this.view, this.#sink, thread, scheduler).run(maxEvents);
    counters.batches += done.batches;
    counters.sinkFailures += done.sinkFailures;
    this.#endBusy();
    return done.delivered;
  }

  /** `isOver` is a second cause not to sleep: whoever makes it true and then wakes the drain is not missed. */
  waitForWork(timeoutMs: number, isOver = (): boolean => false): boolean {
    const { discovery, counters } = this.parts;
    const why = sleep(this.view, timeoutMs, () => isOver() || discovery.anyWork());
    if (why === 'woken') counters.wakeups += 1;
    return why !== 'timeout' || discovery.anyWork();
  }

  declareDead(slot: number, generation: number): void {
    this.#checkSlot(slot);
    const dead =
      isGeneration(generation) &&
      (swapState(this.view, slot, generation, 'active', 'leaving') ||
        swapState(this.view, slot, generation, 'claimed', 'free') ||
        loadState(this.view, slot) === stateWord(generation, 'leaving'));
    if (!dead) throw new DrainError('STALE_HANDLE', `slot ${slot} is not held by generation ${generation}`);
    noteChange(this.view, slot); // also of one that left and died before it could
    takeOver(this.view, slot);
  }

  stop({ deadlineNs = DEFAULT_STOP_DEADLINE_NS }: { readonly deadlineNs?: number } = {}): StopResult {
    if (this.#busy) return { delivered: 0, leftIndex: 0, leftDetail: 0, complete: false };
    return stopDrain(this, deadlineNs);
  }

  metrics(): DrainMetrics {
    return collectMetrics(this);
  }

  close(): void {
    Atomics.store(this.view.words, this.view.header(HEADER.sleeping), 0);
  }

  #checkSlot(slot: number): void {
    if (!Number.isInteger(slot) || slot < 0 || slot >= this.config.slots) {
      throw new DrainError('INVALID_ARGUMENT', `slot ${slot} of ${this.config.slots}`);
    }
  }

  #checkHeld(slot: number): void {
    this.#checkSlot(slot);
    if (!this.#held.has(slot)) throw new DrainError('NOT_HOLDING', `this drain does not hold slot ${slot}`);
  }
}
