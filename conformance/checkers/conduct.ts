/** What threads and drains do after they ended, and books that do not balance: seen record by record. */
import type { HistoryRecord, RecordOf } from '../../spec/index.js';
import { MOST_FINDINGS, finding, merged, type Finding } from './finding.js';
import { imbalanceOf, MOVES } from './ledger.js';
import { isRealStop } from './settled.js';

const ACCEPTING: ReadonlySet<string> = new Set(['emit', 'submit', 'mark', 'seal', 'register']);
type Accepting = RecordOf<'emit' | 'submit' | 'mark' | 'seal' | 'register'>;

/** What a thread may be told that has left: a handle that remembers nothing is stale by then, and the call may be wrong anyway. */
const FOR_THE_GONE: ReadonlySet<string> = new Set([
  'THREAD_LEFT',
  'STALE_HANDLE',
  'RECORD_SIZE',
  'NO_DETAIL_LANE',
  'NOT_HOLDING',
  'INVALID_ARGUMENT',
  'unknown',
]);

const isAccepting = (record: HistoryRecord): record is Accepting => ACCEPTING.has(record.type);

/** For histories whose lines are in the order of what happened; of a free one only the books are judged, as they are at rest. */
export class ConductWatch {
  readonly leftTwice: Finding[] = [];
  /** What was accepted after a stop, and what was delivered after a complete one: each may be much. */
  readonly acceptedAfterStop: Finding[] = [];
  readonly deliveredAfterStop: Finding[] = [];
  readonly imbalance: Finding[] = [];
  readonly #afterLeave: Finding[] = [];
  /** Calls after leave() that were told STOPPED: no fault, once a stop() is told, for what it did is told before it. */
  #stoppedFor: Finding[] = [];
  /** So many of them came before the last turn that was told, or the end: no stop() was under way. */
  #sure = 0;
  readonly #left = new Map<number, number>();
  #everStopped = false;
  #stopped: number | undefined;
  #complete: number | undefined;
  #free = false;

  /** Ask it when the history has ended. */
  get afterLeave(): Finding[] {
    return merged(this.#afterLeave, this.#stoppedFor.slice(0, this.#sure));
  }

  get afterStop(): Finding[] {
    return merged(this.acceptedAfterStop, this.deliveredAfterStop);
  }

  observe(record: HistoryRecord, at: number): void {
    if (record.type === 'history') this.#free = record.mode === 'free';
    if (this.#free && (record.type === 'metrics' || MOVES.has(record.type))) this.imbalance.length = 0;
    if (record.type === 'iteration' || record.type === 'end') this.#sure = this.#stoppedFor.length;
    if (record.type === 'metrics') {
      for (const fault of imbalanceOf(record, at)) put(this.imbalance, fault);
    } else if (record.type === 'stop') {
      this.#everStopped = true;
      this.#stoppedFor = [];
      if (isRealStop(record)) this.#stopped ??= at;
      if (record.complete) this.#complete ??= at;
    } else if (record.type === 'batch') {
      if (this.#complete === undefined) return;
      const message = `a batch of thread ${record.thread} was delivered after a complete stop`;
      const expected = 'nothing after a complete stop';
      put(this.deliveredAfterStop, rule('after-stop', message, expected, 'a batch', this.#complete, at));
    } else if (record.type === 'leave') this.#leave(record, at);
    else if (isAccepting(record) && record.outcome === 'accepted') this.#accepted(record, at);
    else if (isAccepting(record) && record.type !== 'seal' && record.type !== 'register') this.#refused(record, at);
  }

  #leave({ thread, outcome }: RecordOf<'leave'>, at: number): void {
    const before = this.#left.get(thread);
    if (before !== undefined && outcome !== 'THREAD_LEFT') {
      const message = `a second leave() of thread ${thread} was told '${outcome}'`;
      put(this.leftTwice, rule('leave', message, 'THREAD_LEFT', outcome, before, at));
    }
    if (outcome === 'accepted') this.#left.set(thread, at);
  }

  #accepted(record: Accepting, at: number): void {
    const { thread, type } = record;
    if (this.#stopped !== undefined && type !== 'mark' && type !== 'seal') {
      const message = `${type} of thread ${thread} was accepted after stop`;
      put(this.acceptedAfterStop, rule('after-stop', message, 'STOPPED', 'accepted', this.#stopped, at));
    }
    if (type !== 'register') this.#leftBefore(record, at, this.#afterLeave);
    else this.#left.delete(thread);
  }

  /** A refusal that tells something else than that the thread left. */
  #refused(record: Accepting, at: number): void {
    if (record.outcome === 'STOPPED') {
      if (!this.#everStopped) this.#leftBefore(record, at, this.#stoppedFor);
    } else if (!FOR_THE_GONE.has(record.outcome)) this.#leftBefore(record, at, this.#afterLeave);
  }

  #leftBefore({ thread, type, outcome }: Accepting, at: number, found: Finding[]): void {
    const left = this.#left.get(thread);
    if (left === undefined) return;
    const message = `${type === 'emit' ? 'an' : 'a'} ${type} of thread ${thread} came after leave() and was told '${outcome}'`;
    put(found, rule('after-leave', message, 'THREAD_LEFT', outcome, left, at));
  }
}

const rule = (name: string, message: string, expected: string, seen: string, since: number, at: number): Finding =>
  finding(name, message, expected, seen, [since, at]);

function put(found: Finding[], one: Finding): void {
  if (found.length < MOST_FINDINGS) found.push(one);
}
