/** Turns under the policy `priority`: who may go before whom, and final drains beside the others. */
import { PRIORITY_CLASSES, type HistoryRecord } from '../../spec/index.js';
import { finding, type Finding } from './finding.js';
import { Regime, nestedRecords } from './regime.js';
import { isWhole, walk, type VisitHistory } from './visits.js';

const TOP = PRIORITY_CLASSES - 1;

/** What is known of a backlogged thread's place. Iterations count from 1. */
interface Standing {
  /** The iteration of its last turn, or the first that may find it. */
  since: number;
  /** The first iteration that it takes part in. */
  readonly from: number;
  /** Its own class: between these, when it changed while the thread waits. */
  low: number;
  high: number;
  /** Iterations in which its queue was held, since its last turn. */
  held: number;
  failing: boolean;
  visitedIn: number;
  /** Waiting or skips had raised it before an earlier turn. */
  wasRaised: boolean;
}

/** A thread that was visited while one of a higher class waited for its turn. */
export interface Overtaking {
  readonly visited: number;
  readonly waiting: number;
  /** The class that waiting and skips may have raised the visited one to, and the other's own. */
  readonly reached: number;
  readonly own: number;
  readonly wasRaised: boolean;
  readonly records: readonly number[];
}

/** Two visits in a row of one kind, with no other between them, while a thread of the other kind waited for its turn at both. */
export interface Monopoly {
  readonly final: boolean;
  readonly waiting: number;
  readonly records: readonly number[];
}

class Classes {
  readonly overtakings: Overtaking[] = [];
  readonly monopolies: Monopoly[] = [];
  /** Visits to threads that had been raised, and visits of final drains. */
  raisedVisits = 0;
  finalVisits = 0;
  readonly #history: readonly HistoryRecord[];
  readonly #regime: Regime;
  readonly #inside: ReadonlyMap<number, number>;
  readonly #standings = new Map<number, Standing>();
  /** Threads that leave, by the iteration from which their turns are final drains. */
  readonly #leaving = new Map<number, number>();
  readonly #held = new Set<number>();
  /** Held at some time in this iteration. */
  readonly #heldNow = new Set<number>();
  #iteration = 1;
  #last: { final: boolean; waiting: number | undefined } | undefined;
  /** Visits of this iteration that the history shows, and pairs of one kind among them. */
  #seen = 0;
  #pairs: Monopoly[] = [];
  /** Visits that the iteration before counted and that gave the sink nothing. */
  #unseenBefore = 0;

  constructor(history: readonly HistoryRecord[]) {
    this.#history = history;
    this.#regime = new Regime(history);
    this.#inside = nestedRecords(history);
    walk(history, {
      told: (record, at) => {
        this.#told(record, at);
      },
      begins: (thread, at) => {
        this.#begins(thread, at);
      },
      ends: (thread) => void this.#standings.delete(thread),
      visited: (visit) => {
        this.#visited(visit);
      },
      iterated: ({ visits }) => {
        this.#settlePairs(visits);
        this.#iterated();
      },
      changed: (change) => {
        const before = this.#regime.policy;
        this.#regime.apply(change);
        if (change.type === 'priority') this.#reclassed(change.thread, change.priority);
        if (this.#regime.policy !== before) this.#joinAnew();
      },
    });
  }

  /** The next iteration that begins. */
  #next(at: number): number {
    return this.#iteration + (this.#inside.has(at) ? 1 : 0);
  }

