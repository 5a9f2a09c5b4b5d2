/** The drain's own end, over the addon. */
import {
  ARENA_FIELDS,
  DEFAULT_CONFIG,
  DEFAULT_STOP_DEADLINE_NS,
  POLICIES,
  changedConfig,
  resolveConfig,
} from '../spec/config.js';
import type { DrainConfig, SchedulingConfig } from '../spec/config.js';
import type {
  Batch,
  Drain,
  DrainMetrics,
  DrainOptions,
  IterationResult,
  StopResult,
  ThreadEvent,
  ThreadRegistry,
} from '../spec/contract.js';
import { DrainError } from '../spec/errors.js';
import { INDEX_RECORD_BYTES, arenaBytes } from '../spec/layout.js';
import { FIELDS, addon, translated, wholeMs } from './addon.js';
import type { Callbacks, Native } from './addon.js';
import { decodeMetrics } from './metrics.js';
import { registryOf, viewOf } from './registry.js';

const TRUNCATED = ['no', 'visits', 'events', 'time'] as const;
const EVENTS = ['registered', 'leaving', 'reclaimed', 'queue-stuck'] as const;

/** The addon's order of the configuration's fields; those that an arena's header states come first. */
function encodeConfig(config: DrainConfig): Float64Array {
  const out = new Float64Array(FIELDS);
  out.set(ARENA_FIELDS.map((field) => config[field]));
  out.set(
    [
      POLICIES.indexOf(config.policy),
      config.quantum,
      config.maxSkips,
      config.maxIterationVisits,
      config.maxIterationEvents,
      config.maxBackoffIterations,
      config.maxIterationNs,
      config.stuckAfterNs,
      config.fairnessWindowVisits,
      config.ageAfter,
      config.quantumMin,
      config.quantumMax,
      config.batchMin,
      config.batchMax,
      config.targetIterationNs,
      config.targetWriteNs,
    ],
    ARENA_FIELDS.length,
  );
  return out;
}

/** What the arena's header states. @throws DrainError ARENA_* */
function readArena(view: Uint8Array): Partial<DrainConfig> {
  const out = new Float64Array(FIELDS);
  translated(() => addon().arenaConfig(view, out));
  return Object.fromEntries(ARENA_FIELDS.map((field, i) => [field, out[i]!]));
}

function makeCallbacks(options: DrainOptions, config: DrainConfig, arena: SharedArrayBuffer): Callbacks {
  const { sink, environment, onThreadEvent } = options;
  return [
    (threadId, slot, generation, lane, count, offset0, bytes0, offset1, bytes1) => {
      const spans = [new Uint8Array(arena, offset0, bytes0)];
      if (bytes1 > 0) spans.push(new Uint8Array(arena, offset1, bytes1));
      const batch: Batch =
        lane === 0
          ? { threadId, slot, generation, lane: 'index', recordBytes: INDEX_RECORD_BYTES, count, spans }
          : { threadId, slot, generation, lane: 'detail', recordBytes: config.detailRecordBytes, count, spans };
      return sink.write(batch);
    },
    onThreadEvent &&
      ((event, threadId, slot, generation, heldNs) => {
        const name = EVENTS[event]!;
        const told: ThreadEvent = { event: name, threadId, slot, generation };
        onThreadEvent(name === 'queue-stuck' ? { ...told, heldNs } : told);
      }),
    environment && (() => environment.now()),
    environment && ((ns) => environment.pause(ns)),
  ];
}

class NativeDrain implements Drain {
  readonly arena: SharedArrayBuffer;
  readonly registry: ThreadRegistry;
  readonly #drain: Native;
  readonly #callbacks: Callbacks;
  readonly #out = new Float64Array(FIELDS);
  #config: DrainConfig;
  /** What configure() asked for from inside a callback: it counts from the end of that iteration on. */
  #asked: DrainConfig | undefined;

  constructor(drain: Native, callbacks: Callbacks, config: DrainConfig, arena: SharedArrayBuffer) {
    this.#drain = drain;
    this.#callbacks = callbacks;
    this.#config = config;
    this.arena = arena;
    this.registry = registryOf(viewOf(arena));
  }

