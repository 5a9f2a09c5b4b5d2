/** One iteration: who must have a turn, who may, how much, and in which order as far as it is promised. */
import type { DrainConfig, RecordOf } from '../../spec/index.js';
import { violated } from './violation.js';
import { NOBODY, largestQuantum, type Frame, type Owed, type Thread, type World } from './world.js';

export interface RoundEnd {
  readonly record: RecordOf<'iteration'>;
  readonly at: number;
  readonly delivered: number;
}

/** A thread as the iteration found it. */
interface Found {
  readonly thread: Thread;
  readonly free: boolean;
  readonly backlog: number;
  readonly index: number;
  readonly failing: boolean;
}

interface Visit {
  readonly thread: Thread;
  /** The first record of its first batch. */
  readonly began: number;
  readonly allowance: number;
  readonly creditBefore: number;
  taken: number;
  /** Index events were offered, or a batch was not taken whole, which ends a visit. */
  sawIndex: boolean;
}

export class Round {
  readonly #world: World;
  readonly #frame: Frame;
  readonly #config: DrainConfig;
  readonly #found: readonly Found[];
  readonly #visits = new Map<Thread, Visit>();
  readonly #started: number;
  readonly #promoted: ReadonlySet<Thread>;
  readonly #owed: Owed;
  #current: Visit | undefined;
  #delivered = 0;

