/**
 * Which slots may have work, and whether any slot has changed its state: so that a drain need not look at thousands of idle slots.
 *
 * A ready bit is a hint. Whoever makes work stores it, then looks at the bit; a drain clears the bit, then looks for work once
 * more. Both orders are store-then-load, and sequentially consistent: either the producer sees the bit cleared and sets it
 * again, or the drain sees the work. The version of the registry is counted after each change, and loaded before the look.
 */
import { HEADER } from '../spec/layout.js';
import type { Arena } from './arena.js';
import { isState, loadState } from './slot-state.js';

const bitOf = (slot: number): number => 1 << (slot & 31);

/** Called by producers after each publication. Pairs with clearReady(). */
export function setReady(arena: Arena, slot: number): void {
  const word = arena.ready(slot);
  if ((Atomics.load(arena.words, word) & bitOf(slot)) === 0) Atomics.or(arena.words, word, bitOf(slot));
}

/** Drain only, of a slot without work. It looks for work again afterwards: pairs with setReady(). */
export function clearReady(arena: Arena, slot: number): void {
  Atomics.and(arena.words, arena.ready(slot), ~bitOf(slot));
}

export function isReady(arena: Arena, slot: number): boolean {
  return (Atomics.load(arena.words, arena.ready(slot)) & bitOf(slot)) !== 0;
}

/** The slots whose bits are set, from 0 upwards; each word is looked at once. */
export function* readySlots(arena: Arena): Generator<number> {
  const { readyWords } = arena.geometry;
  for (let word = 0; word < readyWords; word += 1) {
    let bits = Atomics.load(arena.words, arena.ready(word * 32));
    for (; bits !== 0; bits &= bits - 1) yield word * 32 + 31 - Math.clz32(bits & -bits);
  }
}

/** After a slot's state was changed. Pairs with registryVersion(): whoever loads it afterwards looks at every slot. */
export function noteChange(arena: Arena, slot: number): void {
  if (isState(loadState(arena, slot), 'leaving')) setReady(arena, slot);
  Atomics.add(arena.words, arena.header(HEADER.registryVersion), 1);
}

/** Loaded before the look at the slots: a change meanwhile is met by the next look. */
export function registryVersion(arena: Arena): number {
  return Atomics.load(arena.words, arena.header(HEADER.registryVersion));
}
