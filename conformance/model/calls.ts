/** A history, told apart into the calls that a scenario made and what happened inside each of them. */
import type { HistoryRecord, RecordOf, Step } from '../../spec/index.js';

/** One call of the sink: what happened meanwhile, then what it was handed. */
export interface Write {
  readonly kind: 'write';
  /** The first record of it. */
  readonly at: number;
  readonly nested: readonly Call[];
  readonly batch: RecordOf<'batch'>;
  readonly batchAt: number;
  /** The sink's behaviour was given for so many writes, and this was the last. */
  readonly recovers: boolean;
}
export interface Told {
  readonly kind: 'event';
  readonly at: number;
  readonly event: RecordOf<'thread-event'>;
}

/** One step, or one of the iterations of a step. */
export interface Call {
  readonly step: Step;
  /** The records that say what became of it, in order; what happened inside stands in `inside`. */
  readonly records: readonly { readonly record: HistoryRecord; readonly at: number }[];
  readonly inside: readonly (Write | Told)[];
}

/** A history that is none of the scenario that was asked for. */
export class HistoryMismatch extends Error {
  override readonly name = 'HistoryMismatch';
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

const RESULTS = { turn: 'iteration', settle: 'iteration', visit: 'visit', stop: 'stop' } as const;

/** True for an iteration after which `settle` ends: it changed nothing, and was not cut short before it could. */
const isFruitless = ({ delivered, skips, reclaimed, sinkFailures, truncated }: RecordOf<'iteration'>): boolean =>
  delivered + skips + reclaimed + sinkFailures === 0 && truncated === 'no';

class Reader {
  readonly #history: readonly HistoryRecord[];
  readonly #nested: ReadonlyMap<number, readonly Step[]>;
  readonly #drains = new Set<number>();
  /** Threads that registered, and of these the killed ones. */
  readonly #threads = new Set<number>();
  readonly #killed = new Set<number>();
  #writes = 0;
  #at = 0;

  constructor(history: readonly HistoryRecord[], nested: ReadonlyMap<number, readonly Step[]>) {
    this.#history = history;
    this.#nested = nested;
  }

  read(steps: readonly Step[]): Call[] {
    this.#take('history');
    const { record, at } = this.#take('create');
    if (record.outcome !== 'accepted')
      throw new HistoryMismatch(`the drain was not made: ${record.message ?? record.outcome}`, at);
    this.#drains.add(0);
    const calls = steps.flatMap((step) => this.#step(step));
    this.#take('end');
    return calls;
  }

  #take<T extends HistoryRecord['type']>(type: T): { record: RecordOf<T>; at: number } {
    const at = this.#at;
    const record = this.#history[at];
    if (record?.type !== type)
      throw new HistoryMismatch(`record ${at} is '${record?.type ?? 'missing'}'; expected '${type}'`, at);
    this.#at += 1;
    return { record: record as RecordOf<T>, at };
  }

  #moves(thread: number): boolean {
    return this.#threads.has(thread) && !this.#killed.has(thread);
  }

  /** The host leaves out what nobody is there for. */
  #isPerformed(step: Step): boolean {
    if ('drain' in step && step.op !== 'openDrain' && !this.#drains.has(step.drain)) return false;
    switch (step.op) {
      case 'register':
        return !this.#killed.has(step.thread);
      case 'emit':
      case 'emitSize':
      case 'submit':
      case 'begin':
      case 'commit':
      case 'mark':
      case 'seal':
      case 'leave':
      case 'setWeight':
      case 'setPriority':
      case 'kill':
        return this.#moves(step.thread);
      case 'acquire':
      case 'release':
      case 'visit':
      case 'declareDead':
        return this.#threads.has(step.thread);
      case 'openDrain':
        return !this.#drains.has(step.drain);
      default:
        return true;
    }
  }

  #step(step: Step): Call[] {
    if (!this.#isPerformed(step)) return [];
    const one = (type: HistoryRecord['type']): Call[] => {
      const inside = [...this.#events()];
      return [{ step, records: [this.#take(type)], inside }];
    };
    switch (step.op) {
      case 'emit':
        return [this.#emits(step, step.count)];
      case 'emitSize':
        return [this.#emits(step, 1)];
      case 'submit':
      case 'begin':
      case 'commit':
        return one('submit');
      case 'declareDead':
        return one('dead');
      case 'setWeight':
        return one('weight');
      case 'setPriority':
        return one('priority');
      case 'kill':
        this.#killed.add(step.thread);
        return one('kill');
      case 'turn':
        return Array.from({ length: step.times }, () => this.#call(step, 'iteration'));
      case 'settle':
        return this.#settle(step);
      case 'visit':
      case 'stop':
        return [this.#call(step, RESULTS[step.op])];
      case 'register': {
        const calls = one('register');
        if ((calls[0]!.records[0]!.record as RecordOf<'register'>).outcome === 'accepted')
          this.#threads.add(step.thread);
        return calls;
      }
      case 'openDrain': {
        const calls = one('create');
        if ((calls[0]!.records[0]!.record as RecordOf<'create'>).outcome === 'accepted') this.#drains.add(step.drain);
        return calls;
      }
      default:
        return one(step.op);
    }
  }

  /** Any call of a drain may be the one that notices a thread. */
  *#events(): Generator<Told> {
    while (this.#history[this.#at]?.type === 'thread-event')
      yield { kind: 'event', at: this.#at, event: this.#take('thread-event').record };
  }

  #emits(step: Step, count: number): Call {
    const records = [];
    for (let told = 0; told < count;) {
      const next = this.#take('emit');
      if (next.record.count < 1) throw new HistoryMismatch(`record ${next.at} tells of no emit`, next.at);
      told += next.record.count;
      records.push(next);
    }
    return { step, records, inside: [] };
  }

  #settle(step: Extract<Step, { op: 'settle' }>): Call[] {
    const calls: Call[] = [];
    while (calls.length < step.limit) {
      const call = this.#call(step, 'iteration');
      calls.push(call);
      if (isFruitless(call.records[0]!.record as RecordOf<'iteration'>)) break;
    }
    return calls;
  }

  #call(step: Extract<Step, { drain: number }>, result: 'iteration' | 'visit' | 'stop'): Call {
    const inside: (Write | Told)[] = [];
    for (;;) {
      inside.push(...this.#events());
      const next = this.#history[this.#at];
      if (next?.type === 'batch' || (next?.type === 'advance' && this.#nested.has(this.#writes))) {
        inside.push(this.#write(step.drain));
      } else {
        const told = this.#take(result);
        return { step, records: [told], inside };
      }
    }
  }

  #write(drain: number): Write {
    const at = this.#at;
    const steps = this.#nested.get(this.#writes) ?? [];
    this.#writes += 1;
    const nested = steps.flatMap((step) => this.#step(step));
    const { record: batch, at: batchAt } = this.#take('batch');
    if (batch.drain !== drain)
      throw new HistoryMismatch(
        `record ${batchAt} is a batch of drain ${batch.drain}; expected drain ${drain}`,
        batchAt,
      );
    const recovers = this.#history[this.#at]?.type === 'sink';
    if (recovers) this.#at += 1;
    return { kind: 'write', at, nested, batch, batchAt, recovers };
  }
}

/** @throws HistoryMismatch */
export function callsOf(
  history: readonly HistoryRecord[],
  steps: readonly Step[],
  nested: ReadonlyMap<number, readonly Step[]> = new Map(),
): Call[] {
  return new Reader(history, nested).read(steps);
}
