/** The submit queue's ownership word, as the drain uses it. Nothing here waits or tries twice. */
import { QUEUE_STATE, SLOT } from '../spec/layout.js';
import type { Arena } from './arena.js';

function swap(arena: Arena, slot: number, from: number, to: number): boolean {
  return Atomics.compareExchange(arena.words, arena.slot(slot, SLOT.queue), from, to) === from;
}

/** Pairs with beginSubmit() and commitSubmit(): after it the drain sees whole groups only, and no other drain visits. */
export function tryAcquire(arena: Arena, slot: number): boolean {
  return swap(arena, slot, QUEUE_STATE.free, QUEUE_STATE.drain);
}

/** Pairs with the next owner's swap: publishes what this drain released. */
export function release(arena: Arena, slot: number): void {
  swap(arena, slot, QUEUE_STATE.drain, QUEUE_STATE.free);
}

/** The owner is dead: frees the queue, and what it had staged stays unpublished. */
export function takeOver(arena: Arena, slot: number): void {
  swap(arena, slot, QUEUE_STATE.producer, QUEUE_STATE.free);
  swap(arena, slot, QUEUE_STATE.revoked, QUEUE_STATE.free);
}

/** stop() gives up waiting for the owner: its commit will fail. */
export function revoke(arena: Arena, slot: number): void {
  swap(arena, slot, QUEUE_STATE.producer, QUEUE_STATE.revoked);
}