  get config(): DrainConfig {
    const asked = this.#asked;
    if (asked !== undefined && translated(() => addon().isConfigured(this.#drain, encodeConfig(asked)))) {
      this.#config = asked;
      this.#asked = undefined;
    }
    return this.#config;
  }

  configure(changes: Partial<SchedulingConfig>): void {
    const { config } = this; // first, because what was asked for before may hold by now
    const asked = changedConfig(this.#asked ?? config, changes);
    translated(() => addon().configure(this.#drain, encodeConfig(asked)));
    this.#asked = asked;
  }

  shareRegistry(): SharedArrayBuffer {
    return this.arena;
  }

  drainIteration(): IterationResult {
    const out = this.#out;
    translated(() => addon().iterate(this.#drain, out, ...this.#callbacks));
    return {
      visits: out[0]!,
      skips: out[1]!,
      delivered: out[2]!,
      batches: out[3]!,
      sinkFailures: out[4]!,
      reclaimed: out[5]!,
      truncated: TRUNCATED[out[6]!]!,
    };
  }

  tryAcquireDrain(slot: number): boolean {
    return translated(() => addon().tryAcquire(this.#drain, asSlot(slot), ...this.#callbacks));
  }

  releaseDrain(slot: number): void {
    translated(() => addon().release(this.#drain, asSlot(slot)));
  }

  drainThreadLanes(slot: number, maxEvents: number): number {
    // What is no whole number is out of the range that the core checks.
    const most = Number.isInteger(maxEvents) && maxEvents > 0 ? Math.min(maxEvents, 2 ** 32) : 0;
    return translated(() => addon().drainLanes(this.#drain, asSlot(slot), ...this.#callbacks, most));
  }

  waitForWork(timeoutMs: number): boolean {
    return translated(() => addon().waitForWork(this.#drain, wholeMs(timeoutMs)));
  }

  declareDead(slot: number, generation: number): void {
    const asked = Number.isInteger(generation) && generation > 0 ? Math.min(generation, 0xffff_ffff) : 0;
    translated(() => addon().declareDead(this.#drain, asSlot(slot), asked));
  }

  stop(options: { readonly deadlineNs?: number } = {}): StopResult {
    const deadlineNs = options.deadlineNs ?? DEFAULT_STOP_DEADLINE_NS;
    if (!(deadlineNs >= 0)) throw new DrainError('INVALID_ARGUMENT', `deadlineNs is ${String(deadlineNs)}`);
    const out = this.#out;
    translated(() => addon().stop(this.#drain, out, ...this.#callbacks, Math.min(deadlineNs, 2 ** 63)));
    return { delivered: out[0]!, leftIndex: out[1]!, leftDetail: out[2]!, complete: out[3] === 1 };
  }

  metrics(): DrainMetrics {
    return decodeMetrics(translated(() => addon().metrics(this.#drain)));
  }

  close(): void {
    // A closed drain cannot be asked any more.
    this.#config = this.#asked ?? this.#config;
    this.#asked = undefined;
    addon().close(this.#drain);
  }
}

/** A number that is no slot stands for one that no arena has. */
function asSlot(slot: number): number {
  return Number.isInteger(slot) && slot >= 0 && slot <= 0xffff_fffe ? slot : 0xffff_ffff;
}

/**
 * Makes a drain over a new arena, or over the given one; then the fields that `config` does not name come from it.
 * @throws DrainError for bad configuration, or ARENA_* for a bad arena
 */
export function createDrain(options: DrainOptions): Drain {
  const given = options.arena;
  let config = resolveConfig(options.config);
  if (given !== undefined)
    config = resolveConfig({ ...DEFAULT_CONFIG, ...readArena(viewOf(given)), ...options.config });
  const bytes = arenaBytes(config);
  if (given === undefined && bytes >= 2 ** 32)
    throw new DrainError('INVALID_ARGUMENT', `the arena would need ${bytes} bytes, it must be below 2^32`);
  const arena = given ?? new SharedArrayBuffer(bytes);
  const callbacks = makeCallbacks(options, config, arena);
  const view = viewOf(arena);
  const drain = translated(() => addon().createDrain(view, encodeConfig(config), given !== undefined, ...callbacks));
  return new NativeDrain(drain, callbacks, config, arena);
}
