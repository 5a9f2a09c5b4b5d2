/**
 * One lane of one thread as its records pass by: what was accepted, what the sink was handed, what it took. Keeps runs of
 * sequences only, so a history of any length fits.
 */
import type { Lane } from '../../spec/index.js';
import { finding } from './finding.js';
import type { Suspicion } from './questions.js';
import { RunSet, describeRun, wasOrWere, type Run } from './runs.js';

export class LaneWatch {
  readonly thread: number;
  readonly lane: Lane;
  readonly accepted = new RunSet();
  readonly taken = new RunSet();
  duplicate: Suspicion | undefined;
  disorder: Suspicion | undefined;
  /** In histories whose lines have an order; the others are asked when they end. */
  #phantom: Suspicion | undefined;
  readonly #ordered: boolean;
  /** The thread died before it could tell whether these were accepted. */
  readonly #unknown = new RunSet();
  /** Handed over and not taken (without an order of lines: phantoms are looked for at the end). */
  readonly #untaken = new RunSet();
  #highest = -1;
  /** What the sink did not take: it is to be offered next. */
  #refused: { next: number; record: number } | undefined;
  /** The run before, in the same batch. */
  #previous: { to: number; record: number } | undefined;

  constructor(thread: number, lane: Lane, ordered: boolean) {
    this.thread = thread;
    this.lane = lane;
    this.#ordered = ordered;
  }

  get name(): string {
    return `thread ${this.thread}, ${this.lane} lane`;
  }

  attempt(from: number, count: number, outcome: string): void {
    if (outcome === 'accepted') this.accepted.add(from, count);
    else if (outcome === 'unknown') this.#unknown.add(from, count);
  }

  deliver(from: number, count: number, acknowledged: number, record: number): void {
    if (count === 0) return;
    this.#order(from, count, acknowledged, record);
    if (this.duplicate === undefined) {
      const again = this.taken.common(from, count);
      if (again !== undefined) this.duplicate = this.#twice(again, record);
    }
    if (!this.#ordered) this.#untaken.add(from + acknowledged, count - acknowledged);
    else if (this.#phantom === undefined) {
      const phantom = this.#unaccepted(from, count);
      if (phantom !== undefined) this.#phantom = this.#nobody(phantom.from, record);
    }
    this.taken.add(from, acknowledged);
  }

  /** A delivery of what was never accepted, or not yet. Ask it when the history has ended. */
  phantom(): Suspicion | undefined {
    if (this.#ordered) return this.#phantom;
    for (const set of [this.taken, this.#untaken]) {
      for (const { from, count } of set.walk()) {
        const phantom = this.#unaccepted(from, count);
        if (phantom !== undefined) return this.#nobody(phantom.from, undefined);
      }
    }
    return undefined;
  }

  /** Accepted events that the sink never took: how many, and the first run of them. */
  missing(): { events: number; first: Run | undefined } {
    let events = 0;
    let first: Run | undefined;
    for (const { from, count } of this.accepted.walk()) {
      first ??= this.taken.missing(from, count);
      events += this.taken.absent(from, count);
    }
    return { events, first };
  }

  loss(lost: Run, last: number): Suspicion {
    return {
      questions: [{ kind: 'accepted', thread: this.thread, lane: this.lane, sequence: lost.from }],
      tell: ([accept]) =>
        finding(
          'loss',
          `${this.name}: ${wasOrWere(lost)} accepted and never delivered`,
          `${describeRun(lost)} acknowledged by the sink`,
          'not delivered',
          [accept?.record ?? last, last],
        ),
    };
  }

  #unaccepted(from: number, count: number): Run | undefined {
    const end = from + count;
    for (let at = from; at < end;) {
      const gap = this.accepted.missing(at, end - at);
      if (gap === undefined) return undefined;
      const unknown = this.#unknown.missing(gap.from, gap.count);
      if (unknown !== undefined) return unknown;
      at = gap.from + gap.count;
    }
    return undefined;
  }

  #twice(again: Run, record: number): Suspicion {
    return {
      questions: [{ kind: 'acknowledged', thread: this.thread, lane: this.lane, sequence: again.from }],
      tell: ([before]) =>
        finding(
          'duplicate',
          `${this.name}: ${wasOrWere(again)} delivered twice`,
          'each acknowledged event handed over once',
          `${describeRun(again)} again`,
          [before?.record ?? record, record],
        ),
    };
  }

  /** A phantom, and why it is one: whatever the history tells of it. */
  #nobody(sequence: number, record: number | undefined): Suspicion {
    const { thread, lane } = this;
    const kinds = ['delivered', 'accepted', 'rejected', 'staged'] as const;
    return {
      questions: kinds.map((kind) => ({ kind, thread, lane, sequence })),
      tell: ([delivered, later, rejected, staged]) => {
        const at = record ?? delivered?.record ?? 0;
        const [why, told] =
          later !== undefined
            ? ['before it was accepted', later]
            : rejected !== undefined
              ? [`though it was rejected with ${rejected.outcome}`, rejected]
              : staged !== undefined
                ? ['though its group was never committed', staged]
                : ['though nobody emitted it', undefined];
        const message = `${this.name}: event ${sequence} was delivered ${why}`;
        return finding('phantom', message, 'only accepted events delivered', `event ${sequence}`, [
          told?.record ?? at,
          at,
        ]);
      },
    };
  }

  #order(from: number, count: number, acknowledged: number, record: number): void {
    if (this.disorder !== undefined) return;
    const within = this.#previous?.record === record ? this.#previous : undefined;
    const refused = this.#refused;
    if (within !== undefined && from < within.to) {
      const seen = `${within.to - 1}, then ${from}`;
      this.#disordered(`event ${from} stands after event ${within.to - 1} in one batch`, seen, [record]);
    } else if (within === undefined && refused !== undefined && from !== refused.next) {
      const message = `event ${refused.next} was not taken by the sink, and event ${from} was offered next`;
      this.#disordered(message, `event ${from}`, [refused.record, record], `event ${refused.next} offered again first`);
    } else if (from <= this.#highest) {
      const seen = `${this.#highest}, then ${from}`;
      this.#disordered(`event ${from} was delivered after event ${this.#highest}`, seen, [record]);
    }
    if (acknowledged > 0) this.#highest = from + acknowledged - 1;
    if (refused?.record !== record)
      this.#refused = acknowledged < count ? { next: from + acknowledged, record } : undefined;
    this.#previous = { to: from + count, record };
  }

  #disordered(what: string, seen: string, evidence: readonly number[], expected?: string): void {
    const told = finding(
      'order',
      `${this.name}: ${what}`,
      expected ?? 'events in the order they were accepted',
      seen,
      evidence,
    );
    this.disorder = { questions: [], tell: () => told };
  }
}
