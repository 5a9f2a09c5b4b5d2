/** One life of a producing thread in JavaScript: the twin of the native load. */
import type { SubmitGroup, ThreadHandle, ThreadRegistry } from '../../spec/contract.js';
import { isErrorCode, type EmitOutcome } from '../../spec/errors.js';
import type { LifeResult, ThreadProgram } from '../../spec/load.js';
import { INDEX_RECORD_BYTES } from '../../spec/layout.js';
import { NO_JOIN, fillDetailPattern, fillIndexPattern } from '../../spec/records.js';
import { isGrouped, type LifeProgress } from './life-progress.js';
import { RunLog } from './run-log.js';

/** Words that the host and all producing threads share. */
export const GATE = { ready: 0, go: 1, halt: 2, words: 3 } as const;
/** Longest time that a life spends waiting for room, ms; afterwards it drops. */
export const RETRY_MS = 60_000;

const BACKOFF_MS = { first: 0.05, longest: 0.5, longestForMany: 4 } as const;
/** Events that found room since the last wait, from which on it was a large lane: to be drained again it takes its time. */
const MANY = 64;
const TURNED_AWAY: ReadonlySet<string> = new Set(['LANE_FULL', 'DETAIL_FULL', 'QUEUE_BUSY', 'TIMED_OUT']);
const GONE: ReadonlySet<string> = new Set(['STOPPED', 'STALE_HANDLE', 'THREAD_LEFT']);

export interface LifeOptions {
  readonly detailRecordBytes: number;
  readonly gate: Int32Array;
  /** Kept up to date after every event when the life may be ended at any moment. */
  readonly progress?: LifeProgress | undefined;
  readonly retryMs?: number;
}

export interface Lived {
  readonly life: LifeResult;
  /** A call that broke the contract. */
  readonly threw?: string;
}

export const monotonicNs = (): number => Number(process.hrtime.bigint());

const cell = new Int32Array(new SharedArrayBuffer(4));
export const pauseMs = (ms: number): void => {
  Atomics.wait(cell, 0, 0, ms);
};

/**
 * Waiting for room: short and growing, bounded in sum. A thread that filled a large lane looks less often: looks of dozens of
 * threads would only take the drain's time.
 */
class Patience {
  readonly #gate: Int32Array;
  #left: number;
  #next: number = BACKOFF_MS.first;
  #longest: number = BACKOFF_MS.longest;
  /** Events that found room since the last wait. */
  #accepted = 0;

  constructor(gate: Int32Array, ms: number) {
    this.#gate = gate;
    this.#left = ms;
  }

