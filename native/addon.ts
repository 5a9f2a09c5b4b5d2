/** Finds and loads the addon, and turns its statuses into the contract's outcomes and errors. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DrainError, ERROR_TABLE, outcomeOfNumber } from '../spec/errors.js';
import type { EmitOutcome } from '../spec/errors.js';

/** An object that the addon owns. */
export interface Native {
  readonly native: never;
}

/** (threadId, slot, generation, lane, count, then offset and bytes of two spans) => records taken */
export type SinkFunction = (
  threadId: number,
  slot: number,
  generation: number,
  lane: number,
  count: number,
  offset0: number,
  bytes0: number,
  offset1: number,
  bytes1: number,
) => number;
export type EventFunction = (event: number, threadId: number, slot: number, generation: number, heldNs: number) => void;
export type NowFunction = () => bigint;
export type PauseFunction = (ns: bigint) => void;
/** What a call may call back: sink, event, now, pause. */
export type Callbacks = readonly [
  SinkFunction,
  EventFunction | undefined,
  NowFunction | undefined,
  PauseFunction | undefined,
];

/** Numbers of an encoded configuration, and of every place for results. */
export const FIELDS = 24;

/** What native/bridge exports. Views are Uint8Arrays over the whole arena; results go into `out`, FIELDS numbers. */
export interface Addon {
  createDrain(view: Uint8Array, config: Float64Array, attach: boolean, ...callbacks: Callbacks): Native;
  arenaConfig(view: Uint8Array, out: Float64Array): void;
  configure(drain: Native, config: Float64Array): void;
  isConfigured(drain: Native, config: Float64Array): boolean;
  iterate(drain: Native, out: Float64Array, ...callbacks: Callbacks): void;
  stop(drain: Native, out: Float64Array, ...callbacksAndDeadline: [...Callbacks, number]): void;
  tryAcquire(drain: Native, slot: number, ...callbacks: Callbacks): boolean;
  release(drain: Native, slot: number): void;
  drainLanes(drain: Native, slot: number, ...callbacksAndMost: [...Callbacks, number]): number;
  waitForWork(drain: Native, timeoutMs: number): boolean;
  declareDead(drain: Native, slot: number, generation: number): void;
  metrics(drain: Native): Float64Array;
  close(drain: Native): void;
  openRegistry(view: Uint8Array): Native;
  registerThread(
    registry: Native,
    view: Uint8Array,
    threadId: number,
    weight: number,
    priority: number,
    out: Float64Array,
    spare: Native | undefined,
  ): Native;
  emitIndex(state: Native, record: Uint8Array, timeoutMs: number): number;
  emitDetail(state: Native, record: Uint8Array, timeoutMs: number): number;
  beginSubmit(state: Native, index: Uint8Array, detail: Uint8Array): number;
  commitSubmit(state: Native): number;
  submit(state: Native, index: Uint8Array, detail: Uint8Array, timeoutMs: number): number;
  mark(state: Native): number;
  seal(state: Native): number;
  setWeight(state: Native, weight: number): number;
  setPriority(state: Native, priority: number): number;
  leave(state: Native): number;
  lastWrong(): string;
  startProducers(view: Uint8Array, programs: Float64Array): Native;
  pollProducers(group: Native): Float64Array | null;
  haltProducers(group: Native): void;
  closeProducers(group: Native): void;
  readonly layout: Readonly<Record<string, unknown>>;
  readonly errors: readonly unknown[];
}

/** Directory of the package: the nearest one above this file that has a package.json. */
function packageRoot(): string {
  let directory = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(directory, 'package.json')) && dirname(directory) !== directory)
    directory = dirname(directory);
  return directory;
}

/** The addon that `npm run build:native` makes, unless DRAINPROOF_NATIVE_ADDON names another build of it. */
function addonPath(): string {
  return process.env['DRAINPROOF_NATIVE_ADDON'] ?? join(packageRoot(), 'native', 'build', 'drainproof.node');
}

/**
 * Loads the addon at `path`.
 * @throws DrainError IMPL_UNREADABLE when it is missing or cannot be loaded
 */
export function loadAddon(path: string = addonPath()): Addon {
  try {
    return createRequire(import.meta.url)(path) as Addon;
  } catch (error) {
    const cause = existsSync(path) ? (error as Error).message : 'it does not exist';
    throw new DrainError(
      'IMPL_UNREADABLE',
      `the native drain's addon ${path} cannot be loaded (${cause}; build it with: npm run build:native)`,
    );
  }
}

let loaded: Addon | undefined;

/** The addon, loaded at the first call. @throws DrainError IMPL_UNREADABLE */
export function addon(): Addon {
  return (loaded ??= loadAddon());
}

/** Statuses up to this one are outcomes that an emit returns; larger ones are misuse and are thrown. */
const LAST_OUTCOME = 11;
const OUTCOMES: readonly EmitOutcome[] = Array.from({ length: LAST_OUTCOME + 1 }, (_, status) =>
  outcomeOfNumber(status),
);

/** The error of a failed call, with the addon's own words. */
export function errorOf(status: number, wrong: string): DrainError {
  const row = ERROR_TABLE.find(({ number }) => number === status)!;
  return new DrainError(row.name, wrong);
}

/** The outcome of an emit. @throws DrainError for misuse */
export function outcomeOf(status: number): EmitOutcome {
  const outcome = OUTCOMES[status];
  if (outcome === undefined) throw errorOf(status, addon().lastWrong());
  return outcome;
}

/** Runs `call`; what the addon throws becomes a DrainError. */
export function translated<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    const status = (error as { status?: unknown }).status;
    if (error instanceof DrainError || typeof status !== 'number') throw error;
    throw errorOf(status, (error as Error).message);
  }
}

/** A timeout as the addon wants it: whole milliseconds, 0 to 2^32 - 1. */
export function wholeMs(timeoutMs: number): number {
  return timeoutMs > 0 ? Math.min(Math.ceil(timeoutMs), 0xffff_ffff) : 0;
}
