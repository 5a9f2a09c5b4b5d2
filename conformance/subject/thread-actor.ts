/** What a logical thread does to its handle, wherever it runs: in the host's thread or in a worker of its own. */
import type { Lane, ThreadHandle, ThreadRegistry } from '../../spec/contract.js';
import { isErrorCode } from '../../spec/errors.js';
import { NO_JOIN, patternRecord } from '../../spec/records.js';

/** First sequence and count. */
export type Range = readonly [number, number];

export type ThreadCommand =
  | {
      readonly op: 'register';
      readonly thread: number;
      readonly weight: number | undefined;
      readonly priority?: number | undefined;
    }
  | {
      readonly op: 'emit';
      readonly thread: number;
      readonly lane: Lane;
      readonly from: number;
      readonly count: number;
      readonly timeoutMs?: number | undefined;
    }
  | {
      readonly op: 'emitSize';
      readonly thread: number;
      readonly lane: Lane;
      readonly from: number;
      readonly bytes: number;
    }
  | {
      readonly op: 'begin' | 'submit';
      readonly thread: number;
      readonly index: Range;
      readonly detail: Range;
      readonly timeoutMs?: number | undefined;
    }
  | { readonly op: 'setWeight' | 'setPriority'; readonly thread: number; readonly value: number }
  | { readonly op: 'commit' | 'mark' | 'seal' | 'leave'; readonly thread: number };

export interface ThreadReply {
  /** Outcomes in order, equal ones joined. */
  readonly outcomes: readonly { readonly outcome: string; readonly count: number }[];
  readonly slot?: number;
  readonly generation?: number;
  /** The call threw, or returned, what the contract does not allow. */
  readonly threw?: string;
}

class Told {
  readonly outcomes: { outcome: string; count: number }[] = [];
  threw: string | undefined;

  /** @returns false when the call broke the contract */
  tell(name: string, call: () => unknown): boolean {
    let outcome: unknown;
    try {
      outcome = call();
    } catch (error) {
      const code: unknown =
        typeof error === 'object' && error !== null ? (error as { code?: unknown }).code : undefined;
      if (isErrorCode(code)) outcome = code;
      else this.threw = error instanceof Error ? `${error.name}: ${error.message}` : `it threw ${String(error)}`;
    }
    if (this.threw === undefined && outcome !== 'accepted' && !isErrorCode(outcome))
      this.threw = `${name}() returned ${String(outcome)}, which is neither 'accepted' nor a code of the error table`;
    const name_ = this.threw === undefined ? (outcome as string) : 'unknown';
    const last = this.outcomes.at(-1);
    if (last?.outcome === name_) last.count += 1;
    else this.outcomes.push({ outcome: name_, count: 1 });
    return this.threw === undefined;
  }
}

export class ThreadActor {
  readonly #registry: ThreadRegistry;
  readonly #detailRecordBytes: number;
  readonly #handles = new Map<number, ThreadHandle>();

  constructor(registry: ThreadRegistry, detailRecordBytes: number) {
    this.#registry = registry;
    this.#detailRecordBytes = detailRecordBytes;
  }

  perform(command: ThreadCommand): ThreadReply {
    const told = new Told();
    if (command.op === 'register') {
      const { thread, weight, priority } = command;
      let handle: ThreadHandle | undefined;
      told.tell('register', () => {
        handle = this.#registry.register({
          threadId: thread,
          ...(weight === undefined ? {} : { weight }),
          ...(priority === undefined ? {} : { priority }),
        });
        return 'accepted';
      });
      if (handle === undefined) return reply(told);
      this.#handles.set(thread, handle);
      const { slot, generation } = handle;
      if (Number.isSafeInteger(slot) && slot >= 0 && Number.isSafeInteger(generation) && generation >= 0)
        return { ...reply(told), slot, generation };
      return { ...reply(told), threw: `register() gave slot ${String(slot)} and generation ${String(generation)}` };
    }
    this.#use(this.#handles.get(command.thread)!, command, told);
    return reply(told);
  }

  #use(handle: ThreadHandle, command: Exclude<ThreadCommand, { op: 'register' }>, told: Told): void {
    switch (command.op) {
      case 'emit':
        for (let i = 0; i < command.count; i += 1) {
          const record = this.#record(command.lane, command.thread, command.from + i, NO_JOIN);
          if (!told.tell('emit', () => emitTo(handle, command.lane, record, command.timeoutMs))) return;
        }
        return;
      case 'emitSize': {
        const sound = this.#record(command.lane, command.thread, command.from, NO_JOIN);
        const record = new Uint8Array(command.bytes);
        record.set(sound.subarray(0, command.bytes));
        told.tell('emit', () => emitTo(handle, command.lane, record));
        return;
      }
      case 'begin':
      case 'submit': {
        const group = this.#group(command);
        const { op, timeoutMs } = command;
        told.tell(op, () => (op === 'begin' ? handle.beginSubmit(group) : handle.submit(group, timeoutMs)));
        return;
      }
      case 'setWeight':
      case 'setPriority': {
        const { op, value } = command;
        told.tell(op, () => {
          if (typeof handle[op] !== 'function')
            throw new TypeError(`${op} is ${typeof handle[op]}; expected a function`);
          return handle[op](value);
        });
        return;
      }
      case 'commit':
        told.tell('commitSubmit', () => handle.commitSubmit());
        return;
      case 'mark':
        told.tell('mark', () => handle.mark());
        return;
      case 'seal':
        told.tell('seal', () => handle.seal());
        return;
      case 'leave':
        told.tell('leave', () => {
          handle.leave();
          return 'accepted';
        });
    }
  }

  #record(lane: Lane, thread: number, sequence: number, join: number): Uint8Array {
    return patternRecord(lane, this.#detailRecordBytes, thread, sequence, join);
  }

  #group(command: { thread: number; index: Range; detail: Range }): { index: Uint8Array[]; detail: Uint8Array[] } {
    const { thread, index, detail } = command;
    return {
      index: Array.from({ length: index[1] }, (_, i) =>
        this.#record('index', thread, index[0] + i, i < detail[1] ? detail[0] + i : NO_JOIN),
      ),
      detail: Array.from({ length: detail[1] }, (_, i) => this.#record('detail', thread, detail[0] + i, NO_JOIN)),
    };
  }
}

const emitTo = (handle: ThreadHandle, lane: Lane, record: Uint8Array, timeoutMs?: number): unknown =>
  lane === 'index' ? handle.emitIndex(record, timeoutMs) : handle.emitDetail(record, timeoutMs);
const reply = ({ outcomes, threw }: Told): ThreadReply => ({ outcomes, ...(threw === undefined ? {} : { threw }) });
