import { DEFAULT_WEIGHT, type Drain, type DrainConfig, type DrainModule, type Step } from '../../spec/index.js';
import { appendGiven, attempt, members, threw, type Append } from './attempt.js';
import type { Hands } from './hands.js';
import { Recorder, VirtualClock } from './recorder.js';
import { SinkBehaviour } from './sink-behaviour.js';
import type { Range, ThreadReply } from './thread-actor.js';

/** What the host knows of a logical thread. */
export interface LogicalThread {
  readonly id: number;
  slot: number;
  generation: number;
  /** Next sequence of each lane: attempts so far. */
  readonly next: { index: number; detail: number };
  acceptedDetail: number;
  /** The group begun and not committed. */
  held: { readonly index: Range; readonly detail: Range } | undefined;
  /** It does nothing more. */
  killed: boolean;
}

/** Everything that the steps of one scenario act on. */
export class Stage {
  readonly clock = new VirtualClock();
  readonly behaviour = new SinkBehaviour();
  readonly drains = new Map<number, Drain>();
  readonly threads = new Map<number, LogicalThread>();
  readonly module: DrainModule;
  readonly config: DrainConfig;
  readonly append: Append;
  /** Set once the first drain is there. */
  hands: Hands | undefined;
  readonly #nested: ReadonlyMap<number, readonly Step[]>;
  readonly #perform: (stage: Stage, step: Step) => void;
  #writes = 0;
  #appended = 0;

  constructor(options: {
    readonly module: DrainModule;
    readonly config: DrainConfig;
    readonly nested: ReadonlyMap<number, readonly Step[]>;
    readonly append: Append;
    perform(stage: Stage, step: Step): void;
  }) {
    this.module = options.module;
    this.config = options.config;
    this.append = (record) => {
      this.#appended += 1;
      options.append(record);
    };
    this.#nested = options.nested;
    this.#perform = options.perform;
  }

  appendGiven(during: string, record: object): void {
    appendGiven(this.append, during, record);
  }

  appendThrew(during: string, reply: ThreadReply): void {
    if (reply.threw !== undefined) this.append(threw(during, reply.threw));
  }

  /** A drain with a sink of its own that says which drain it is. */
  makeDrain(drain: number, config: Partial<DrainConfig>, arena?: SharedArrayBuffer): ReturnType<typeof attempt<Drain>> {
    const sink = new Recorder({
      drain,
      detailRecordBytes: this.config.detailRecordBytes,
      behaviour: this.behaviour,
      clock: this.clock,
      append: this.append,
      duringWrite: () => this.#duringWrite(),
    });
    return attempt(() =>
      this.module.createDrain({
        config,
        sink,
        environment: this.clock,
        ...(arena === undefined ? {} : { arena }),
        onThreadEvent: (given) => {
          const { event, threadId, slot, generation, heldNs } = members(given);
          const held = heldNs === undefined ? {} : { heldNs };
          const told = { type: 'thread-event', drain, event, thread: threadId, slot, generation, ...held };
          this.appendGiven('onThreadEvent', told);
        },
      }),
    );
  }

  /** Makes drain number `drain` and says so. */
  openDrain(drain: number, config: Partial<DrainConfig>, arena?: SharedArrayBuffer): Drain | undefined {
    const made = this.makeDrain(drain, config, arena);
    if (made.ok) {
      if (typeof made.value === 'object' && (made.value as Drain | null) !== null) {
        this.drains.set(drain, made.value);
        this.append({ type: 'create', outcome: 'accepted', drain });
        return made.value;
      }
      this.append(threw('createDrain', `it returned ${String(made.value)}; expected a drain`));
      return undefined;
    }
    if (made.code === undefined) this.append(threw('createDrain', made.message));
    else this.append({ type: 'create', outcome: made.code, drain, message: made.message });
    return undefined;
  }

  /** The thread, if it has registered and may still move. */
  moving(id: number): LogicalThread | undefined {
    const thread = this.threads.get(id);
    return thread === undefined || thread.killed ? undefined : thread;
  }

  #duringWrite(): number {
    const write = this.#writes;
    const before = this.#appended;
    this.#writes += 1;
    for (const step of this.#nested.get(write) ?? []) this.#perform(this, step);
    return this.#appended - before;
  }
}

/** A weight as a history can hold it. */
export const recordedWeight = (weight: number = DEFAULT_WEIGHT): number =>
  Number.isSafeInteger(weight) && weight >= 0 ? weight : 0;

/** The same for a class; none when none was given. */
export const recordedPriority = (priority?: number): { priority?: number } => {
  if (priority === undefined) return {};
  return { priority: Number.isSafeInteger(priority) && priority >= 0 ? priority : 0 };
};
