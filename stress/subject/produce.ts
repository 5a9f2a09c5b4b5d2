/** One producing thread of a stress load, from its joining to its end. */
import { monotonicNs, pauseMs } from '../../conformance/subject/produce.js';
import type { ThreadHandle, ThreadRegistry } from '../../spec/contract.js';
import { isErrorCode } from '../../spec/errors.js';
import { INDEX_RECORD_BYTES } from '../../spec/layout.js';
import { mix32 } from '../../spec/records.js';
import type { StressArrivals, StressGroup, StressLoad } from '../../spec/stress.js';
import { COUNT, type Board, type Member } from './board.js';
import { Collector, collect } from './memory.js';
import { fillStamped } from './stamp.js';

/**
 * Pauses of a thread that waits for room, ms: each doubles the one before. A closed loop has filled its lane and waits for the drain to
 * come round: dozens of threads that look often would only take the drain's time.
 */
const ROOM_MS = { first: 0.1, longest: 4, longestClosed: 32 } as const;
/** Events of a closed loop between two looks at the clock. */
const EVENTS_A_STAMP = 64;
/** How long a thread waits for what is not to do with the load itself: its slot, the events of an earlier life, ms. */
const PATIENCE_MS = 10_000;
/** No single sleep is longer, so that a halt is seen, ms. */
const LONGEST_SLEEP_MS = 100;

export interface ProduceOptions {
  readonly registry: ThreadRegistry;
  readonly load: StressLoad;
  readonly member: Member;
  readonly board: Board;
}

/** The events of one life. */
class Emitter {
  readonly board: Board;
  readonly #handle: ThreadHandle;
  readonly #id: number;
  readonly #endNs: number;
  readonly #drop: boolean;
  #left: number;
  readonly #longestMs: number;
  readonly #record = new Uint8Array(INDEX_RECORD_BYTES);
  readonly #words = new Uint32Array(this.#record.buffer);
  /** Until when this thread has waited for room, ns: what was due by then is the drain's delay. */
  blockedUntilNs = 0;
  /** Why no more can be emitted. */
  ended: string | undefined;

  /** `events`: how many this life has at most. */
  constructor(
    board: Board,
    handle: ThreadHandle,
    id: number,
    { endNs, group, events }: { endNs: number; group: StressGroup; events: number },
  ) {
    this.#left = events;
    this.board = board;
    this.#handle = handle;
    this.#id = id;
    this.#endNs = endNs;
    this.#drop = group.whenFull === 'drop';
    this.#longestMs = group.arrivals.kind === 'closed' ? ROOM_MS.longestClosed : ROOM_MS.longest;
  }