  /** False when there is none left. */
  wait(): boolean {
    if (this.#left <= 0 || Atomics.load(this.#gate, GATE.halt) === 1) return false;
    if (this.#accepted > 0) this.#begin();
    pauseMs(this.#next);
    this.#left -= this.#next;
    this.#next = Math.min(this.#next * 2, this.#longest);
    return true;
  }

  /** An event found room. */
  rested(): void {
    this.#accepted += 1;
  }

  #begin(): void {
    const many = this.#accepted >= MANY;
    this.#longest = many ? BACKOFF_MS.longestForMany : BACKOFF_MS.longest;
    this.#next = many ? Math.max(this.#next / 2, BACKOFF_MS.first) : BACKOFF_MS.first;
    this.#accepted = 0;
  }
}

const failureCode = (error: unknown): EmitOutcome | undefined => {
  const code: unknown = typeof error === 'object' && error !== null ? (error as { code?: unknown }).code : undefined;
  return isErrorCode(code) ? code : undefined;
};

/** Thrown for what the contract does not allow. */
class Broken extends Error {}

function told(name: string, call: () => unknown): EmitOutcome {
  let outcome: unknown;
  try {
    outcome = call();
  } catch (error) {
    outcome = failureCode(error);
    if (outcome === undefined) throw new Broken(`${name}() threw ${String(error)}`);
  }
  if (outcome !== 'accepted' && !isErrorCode(outcome)) throw new Broken(`${name}() returned ${String(outcome)}`);
  return outcome;
}

function registerLife(
  registry: ThreadRegistry,
  program: ThreadProgram,
  threadId: number,
  patience: Patience,
): { handle: ThreadHandle } | { outcome: EmitOutcome } {
  for (;;) {
    let handle: ThreadHandle | undefined;
    const outcome = told('register', () => {
      handle = registry.register({ threadId, weight: program.weight });
      return 'accepted';
    });
    if (handle !== undefined) return { handle };
    if (outcome !== 'REGISTRY_FULL' || !patience.wait()) return { outcome };
  }
}

/** The life number `number` of a program, on the calling thread. */
export function live(registry: ThreadRegistry, program: ThreadProgram, number: number, options: LifeOptions): Lived {
  const threadId = program.threadId + number * program.threadIdStep;
  const patience = new Patience(options.gate, options.retryMs ?? RETRY_MS);
  const index = new RunLog();
  const detail = new RunLog();
  const joins: [number, number][] = [];
  const marks: number[] = [];
  const result = (
    registered: string,
    ended: LifeResult['ended'],
    startedNs: number,
    handle?: ThreadHandle,
  ): LifeResult => ({
    threadId,
    slot: handle?.slot ?? -1,
    generation: handle?.generation ?? -1,
    registered,
    index: index.runs,
    detail: detail.runs,
    joins,
    marks,
    ended,
    startedNs,
    endedNs: monotonicNs(),
  });
  let entered: ReturnType<typeof registerLife>;
  try {
    entered = registerLife(registry, program, threadId, patience);
  } catch (error) {
    return { life: result('unknown', 'stay', monotonicNs()), threw: String(error) };
  }
  const startedNs = monotonicNs();
  if (!('handle' in entered))
    return { life: result(entered.outcome, entered.outcome === 'STOPPED' ? 'stopped' : 'stay', startedNs) };
  const { handle } = entered;
  options.progress?.start(handle.slot, handle.generation, startedNs);
  const log = { index, detail, joins, marks };
  try {
    const ended = work(handle, program, threadId, patience, log, options);
    if (ended !== undefined) return { life: result('accepted', ended, startedNs, handle) };
    if (program.ending === 'leave') {
      const outcome = told('leave', () => {
        handle.leave();
        return 'accepted';
      });
      if (outcome !== 'accepted') throw new Broken(`leave() threw ${outcome}`);
    }
    return { life: result('accepted', program.ending, startedNs, handle) };
  } catch (error) {
    return { life: result('accepted', 'stay', startedNs, handle), threw: String(error) };
  }
}

interface LifeLog {
  readonly index: RunLog;
  readonly detail: RunLog;
  readonly joins: [number, number][];
  readonly marks: number[];
}

/** Emits all events. @returns how the life ended, if it ended before its time */
function work(
  handle: ThreadHandle,
  program: ThreadProgram,
  threadId: number,
  patience: Patience,
  log: LifeLog,
  { detailRecordBytes, gate, progress }: LifeOptions,
): LifeResult['ended'] | undefined {
  const indexRecord = new Uint8Array(INDEX_RECORD_BYTES);
  const indexWords = new Uint32Array(indexRecord.buffer);
  const detailRecord = new Uint8Array(detailRecordBytes);
  const detailWords = new Uint32Array(detailRecord.buffer);
  const group: SubmitGroup = { index: [indexRecord], detail: [detailRecord] };
  const emitPlain = (): unknown => handle.emitIndex(indexRecord);
  const emitGroup = (): unknown => handle.submit(group);
  let details = 0;
  let acceptedDetails = 0;
  for (let event = 0; event < program.events; event += 1) {
    if (Atomics.load(gate, GATE.halt) === 1) return 'stay';
    const grouped = isGrouped(program, event);
    fillIndexPattern(indexWords, threadId, event, grouped ? details : NO_JOIN);
    if (grouped) fillDetailPattern(detailWords, threadId, details);
    let retries = 0;
    let outcome: EmitOutcome;
    progress?.begin(event);
    try {
      for (;;) {
        outcome = grouped ? told('submit', emitGroup) : told('emitIndex', emitPlain);
        if (!TURNED_AWAY.has(outcome) || program.whenFull === 'drop' || !patience.wait()) break;
        // A busy queue turns the group away before any record of it is attempted: no lane counts it.
        if (outcome !== 'QUEUE_BUSY') {
          retries += 1;
          progress?.retry(grouped);
        }
      }
    } catch (error) {
      log.index.add(event, 'unknown', retries);
      if (grouped) log.detail.add(details, 'unknown', retries);
      throw error;
    }
    patience.rested();
    progress?.end(event, outcome);
    log.index.add(event, outcome, retries);
    if (grouped) {
      log.detail.add(details, outcome, retries);
      if (outcome === 'accepted') {
        log.joins.push([event, details]);
        acceptedDetails += 1;
      }
      details += 1;
    }
    if (GONE.has(outcome)) return outcome === 'STOPPED' ? 'stopped' : 'stale';
    if (grouped && outcome === 'accepted' && program.markEvery > 0 && acceptedDetails % program.markEvery === 0) {
      progress?.markBegin();
      const marked = told('mark', () => handle.mark());
      if (GONE.has(marked)) return marked === 'STOPPED' ? 'stopped' : 'stale';
      if (marked === 'accepted') log.marks.push(acceptedDetails);
      progress?.markEnd();
    }
    if (program.pauseUs > 0) pauseMs(program.pauseUs / 1000);
  }
  return undefined;
}
