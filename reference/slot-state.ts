/** A slot's state word: generation << 8 | state. Every transition is a compare-and-swap. */
import { GENERATION_MASK, HEADER, SLOT, SLOT_STATE, STOP_STATE } from '../spec/layout.js';
import type { Arena } from './arena.js';

export type SlotStateName = keyof typeof SLOT_STATE;

export function stateWord(generation: number, state: SlotStateName): number {
  return (generation << 8) | SLOT_STATE[state] | 0;
}

export function generationOf(word: number): number {
  return (word >>> 8) & GENERATION_MASK;
}

/** True for an integer from 1 to 2^24 - 1. */
export function isGeneration(generation: number): boolean {
  return Number.isInteger(generation) && generation >= 1 && generation <= GENERATION_MASK;
}

/** The generation after this one; 0 is skipped. */
export function nextGeneration(generation: number): number {
  return (generation + 1) & GENERATION_MASK || 1;
}

/** Pairs with every swap below: what was written before it is visible after this load. */
export function loadState(arena: Arena, slot: number): number {
  return Atomics.load(arena.words, arena.slot(slot, SLOT.state));
}

export function isState(word: number, state: SlotStateName): boolean {
  return (word & 0xff) === SLOT_STATE[state];
}

/** The transition `from` -> `to` of this generation; false when the slot is not in that state any more. */
export function swapState(
  arena: Arena,
  slot: number,
  generation: number,
  from: SlotStateName,
  to: SlotStateName,
): boolean {
  const before = stateWord(generation, from);
  return (
    Atomics.compareExchange(arena.words, arena.slot(slot, SLOT.state), before, stateWord(generation, to)) === before
  );
}

/** True from the first moment of stop(). Pairs with its store of stopState. */
export function isStopping(arena: Arena): boolean {
  return Atomics.load(arena.words, arena.header(HEADER.stopState)) !== STOP_STATE.running;
}

const CLOSED = 1n << 32n;

/**
 * Closes a lane at `tail`, unless it was closed before: producer and drain swap the same word, so both
 * know the one tail up to which events are accepted.
 * @returns that tail
 */
export function closeLane(
  arena: Arena,
  slot: number,
  field: typeof SLOT.indexClose | typeof SLOT.detailClose,
  tail: number,
): number {
  const at = arena.slot(slot, field) / 2;
  const before = Atomics.compareExchange(arena.longs, at, 0n, CLOSED | BigInt(tail));
  return before === 0n ? tail : Number(BigInt.asUintN(32, before));
}

/** Where the lane was closed, else `tail`: above a close word stands at most an emit that is about to be refused. */
export function closedTail(
  arena: Arena,
  slot: number,
  field: typeof SLOT.indexClose | typeof SLOT.detailClose,
  tail: number,
): number {
  // Pairs with closeLane(): looking closes nothing.
  const word = Atomics.load(arena.longs, arena.slot(slot, field) / 2);
  return word === 0n ? tail : Number(BigInt.asUintN(32, word));
}
