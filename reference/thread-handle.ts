/** A thread's end of its lanes: emit, submit, mark, leave. */
import { checkPriority, checkWeight } from '../spec/config.js';
import type { SubmitGroup, ThreadHandle } from '../spec/contract.js';
import { DrainError, type EmitOutcome } from '../spec/errors.js';
import { INDEX_RECORD_BYTES, QUEUE_STATE, SLOT } from '../spec/layout.js';
import type { Arena } from './arena.js';
import { DetailWriter } from './detail-writer.js';
import { IndexWriter, distance } from './index-lane.js';
import { patiently } from './patience.js';
import { noteChange, setReady } from './ready-bits.js';
import { closeLane, generationOf, isStopping, loadState, stateWord, swapState } from './slot-state.js';
import { wakeDrain } from './wake.js';

export class ReferenceThreadHandle implements ThreadHandle {
  readonly slot: number;
  readonly generation: number;
  readonly threadId: number;
  readonly #arena: Arena;
  readonly #active: number;
  readonly #index: IndexWriter;
  readonly #detail: DetailWriter;
  #left = false;
  #held: SubmitGroup | undefined;

  constructor(arena: Arena, slot: number, generation: number, threadId: number) {
    this.#arena = arena;
    this.slot = slot;
    this.generation = generation;
    this.threadId = threadId;
    this.#active = stateWord(generation, 'active');
    this.#index = new IndexWriter(arena, slot);
    this.#detail = new DetailWriter(arena, slot);
  }

