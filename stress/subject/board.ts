/**
 * What the threads of a stress run share beside the drain's own arena: a gate, and counters of every producer.
 * Each counter has one writer. Who reads it before that thread has ended reads a figure that may be a little old: good for what is
 * shown, for windows and for waiting; what is judged is read afterwards.
 */
import type { StressLoad } from '../../spec/stress.js';

/** Words of the gate. */
export const GATE = {
  /** Threads that stand at it. */
  ready: 0,
  /** 1: begin. */
  go: 1,
  /** 1: end early. */
  halt: 2,
  /** 1: all producers have ended. */
  done: 3,
  words: 4,
} as const;

/** Ids that one thread uses in turn when it lives many lives. A sequence goes on where the last life of its id ended. */
export const IDS_OF_A_THREAD = 256;

/** Counters of one id. */
export const COUNT = { accepted: 0, rejected: 1, retries: 2, lives: 3, delivered: 4, fields: 5 } as const;

export interface SharedBoard {
  readonly gate: SharedArrayBuffer;
  readonly counters: SharedArrayBuffer;
  /** When the load begins, ns of CLOCK_MONOTONIC; written before the gate opens. */
  readonly begin: SharedArrayBuffer;
}

/** A producing thread of a load. */
export interface Member {
  /** Of the group, and of the thread in it. */
  readonly group: number;
  readonly place: number;
  readonly firstId: number;
  /** How many ids it uses, from the first on. */
  readonly ids: number;
}

/** All producing threads of a load; ids count from 1. */
export function membersOf(load: StressLoad): readonly Member[] {
  let firstId = 1;
  return load.groups.flatMap(({ threads, life }, group) => {
    const ids = life === undefined ? 1 : IDS_OF_A_THREAD;
    return Array.from({ length: threads }, (_, place) => {
      const member = { group, place, firstId, ids };
      firstId += ids;
      return member;
    });
  });
}

/** The most slots that a load takes at once: every thread and a life of it that is not yet drained. */
export const slotsFor = (load: StressLoad): number =>
  load.groups.reduce((sum, { threads, life }) => sum + threads * (life === undefined ? 1 : 2), 0);

export class Board {
  readonly shared: SharedBoard;
  readonly gate: Int32Array;
  readonly begin: Float64Array;
  readonly #counters: Float64Array;

  constructor(shared: SharedBoard) {
    this.shared = shared;
    this.gate = new Int32Array(shared.gate);
    this.begin = new Float64Array(shared.begin);
    this.#counters = new Float64Array(shared.counters);
  }

  /** For ids below `ids`. */
  static make(ids: number): Board {
    return new Board({
      gate: new SharedArrayBuffer(4 * GATE.words),
      counters: new SharedArrayBuffer(8 * COUNT.fields * ids),
      begin: new SharedArrayBuffer(8),
    });
  }

  /** Ids that there is room for, 0 among them. */
  get ids(): number {
    return this.#counters.length / COUNT.fields;
  }

  get(id: number, field: number): number {
    return this.#counters[id * COUNT.fields + field]!;
  }

  set(id: number, field: number, value: number): void {
    this.#counters[id * COUNT.fields + field] = value;
  }

  add(id: number, field: number, by: number): void {
    this.#counters[id * COUNT.fields + field]! += by;
  }

  /** Of all ids. */
  sum(field: number): number {
    let sum = 0;
    for (let at = field; at < this.#counters.length; at += COUNT.fields) sum += this.#counters[at]!;
    return sum;
  }

  /** Of the ids of one thread. */
  sumOf({ firstId, ids }: Member, field: number): number {
    let sum = 0;
    for (let id = firstId; id < firstId + ids; id += 1) sum += this.get(id, field);
    return sum;
  }

  get halted(): boolean {
    return Atomics.load(this.gate, GATE.halt) === 1;
  }
}
