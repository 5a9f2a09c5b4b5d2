/** Registration, and a thread's end of its lanes. */
import { DEFAULT_PRIORITY, DEFAULT_WEIGHT, checkPriority, checkWeight } from '../spec/config.js';
import type { SubmitGroup, ThreadHandle, ThreadRegistry } from '../spec/contract.js';
import { DrainError, errorNumber } from '../spec/errors.js';
import type { EmitOutcome } from '../spec/errors.js';
import { INDEX_RECORD_BYTES } from '../spec/layout.js';
import { FIELDS, addon, errorOf, outcomeOf, translated, wholeMs } from './addon.js';
import type { Native } from './addon.js';

/** A view over a whole arena. @throws INVALID_ARGUMENT for anything but a SharedArrayBuffer */
export function viewOf(shared: unknown): Uint8Array {
  if (!(shared instanceof SharedArrayBuffer))
    throw new DrainError('INVALID_ARGUMENT', 'the arena is not a SharedArrayBuffer');
  return new Uint8Array(shared);
}

function packed(records: readonly Uint8Array[], recordBytes: number, lane: string): Uint8Array {
  if (recordBytes === 0) return new Uint8Array(records.length);
  for (const record of records) checkSize(record, recordBytes, lane);
  if (records.length === 1) return records[0]!;
  const bytes = new Uint8Array(records.length * recordBytes);
  records.forEach((record, i) => bytes.set(record, i * recordBytes));
  return bytes;
}

function checkSize(record: Uint8Array, recordBytes: number, lane: string): void {
  if (record.byteLength !== recordBytes)
    throw new DrainError('RECORD_SIZE', `a record for the ${lane} lane has ${record.byteLength} bytes`);
}

/**
 * States of threads that have left. A native state is given back when its JavaScript end is collected, and that takes a turn of the
 * event loop: a thread that never has one would keep them all. So they are used again.
 */
class LeftStates {
  /** Stands for every handle that has left: all that such a handle can be told is in it. */
  #left: Native | undefined;
  readonly #spare: Native[] = [];

  /** Takes the state of a handle that has just left. @returns the one that the handle has from now on */
  put(state: Native): Native {
    if (this.#left === undefined) this.#left = state;
    else this.#spare.push(state);
    return this.#left;
  }

  /** Registers with a spare state, if there is one. */
  reuse(register: (spare: Native | undefined) => Native): Native {
    const spare = this.#spare.at(-1);
    const state = register(spare);
    this.#spare.pop();
    return state;
  }
}

class NativeThreadHandle implements ThreadHandle {
  readonly slot: number;
  readonly generation: number;
  readonly threadId: number;
  #state: Native;
  readonly #leftStates: LeftStates;
  #hasLeft = false;
  /** 0 without a detail lane: then records for it have no size to be wrong. */
  readonly #detailBytes: number;

  constructor(
    state: Native,
    leftStates: LeftStates,
    { threadId, slot, generation }: Pick<ThreadHandle, 'threadId' | 'slot' | 'generation'>,
    detailBytes: number,
  ) {
    this.#state = state;
    this.#leftStates = leftStates;
    this.#detailBytes = detailBytes;
    this.threadId = threadId;
    this.slot = slot;
    this.generation = generation;
  }

  emitIndex(record: Uint8Array, timeoutMs = 0): EmitOutcome {
    checkSize(record, INDEX_RECORD_BYTES, 'index');
    return outcomeOf(addon().emitIndex(this.#state, record, wholeMs(timeoutMs)));
  }

  emitDetail(record: Uint8Array, timeoutMs = 0): EmitOutcome {
    if (this.#detailBytes > 0) checkSize(record, this.#detailBytes, 'detail');
    return outcomeOf(addon().emitDetail(this.#state, record, wholeMs(timeoutMs)));
  }

  beginSubmit(group: SubmitGroup): EmitOutcome {
    return outcomeOf(addon().beginSubmit(this.#state, ...this.#packed(group)));
  }

  commitSubmit(): EmitOutcome {
    return outcomeOf(addon().commitSubmit(this.#state));
  }

  submit(group: SubmitGroup, timeoutMs = 0): EmitOutcome {
    return outcomeOf(addon().submit(this.#state, ...this.#packed(group), wholeMs(timeoutMs)));
  }

  mark(): EmitOutcome {
    return outcomeOf(addon().mark(this.#state));
  }

  seal(): EmitOutcome {
    return outcomeOf(addon().seal(this.#state));
  }

  setWeight(weight: number): EmitOutcome {
    checkWeight(weight);
    return outcomeOf(addon().setWeight(this.#state, weight));
  }

  setPriority(priority: number): EmitOutcome {
    checkPriority(priority);
    return outcomeOf(addon().setPriority(this.#state, priority));
  }

  leave(): void {
    if (this.#hasLeft) throw new DrainError('THREAD_LEFT', `thread ${this.threadId} leaves a second time`);
    const status = addon().leave(this.#state);
    if (status !== 0) throw errorOf(status, addon().lastWrong());
    this.#hasLeft = true;
    this.#state = this.#leftStates.put(this.#state);
  }

  #packed(group: SubmitGroup): [Uint8Array, Uint8Array] {
    return [packed(group.index, INDEX_RECORD_BYTES, 'index'), packed(group.detail, this.#detailBytes, 'detail')];
  }
}

/** The registry of the arena behind `view`. @throws DrainError for a bad arena */
export function registryOf(view: Uint8Array): ThreadRegistry {
  const out = new Float64Array(FIELDS);
  const registry = translated(() => {
    addon().arenaConfig(view, out);
    return addon().openRegistry(view);
  });
  const detailBytes = out[2]! > 0 ? out[3]! : 0;
  const leftStates = new LeftStates();
  return {
    register({ threadId, weight = DEFAULT_WEIGHT, priority = DEFAULT_PRIORITY }) {
      // What the addon could not even be told stands for a weight or a class that it refuses after looking at the stop.
      const isId = Number.isInteger(threadId) && threadId >= 0 && threadId <= 0xffff_ffff;
      const asked = isId && Number.isInteger(weight) && weight > 0 ? Math.min(weight, 0xffff_ffff) : 0;
      const level = Number.isInteger(priority) && priority >= 0 ? Math.min(priority, 0xffff_ffff) : 0xffff_ffff;
      const place = new Float64Array(FIELDS);
      const state = translated(() => {
        try {
          return leftStates.reuse((spare) =>
            addon().registerThread(registry, view, isId ? threadId : 0, asked, level, place, spare),
          );
        } catch (error) {
          const { status } = error as { status?: unknown };
          if (status !== errorNumber('INVALID_WEIGHT') && status !== errorNumber('INVALID_PRIORITY')) throw error;
          checkWeight(weight);
          checkPriority(priority);
          throw new DrainError(
            'INVALID_ARGUMENT',
            `threadId is ${String(threadId)}, not an integer from 0 to 2^32 - 1`,
          );
        }
      });
      const [slot, generation] = [place[0]!, place[1]!];
      return new NativeThreadHandle(state, leftStates, { threadId, slot, generation }, detailBytes);
    },
  };
}

/** The registry that `shared`, an arena, stands for; works in any thread. @throws DrainError for a bad arena */
export function openRegistry(shared: unknown): ThreadRegistry {
  return registryOf(viewOf(shared));
}