  emitIndex(record: Uint8Array, timeoutMs = 0): EmitOutcome {
    checkSize(record, INDEX_RECORD_BYTES, 'index');
    const outcome = timeoutMs > 0 ? patiently(timeoutMs, () => this.#emitIndex(record)) : this.#emitIndex(record);
    if (outcome === 'LANE_FULL' || outcome === 'TIMED_OUT') this.#count(SLOT.indexRejected, 1);
    return outcome;
  }

  emitDetail(record: Uint8Array, timeoutMs = 0): EmitOutcome {
    if (!this.#hasDetail) return this.#refusal() ?? 'NO_DETAIL_LANE';
    checkSize(record, this.#arena.config.detailRecordBytes, 'detail');
    const outcome = timeoutMs > 0 ? patiently(timeoutMs, () => this.#emitDetail(record)) : this.#emitDetail(record);
    if (outcome === 'DETAIL_FULL' || outcome === 'TIMED_OUT') this.#count(SLOT.detailRejected, 1);
    return outcome;
  }

  #emitIndex(record: Uint8Array): EmitOutcome {
    const refusal = this.#refusal();
    if (refusal !== undefined) return refusal;
    if (!this.#index.fits(1)) return 'LANE_FULL';
    const before = this.#index.published;
    this.#index.stage(record);
    this.#index.publish();
    if (this.#closedBefore(SLOT.indexClose, before, this.#index.published)) {
      if (this.#isMine) this.#index.rollBack(before);
      return this.#gone();
    }
    this.#announce();
    return 'accepted';
  }

  #emitDetail(record: Uint8Array): EmitOutcome {
    const refusal = this.#refusal();
    if (refusal !== undefined) return refusal;
    const before = this.#detail.published;
    if (!this.#detail.stage(record)) return 'DETAIL_FULL';
    this.#detail.publish();
    if (this.#closedBefore(SLOT.detailClose, before, this.#detail.published)) {
      if (this.#isMine) this.#detail.takeBack(before);
      return this.#gone();
    }
    this.#announce();
    return 'accepted';
  }

  submit(group: SubmitGroup, timeoutMs = 0): EmitOutcome {
    this.#checkSizes(group);
    let cause: EmitOutcome = 'accepted'; // of the last attempt: however often it is tried, the group counts once
    const begun = patiently(timeoutMs, () => (cause = this.#beginSubmit(group)));
    this.#countRejected(group, cause);
    return begun === 'accepted' ? this.commitSubmit() : begun;
  }

  beginSubmit(group: SubmitGroup): EmitOutcome {
    this.#checkSizes(group);
    const outcome = this.#beginSubmit(group);
    this.#countRejected(group, outcome);
    return outcome;
  }

  #beginSubmit(group: SubmitGroup): EmitOutcome {
    const refusal = this.#refusal();
    if (refusal !== undefined) return refusal;
    // Pairs with the drain's swap in tryAcquire(): one of the two owns the thread's lanes.
    if (!this.#swapQueue(QUEUE_STATE.free, QUEUE_STATE.producer)) return 'QUEUE_BUSY';
    if (loadState(this.#arena, this.slot) !== this.#active) {
      this.#swapQueue(QUEUE_STATE.producer, QUEUE_STATE.free);
      return this.#gone();
    }
    const full = this.#groupRefusal(group);
    if (full !== undefined) {
      this.#swapQueue(QUEUE_STATE.producer, QUEUE_STATE.free);
      return full;
    }
    for (const record of group.index) this.#index.stage(record);
    for (const record of group.detail) this.#detail.stage(record);
    this.#held = group;
    return 'accepted';
  }

  commitSubmit(): EmitOutcome {
    if (this.#held === undefined) return 'NOT_HOLDING';
    this.#held = undefined;
    const indexBefore = this.#index.published;
    const detailBefore = this.#detail.published;
    if (generationOf(loadState(this.#arena, this.slot)) !== this.generation) {
      // declared dead: the lanes may be a successor's already, nothing may be written
      this.#index.rollBack();
      this.#detail.rollBack();
      return this.#gone();
    }
    this.#index.publish();
    if (this.#hasDetail) this.#detail.publish();
    // Pairs with tryAcquire() of the drain, which sees both tails; fails when stop() or declareDead() took the queue.
    if (!this.#swapQueue(QUEUE_STATE.producer, QUEUE_STATE.free)) {
      this.#index.rollBack(indexBefore);
      if (this.#hasDetail) this.#detail.rollBack(detailBefore);
      this.#swapQueue(QUEUE_STATE.revoked, QUEUE_STATE.free); // a second stop() may finish now
      return this.#gone();
    }
    this.#announce();
    return 'accepted';
  }

  mark(): EmitOutcome {
    const refusal = this.#refusal();
    if (refusal !== undefined) return refusal;
    if (!this.#hasDetail) return 'NO_DETAIL_LANE';
    this.#detail.mark();
    this.#announce();
    return 'accepted';
  }

  seal(): EmitOutcome {
    const refusal = this.#refusal();
    if (refusal !== undefined) return refusal;
    if (!this.#hasDetail) return 'NO_DETAIL_LANE';
    this.#detail.seal();
    this.#announce();
    return 'accepted';
  }

  setWeight(weight: number): EmitOutcome {
    checkWeight(weight);
    return this.#change(SLOT.weight, weight);
  }

  setPriority(priority: number): EmitOutcome {
    checkPriority(priority);
    return this.#change(SLOT.priority, priority);
  }

  /** Pairs with the drain's load at the thread's next turn. A submit that is held does not matter. */
  #change(field: number, value: number): EmitOutcome {
    const absence = this.#absence();
    if (absence !== undefined) return absence;
    Atomics.store(this.#arena.words, this.#arena.slot(this.slot, field), value);
    return 'accepted';
  }

  leave(): void {
    if (this.#left) throw new DrainError('THREAD_LEFT', `thread ${this.threadId} has left before`);
    if (this.#held !== undefined)
      throw new DrainError('ALREADY_HOLDING', `thread ${this.threadId} leaves inside a submit`);
    this.#left = true;
    if (loadState(this.#arena, this.slot) !== this.#active) return; // stopped or declared dead: the drain sees to the rest
    this.#detail.seal();
    if (swapState(this.#arena, this.slot, this.generation, 'active', 'leaving')) noteChange(this.#arena, this.slot);
    wakeDrain(this.#arena);
  }

  /** There is work: published before this, so that whoever finds the bit or is woken finds the work too. */
  #announce(): void {
    setReady(this.#arena, this.slot);
    wakeDrain(this.#arena);
  }

  /** False once the slot has gone to a successor: then its lanes must not be touched. */
  get #isMine(): boolean {
    return generationOf(loadState(this.#arena, this.slot)) === this.generation;
  }

  get #hasDetail(): boolean {
    return this.#arena.config.detailCapacity > 0;
  }

  /** Why nothing may be written now, or undefined. */
  #refusal(): EmitOutcome | undefined {
    return this.#absence() ?? (this.#held === undefined ? undefined : 'ALREADY_HOLDING');
  }

  /** Why the slot is not this thread's any more, or undefined. */
  #absence(): EmitOutcome | undefined {
    if (this.#left) return 'THREAD_LEFT';
    if (loadState(this.#arena, this.slot) !== this.#active) return this.#gone();
    return undefined;
  }

  #gone(): EmitOutcome {
    return isStopping(this.#arena) ? 'STOPPED' : 'STALE_HANDLE';
  }

  /** True when the drain closed the lane before the records from `before` to `tail` were in it. */
  #closedBefore(field: typeof SLOT.indexClose | typeof SLOT.detailClose, before: number, tail: number): boolean {
    // Published, then looked; stop() changes the state, then looks at the tail: one of us sees the other.
    const word = loadState(this.#arena, this.slot);
    if (word === this.#active) return false;
    if (generationOf(word) !== this.generation) return true; // declared dead: the close word is a successor's
    const closed = closeLane(this.#arena, this.slot, field, tail);
    return distance(closed, before) < distance(tail, before);
  }

  #groupRefusal(group: SubmitGroup): EmitOutcome | undefined {
    if (!this.#index.fits(group.index.length)) return 'LANE_FULL';
    if (group.detail.length === 0) return undefined;
    if (!this.#hasDetail) return 'NO_DETAIL_LANE';
    return group.detail.length > this.#detail.room() ? 'DETAIL_FULL' : undefined;
  }

  #checkSizes(group: SubmitGroup): void {
    for (const record of group.index) checkSize(record, INDEX_RECORD_BYTES, 'index');
    if (!this.#hasDetail) return;
    for (const record of group.detail) checkSize(record, this.#arena.config.detailRecordBytes, 'detail');
  }

  /** A group that found no room counts in each lane that is there; one that found the queue taken was not attempted. */
  #countRejected(group: SubmitGroup, cause: EmitOutcome): void {
    if (cause !== 'LANE_FULL' && cause !== 'DETAIL_FULL' && cause !== 'NO_DETAIL_LANE') return;
    this.#count(SLOT.indexRejected, group.index.length);
    if (this.#hasDetail) this.#count(SLOT.detailRejected, group.detail.length);
  }

  #swapQueue(from: number, to: number): boolean {
    return Atomics.compareExchange(this.#arena.words, this.#arena.slot(this.slot, SLOT.queue), from, to) === from;
  }

  /** A counter that only this thread writes and that metrics read. */
  #count(field: number, records: number): void {
    Atomics.add(this.#arena.words, this.#arena.slot(this.slot, field), records);
  }
}

function checkSize(record: Uint8Array, bytes: number, lane: string): void {
  if (record.length !== bytes) {
    throw new DrainError(
      'RECORD_SIZE',
      `the ${lane} record has ${record.length} bytes and the lane's records have ${bytes}`,
    );
  }
}