  #told(record: HistoryRecord, at: number): void {
    if (record.type === 'leave' || record.type === 'dead') {
      if (record.outcome === 'accepted') this.#leaving.set(record.thread, this.#next(at));
    } else if (record.type === 'submit') {
      if (record.phase === 'begin' && record.outcome === 'accepted') this.#hold(record.thread);
      else if (record.phase === 'commit' && record.outcome !== 'NOT_HOLDING') this.#held.delete(record.thread);
    } else if (record.type === 'acquire') {
      if (record.acquired) this.#hold(record.thread);
    } else if (record.type === 'release' && record.outcome === 'accepted') this.#held.delete(record.thread);
  }

  #hold(thread: number): void {
    this.#held.add(thread);
    this.#heldNow.add(thread);
  }

  #begins(thread: number, at: number): void {
    const own = this.#regime.priority(thread);
    const from = this.#next(at);
    const fresh = { held: 0, failing: false, visitedIn: 0, wasRaised: false };
    this.#standings.set(thread, { since: from, from, low: own, high: own, ...fresh });
  }

  #reclassed(thread: number, priority: number): void {
    const standing = this.#standings.get(thread);
    if (standing === undefined) return;
    standing.low = Math.min(standing.low, priority);
    standing.high = Math.max(standing.high, priority);
  }

  /** Another policy: everybody joins anew. */
  #joinAnew(): void {
    for (const [thread, standing] of this.#standings) {
      standing.low = standing.high = this.#regime.priority(thread);
      standing.since = this.#iteration - 1;
      standing.held = 0;
    }
    this.#last = undefined;
  }

  #iterated(): void {
    this.#iteration += 1;
    for (const thread of this.#heldNow) {
      const standing = this.#standings.get(thread);
      if (standing !== undefined) standing.held += 1;
    }
    this.#heldNow.clear();
    for (const thread of this.#held) this.#heldNow.add(thread);
  }

  /** Each visit that gave the sink nothing may stand between two that seem to follow each other. */
  #settlePairs(visits: number): void {
    const unseen = Math.max(0, visits - this.#seen);
    this.monopolies.push(...this.#pairs.slice(unseen + this.#unseenBefore));
    this.#unseenBefore = unseen;
    this.#seen = 0;
    this.#pairs = [];
  }

  #isFinal(thread: number): boolean {
    return (this.#leaving.get(thread) ?? Infinity) <= this.#iteration;
  }

  /** It surely waits for its turn in this iteration. */
  #waits(thread: number, { from, visitedIn, failing, held }: Standing): boolean {
    const free = held === 0 && !this.#heldNow.has(thread);
    return from <= this.#iteration && visitedIn < this.#iteration && !failing && free;
  }

  #visited(visit: VisitHistory): void {
    const { thread, records } = visit;
    const standing = this.#standings.get(thread);
    this.#seen += 1;
    if (this.#regime.policy === 'priority') {
      this.#alternates(thread, records);
      if (standing !== undefined && !this.#leaving.has(thread)) this.#inOrder(thread, standing, records);
    }
    if (standing === undefined) return;
    standing.since = this.#iteration;
    standing.visitedIn = this.#iteration;
    standing.held = 0;
    standing.low = standing.high = this.#regime.priority(thread);
    standing.failing = !isWhole(this.#history, visit);
  }

  #inOrder(thread: number, standing: Standing, records: readonly number[]): void {
    const { since, high, held, wasRaised } = standing;
    const raised = Math.floor((this.#iteration - since) / this.#regime.number('ageAfter')) + held;
    const reached = Math.min(TOP, high + raised);
    if (reached > high) {
      standing.wasRaised = true;
      this.raisedVisits += 1;
    }
    // skipped often enough it is before all classes
    if (held > 0 && held >= this.#regime.maxSkips) return;
    for (const [waiting, other] of this.#standings) {
      if (waiting === thread || this.#leaving.has(waiting) || other.low <= reached) continue;
      if (this.#waits(waiting, other))
        this.overtakings.push({ visited: thread, waiting, reached, own: other.low, wasRaised, records });
    }
  }

  /** Final drains and the others take turns while both wait. */
  #alternates(thread: number, records: readonly number[]): void {
    const final = this.#isFinal(thread);
    if (final) this.finalVisits += 1;
    else if (this.#leaving.has(thread)) {
      this.#last = undefined; // it left in the middle of the iteration: either is right
      return;
    }
    const waiting = [...this.#standings].find(
      ([other, standing]) => this.#waits(other, standing) && (final ? !this.#leaving.has(other) : this.#isFinal(other)),
    )?.[0];
    if (this.#last?.final === final && this.#last.waiting !== undefined && waiting !== undefined)
      this.#pairs.push({ final, waiting, records });
    this.#last = { final, waiting };
  }
}

/** What the turns of a history say of the policy `priority`. */
export function classTurns(
  history: readonly HistoryRecord[],
): Pick<Classes, 'overtakings' | 'monopolies' | 'raisedVisits' | 'finalVisits'> {
  return new Classes(history);
}

/** Threads that went before one of a higher class. */
export function findOvertakings(history: readonly HistoryRecord[]): Finding[] {
  return classTurns(history).overtakings.map(({ visited, waiting, reached, own, records }) => {
    const message = `thread ${visited}, of class ${reached} at most, was visited while thread ${waiting} of class ${own} waited for its turn`;
    return finding('class', message, `thread ${waiting} first`, `thread ${visited}`, records);
  });
}

/** Final drains that left the others no turn, and the other way round. */
export function findMonopolies(history: readonly HistoryRecord[]): Finding[] {
  return classTurns(history).monopolies.map(({ final, waiting, records }) => {
    const message = final
      ? `two final drains in a row had a turn while thread ${waiting} waited for its own`
      : `two visits in a row were no final drain, while leaving thread ${waiting} waited for its turn`;
    return finding('final-class', message, 'every other visit', 'two in a row', records);
  });
}