  /** @returns false when the life is over */
  emit(stampNs: number, lateNs: number): boolean {
    if (this.#left === 0) return false;
    this.#left -= 1;
    const { board } = this;
    const id = this.#id;
    const sequence = board.get(id, COUNT.accepted);
    fillStamped(this.#words, id, sequence >>> 0, stampNs, lateNs);
    for (let pause: number = ROOM_MS.first; ; pause = Math.min(pause * 2, this.#longestMs)) {
      const outcome = this.#handle.emitIndex(this.#record);
      if (outcome === 'accepted') {
        board.set(id, COUNT.accepted, sequence + 1);
        return true;
      }
      if (outcome !== 'LANE_FULL' && outcome !== 'TIMED_OUT') {
        board.add(id, COUNT.rejected, 1);
        this.ended = `an emit was told ${String(outcome)}`;
        return false;
      }
      if (this.#drop) {
        board.add(id, COUNT.rejected, 1);
        return true;
      }
      if (board.halted || monotonicNs() > this.#endNs) {
        board.add(id, COUNT.rejected, 1);
        return false;
      }
      board.add(id, COUNT.retries, 1);
      pauseMs(pause);
      this.blockedUntilNs = monotonicNs();
    }
  }
}

/** Sleeps until then, in pieces. @returns the time, ns; a halt ends it early */
function sleepUntil(board: Board, untilNs: number): number {
  for (;;) {
    const now = monotonicNs();
    if (now >= untilNs || board.halted) return now;
    pauseMs(Math.min((untilNs - now) / 1e6, LONGEST_SLEEP_MS));
  }
}

interface Life {
  readonly emitter: Emitter;
  readonly fromNs: number;
  readonly endNs: number;
  readonly place: number;
  readonly threads: number;
  readonly collector: Collector;
}

/** `events` at each tick: `most` of them in all. A tick that comes while the thread waits for room is due, and is late by the drain's doing. */
function openLoop(life: Life, tickNs: number, eventsAt: (tick: number) => number): void {
  const { emitter, fromNs, endNs, collector } = life;
  for (let tick = 0; ; tick += 1) {
    const dueNs = fromNs + tick * tickNs;
    if (dueNs >= endNs) return;
    const woken = sleepUntil(emitter.board, dueNs);
    if (emitter.board.halted) return;
    const blocked = dueNs <= emitter.blockedUntilNs;
    const late = blocked ? 0 : woken - dueNs;
    const stamp = blocked ? dueNs : woken;
    for (let left = eventsAt(tick); left > 0; left -= 1) if (!emitter.emit(stamp, late)) return;
    collector.look(woken);
  }
}

function closedLoop({ emitter, endNs }: Life, events: number): void {
  let stamp = monotonicNs();
  for (let emitted = 0; events === 0 || emitted < events; emitted += 1) {
    if (emitted % EVENTS_A_STAMP === 0) {
      stamp = monotonicNs();
      if (stamp >= endNs || emitter.board.halted) return;
    }
    if (!emitter.emit(stamp, 0)) return;
  }
}

function arrive(life: Life, arrivals: StressArrivals): void {
  if (arrivals.kind === 'closed') closedLoop(life, arrivals.events);
  else if (arrivals.kind === 'burst') openLoop(life, arrivals.everyMs * 1e6, () => arrivals.events);
  else {
    const tickNs = arrivals.tickMs * 1e6;
    const each = (arrivals.rate * arrivals.tickMs) / 1000;
    // the threads of a group tick one after another, not all at once
    const fromNs = life.fromNs + (life.place / life.threads) * tickNs;
    openLoop({ ...life, fromNs }, tickNs, (tick) => Math.floor(each * (tick + 1)) - Math.floor(each * tick));
  }
}

/** Waits for a slot. @returns undefined when none came before the end */
function register(
  { registry, board }: ProduceOptions,
  id: number,
  weight: number,
  endNs: number,
): ThreadHandle | undefined {
  const giveUp = Math.min(endNs, monotonicNs() + PATIENCE_MS * 1e6);
  for (let pause = 0.1; ; pause = Math.min(pause * 2, ROOM_MS.longest)) {
    try {
      return registry.register({ threadId: id, weight });
    } catch (error) {
      const code: unknown = (error as { code?: unknown } | null)?.code;
      if (code !== 'REGISTRY_FULL')
        throw new Error(`register() threw ${isErrorCode(code) ? code : String(error)}`, { cause: error });
      if (board.halted || monotonicNs() > giveUp) return undefined;
      pauseMs(pause);
    }
  }
}

/** True once all events of the id's earlier lives were delivered: only then may its sequence go on in another slot. */
function isDrained(board: Board, id: number): boolean {
  const giveUp = monotonicNs() + PATIENCE_MS * 1e6;
  while (board.get(id, COUNT.delivered) < board.get(id, COUNT.accepted)) {
    if (board.halted || monotonicNs() > giveUp) return false;
    pauseMs(0.5);
  }
  return true;
}

/** When this thread joins and leaves, ns of CLOCK_MONOTONIC. */
function span(group: StressGroup, place: number, load: StressLoad, beginNs: number): { joinNs: number; endNs: number } {
  const total = load.warmupMs + load.durationMs;
  const leaveMs = group.leaveMs === undefined ? total : group.leaveMs - (group.threads - 1 - place) * group.stepMs;
  return {
    joinNs: beginNs + (group.joinMs + place * group.stepMs) * 1e6,
    endNs: beginNs + Math.min(total, leaveMs) * 1e6,
  };
}

/** Events of a life, by seed. */
function lifeOf({ least, most }: NonNullable<StressGroup['life']>, seed: number, id: number, life: number): number {
  return least + (mix32(seed ^ mix32(id + life * 7919)) % (most - least + 1));
}

/** Runs the thread to its end. @returns what was wrong, if anything was */
export function produce(options: ProduceOptions): string | undefined {
  const { load, member, board } = options;
  const group = load.groups[member.group]!;
  const { joinNs, endNs } = span(group, member.place, load, board.begin[0]!);
  if (joinNs >= endNs) return undefined;
  const collector = new Collector(load, joinNs, member.place / group.threads);
  sleepUntil(board, joinNs);
  const lives = group.life === undefined ? 1 : group.lives;
  for (let life = 0; lives === 0 || life < lives; life += 1) {
    if (board.halted || monotonicNs() >= endNs) return undefined;
    const id = member.firstId + (life % member.ids);
    if (!isDrained(board, id))
      return board.halted ? undefined : `thread ${id}: events of an earlier life were not delivered`;
    const handle = register(options, id, group.weight, endNs);
    if (handle === undefined) return undefined;
    board.add(id, COUNT.lives, 1);
    const events = group.life === undefined ? Infinity : lifeOf(group.life, load.seed, id, life);
    const emitter = new Emitter(board, handle, id, { endNs, group, events });
    const fromNs = life === 0 ? joinNs : monotonicNs();
    arrive({ emitter, fromNs, endNs, place: member.place, threads: group.threads, collector }, group.arrivals);
    if (emitter.ended !== undefined) return `thread ${id}: ${emitter.ended}`;
    handle.leave();
  }
  // handles of many lives: what is left after this is no garbage of the load
  if (lives !== 1) collect();
  return undefined;
}
