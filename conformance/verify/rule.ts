/** A requirement that a history alone can decide, and the reasons why one cannot. */
import type { HistoryRecord, Requirement } from '../../spec/index.js';
import type { ConductWatch } from '../checkers/conduct.js';
import type { DeliveryWatch } from '../checkers/delivery-watch.js';
import type { Finding } from '../checkers/finding.js';
import type { Suspicion } from '../checkers/questions.js';
import type { Facts } from './facts.js';

/** What the checkers that see a history pass by have gathered. */
export interface Seen {
  readonly facts: Facts;
  readonly deliveries: DeliveryWatch;
  readonly conduct: ConductWatch;
}

export interface Rule {
  readonly id: Requirement['id'];
  /** Why a history with these facts says nothing about the requirement; undefined: it decides. */
  silent(facts: Facts): string | undefined;
  /** From what was seen: for histories of any length. A string: why it says nothing after all. */
  readonly passing?: (seen: Seen) => readonly (Finding | Suspicion)[] | string;
  /** From all records at once: for histories that fit into memory. A string, alike. */
  readonly whole?: (history: readonly HistoryRecord[], facts: Facts) => readonly Finding[] | string;
}

export const isFree = ({ mode }: Facts): string | undefined =>
  mode === 'free' ? 'lines of a free history have no order across threads' : undefined;
export const noEvents = ({ accepted }: Facts): string | undefined =>
  accepted.index + accepted.detail === 0 ? 'no event was accepted' : undefined;
export const noBatch = ({ delivered }: Facts): string | undefined =>
  delivered === 0 ? 'nothing was delivered' : undefined;

export const noIndex = ({ accepted }: Facts): string | undefined =>
  accepted.index === 0 ? 'no index event was accepted' : undefined;

/** Loss is decided once the recorder says that the drain had the time to deliver all, or a stop() that it did or what it left. */
export function notDue(facts: Facts): string | undefined {
  if (facts.end === 'stalled' || facts.stopped) return undefined;
  if (facts.end === 'unsettled') return 'the recording ended while events were pending, perhaps (end: unsettled)';
  return facts.end === undefined ? 'the history is cut off, and what is missing may be pending' : undefined;
}

/** Where lines have no order across threads, books that moved after they were told were not told at rest. */
export const atRest = (facts: Facts): string | undefined => {
  if (facts.count('metrics') === 0) return 'there are no metrics';
  return facts.metricsAtRest ? undefined : 'the last metrics were not taken at rest: lines of events follow them';
};

/** What was found; or, where nothing was, why that says nothing: what would have shown a fault never happened. */
export const unless = <T>(found: readonly T[], why: string | undefined): readonly T[] | string =>
  found.length > 0 || why === undefined ? found : why;

/** The first reason that applies. */
export const first =
  (...reasons: ((facts: Facts) => string | undefined)[]) =>
  (facts: Facts): string | undefined => {
    for (const reason of reasons) {
      const why = reason(facts);
      if (why !== undefined) return why;
    }
    return undefined;
  };

export const without =
  (what: string, has: (facts: Facts) => number | boolean) =>
  (facts: Facts): string | undefined =>
    Number(has(facts)) === 0 ? what : undefined;