  constructor(world: World, frame: Frame) {
    this.#world = world;
    this.#frame = frame;
    this.#config = world.drains.get(frame.drain)!.config;
    this.#started = world.elapsed;
    const present = [...world.threads.values()].filter(({ state }) => state !== 'gone');
    this.#found = present.map((thread) => ({
      thread,
      free: world.isFree(thread),
      backlog: thread.detail.vague ? 0 : thread.backlog,
      index: thread.index.pending.length,
      failing: thread.failures > 0,
    }));
    const longest = Math.max(1, this.#config.maxSkips);
    this.#promoted = new Set(
      present.filter(({ skipsInRow, skipsAsNow }) => world.single && skipsAsNow > 0 && skipsInRow >= longest),
    );
    this.#owed = world.single ? world.drains.get(frame.drain)!.owed : NOBODY;
  }

  /** A batch of this thread begins. @returns the first record of the visit that it is part of */
  begins(thread: Thread, at: number, batchAt: number): number {
    if (this.#current?.thread === thread) return this.#current.began;
    if (this.#visits.has(thread))
      violated(
        'FAIR-ALL-SERVED',
        `thread ${thread.id} is visited twice in one iteration`,
        'one turn',
        'a second turn',
        batchAt,
      );
    this.#closeVisit();
    this.#withinLimits(thread, batchAt);
    this.#inOrder(thread, batchAt);
    if (thread.failures >= 3 && thread.gap === 0 && this.#config.maxBackoffIterations > 1 && this.#world.single)
      violated(
        'SINK-BACKS-OFF',
        `thread ${thread.id} failed ${thread.failures} times in a row and is offered again in the very next iteration`,
        'back-off',
        'a batch',
        batchAt,
      );
    if (thread.failures === 1 && thread.passedBy === thread.gap) thread.firstBackOff ??= thread.passedBy;
    const cap = this.#world.capOf(thread, this.#config);
    this.#current = {
      thread,
      began: at,
      allowance: this.#world.single ? Math.min(cap, thread.credit + this.#world.quantumOf(thread, this.#config)) : cap,
      creditBefore: thread.credit,
      taken: 0,
      sawIndex: false,
    };
    this.#visits.set(thread, this.#current);
    thread.skipsInRow = 0;
    thread.skipsAsNow = 0;
    thread.stuck = false;
    return at;
  }

  took(thread: Thread, batch: RecordOf<'batch'>, at: number): void {
    const visit = this.#current!;
    const { policy, batchMax } = this.#config;
    if (policy === 'adaptive' && batch.count > batchMax)
      violated(
        'FAIR-ADAPTIVE-RANGE',
        `a batch of thread ${thread.id} held ${batch.count} events`,
        `at most batchMax (${batchMax})`,
        batch.count,
        at,
      );
    visit.taken += batch.acknowledged;
    this.#delivered += batch.acknowledged;
    if (batch.lane === 'index' || batch.acknowledged < batch.count) visit.sawIndex = true;
    if (visit.taken > visit.allowance && !thread.detail.vague)
      violated(
        'ITER-QUANTUM',
        `a visit to thread ${thread.id} delivered ${visit.taken} events, its credit is at most ${visit.allowance}`,
        `at most ${visit.allowance}`,
        visit.taken,
        at,
      );
  }

  ends({ record, at }: RoundEnd): void {
    this.#closeVisit(at);
    const whole = record.truncated === 'no';
    this.#truthful(record, at);
    if (whole) this.#everybodyServed(at);
    if (!this.#frame.nested) this.#skipsCounted(record, at);
    for (const one of this.#found) this.#afterwards(one, whole, at);
    if (this.#world.frames.length === 0)
      for (const thread of this.#world.threads.values()) thread.mostWeight = thread.weight;
    const books = this.#world.drains.get(record.drain)!;
    // under priority who missed its turn is behind whoever has come in a higher class
    const missed =
      whole || this.#config.policy === 'priority' ? [] : this.#found.filter(({ thread }) => !this.#visits.has(thread));
    books.owed = {
      surely: new Set(missed.filter(({ backlog, free }) => backlog > 0 && free).map(({ thread }) => thread.id)),
      perhaps: new Set(missed.map(({ thread }) => thread.id)),
    };
  }

  #withinLimits(thread: Thread, at: number): void {
    const { maxIterationVisits, maxIterationEvents, maxIterationNs } = this.#config;
    const begins = `a visit to thread ${thread.id} begins`;
    if (this.#visits.size === 0) return;
    if (maxIterationVisits > 0 && this.#visits.size >= maxIterationVisits)
      violated(
        'ITER-LIMIT-VISITS',
        `${begins} after ${this.#visits.size} visits`,
        `at most ${maxIterationVisits}`,
        this.#visits.size + 1,
        at,
      );
    if (maxIterationEvents > 0 && this.#delivered >= maxIterationEvents)
      violated(
        'ITER-LIMIT-EVENTS',
        `${begins} after ${this.#delivered} events`,
        `none after ${maxIterationEvents}`,
        this.#delivered,
        at,
      );
    const lasted = this.#world.elapsed - this.#started;
    if (maxIterationNs > 0 && lasted >= maxIterationNs)
      violated(
        'ITER-LIMIT-TIME',
        `${begins} after ${lasted} ns`,
        `none after ${maxIterationNs} ns`,
        `${lasted} ns`,
        at,
      );
  }

  #inOrder(thread: Thread, at: number): void {
    const waits = ({ free, backlog, failing, thread: one }: Found): boolean =>
      free && backlog > 0 && !failing && !this.#visits.has(one) && this.#world.isFree(one) && one.backlog > 0;
    if (this.#visits.size === 0 && !this.#promoted.has(thread)) {
      const first = this.#found.find((one) => this.#promoted.has(one.thread) && waits(one))?.thread;
      if (first !== undefined)
        violated(
          'QUEUE-SKIP-FIRST',
          `thread ${first.id} was skipped ${first.skipsInRow} times in a row, and thread ${thread.id} is visited before it`,
          `thread ${first.id} first`,
          `thread ${thread.id}`,
          at,
        );
    }
    if (this.#owed.perhaps.has(thread.id) || this.#promoted.has(thread)) return;
    const before = this.#found.find((one) => this.#owed.surely.has(one.thread.id) && waits(one))?.thread;
    if (before !== undefined)
      violated(
        'ITER-CONTINUES',
        `thread ${before.id} had no turn when the last iteration was cut short, and thread ${thread.id} is visited before it`,
        `thread ${before.id} first`,
        `thread ${thread.id}`,
        at,
      );
  }

  #closeVisit(at = 0): void {
    const visit = this.#current;
    this.#current = undefined;
    if (visit === undefined) return;
    const { thread } = visit;
    const world = this.#world;
    thread.credit = thread.backlog === 0 && !thread.detail.vague ? 0 : Math.max(0, visit.allowance - visit.taken);
    const oneLine = this.#config.policy !== 'priority';
    const steady = oneLine && world.single && !this.#frame.nested && !this.#frame.troubled && !thread.detail.vague;
    if (!steady) world.lag.forget();
    else if (thread.backlog === 0 || visit.creditBefore > 0) world.lag.forget(thread);
    else {
      const others = this.#found
        .filter(
          ({ thread: other, free }) =>
            other !== thread && free && other.backlog > 0 && other.failures === 0 && !other.detail.vague,
        )
        .map((one) => one.thread);
      world.lag.visited(thread, visit.taken / world.weightOf(thread), others, largestQuantum(this.#config), at);
    }
  }

  /** Limits that are said to have ended it did. */
  #truthful({ truncated, visits, delivered }: RecordOf<'iteration'>, at: number): void {
    const { maxIterationVisits, maxIterationEvents, maxIterationNs } = this.#config;
    if (maxIterationVisits > 0 && visits > maxIterationVisits)
      violated(
        'ITER-LIMIT-VISITS',
        `an iteration says ${visits} visits; the limit is ${maxIterationVisits}`,
        maxIterationVisits,
        visits,
        at,
      );
    if (visits < this.#visits.size)
      violated(
        'ITER-RESULT-EXACT',
        `an iteration says ${visits} visits, and ${this.#visits.size} threads were visited`,
        `at least ${this.#visits.size}`,
        visits,
        at,
      );
    const limits = {
      no: true,
      visits: maxIterationVisits > 0 && visits >= maxIterationVisits,
      events: maxIterationEvents > 0 && delivered >= maxIterationEvents,
      time: maxIterationNs > 0,
    };
    if (!limits[truncated])
      violated(
        'ITER-RESULT-EXACT',
        `an iteration of ${visits} visits and ${delivered} events says that it was cut short (${truncated})`,
        'no',
        truncated,
        at,
      );
  }

  #everybodyServed(at: number): void {
    for (const { thread, free, backlog, index, failing } of this.#found) {
      if (!free || failing || backlog === 0 || this.#world.touched.has(thread)) continue;
      const visit = this.#visits.get(thread);
      if (visit === undefined)
        violated(
          'FAIR-ALL-SERVED',
          `a whole iteration made no visit to thread ${thread.id}, which had ${backlog} events`,
          `a turn for thread ${thread.id}`,
          'none',
          at,
        );
      if (index > 0 && !visit.sawIndex)
        violated(
          'LANE-INDEX-ALWAYS',
          `a visit to thread ${thread.id} delivered none of its ${index} index events`,
          'at least one',
          'none',
          at,
        );
    }
  }

  #skipsCounted({ visits, skips, truncated }: RecordOf<'iteration'>, at: number): void {
    const held = this.#found.filter(({ free }) => !free);
    const vague = this.#found.some(({ thread }) => thread.detail.vague);
    const surely = held.filter(({ backlog, failing }) => backlog > 0 && !failing).length;
    const least = truncated === 'no' && !vague ? surely : 0;
    if (skips < least || skips > held.length)
      violated(
        'QUEUE-SKIP-COUNTED',
        `an iteration says ${skips} skips; the queues of ${held.length} threads were held, ${surely} of them backlogged`,
        `${least} to ${held.length}`,
        skips,
        at,
      );
    const most = this.#found.length - least;
    // Beside another drain a visit may find that its thread is gone.
    if (visits > most && this.#world.single)
      violated(
        'ITER-RESULT-EXACT',
        `an iteration says ${visits} visits, and ${most} threads could be visited`,
        `at most ${most}`,
        visits,
        at,
      );
  }

  #afterwards({ thread, free, backlog, failing }: Found, whole: boolean, at: number): void {
    const world = this.#world;
    const visited = this.#visits.has(thread);
    const touched = world.touched.has(thread);
    if (!visited) thread.gap += 1;
    if (free && backlog === 0) thread.skipsInRow = thread.skipsAsNow = 0; // a visit that found nothing tells nobody
    if (!free || touched) {
      world.lag.forget(thread);
      thread.credit = Math.min(world.capOf(thread), thread.credit + world.quantumOf(thread));
      if (!free && backlog > 0 && whole && !failing && !this.#frame.nested) {
        thread.skipsInRow += 1;
        thread.skipsAsNow += 1;
      }
    } else if (!visited && whole && backlog === 0 && !failing && thread.backlog === 0 && !thread.detail.vague)
      thread.credit = 0;
    if (thread.failures > 0) world.lag.forget(thread);
    if (failing && !visited && free && !touched && backlog > 0 && whole && world.single) {
      thread.passedBy += 1;
      const { firstBackOff } = thread;
      if (thread.failures === 1 && firstBackOff !== undefined && thread.passedBy > firstBackOff)
        violated(
          'SINK-BACKS-OFF',
          `thread ${thread.id} failed once after a success and was passed by in ${thread.passedBy} iterations, the first time in ${firstBackOff}`,
          firstBackOff,
          thread.passedBy,
          at,
        );
      if (thread.passedBy > this.#config.maxBackoffIterations)
        violated(
          'SINK-BACKS-OFF',
          `thread ${thread.id}, whose batch had failed, was passed by in ${thread.passedBy} iterations`,
          `at most ${this.#config.maxBackoffIterations}`,
          thread.passedBy,
          at,
        );
    }
  }
}
