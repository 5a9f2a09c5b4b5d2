/** The state machines, as data: what may follow what. Names are those of layout.ts. */
import type { QUEUE_STATE, SLOT_STATE, WINDOW_STATE } from './layout.js';

/** What may follow each state. */
export type Machine<S extends string> = Readonly<Record<S, readonly S[]>>;

/** FREE -> CLAIMED -> ACTIVE -> LEAVING -> DRAINED -> FREE; a thread that dies while it registers goes CLAIMED -> FREE. */
export const SLOT_TRANSITIONS: Machine<keyof typeof SLOT_STATE> = {
  free: ['claimed'],
  claimed: ['active', 'free'],
  active: ['leaving'],
  leaving: ['drained'],
  drained: ['free'],
};

/** The submit queue's ownership word. */
export const QUEUE_TRANSITIONS: Machine<keyof typeof QUEUE_STATE> = {
  free: ['producer', 'drain'],
  producer: ['free', 'revoked'],
  drain: ['free'],
  revoked: ['free'],
};

/** A window place. A marked window is never evicted: there is no way from sealedMarked to open. */
export const WINDOW_TRANSITIONS: Machine<keyof typeof WINDOW_STATE> = {
  free: ['open', 'openMarked'],
  open: ['openMarked', 'sealed', 'free'],
  openMarked: ['sealedMarked', 'free'],
  sealed: ['sealedMarked', 'open', 'openMarked', 'free'],
  sealedMarked: ['free'],
};

/** True if `machine` lets `from` become `to`. */
export function mayFollow<S extends string>(machine: Machine<S>, from: S, to: S): boolean {
  return machine[from].includes(to);
}
