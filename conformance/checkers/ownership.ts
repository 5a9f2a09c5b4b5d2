/** Who holds each thread's submit queue, as producers and drains were told (stepped histories without steps during a batch). */
import type { HistoryRecord } from '../../spec/index.js';
import { MOST_FINDINGS, finding, type Finding } from './finding.js';

interface Queue {
  /** A submit is under way. */
  producer: boolean;
  /** The drain that holds it by hand. */
  drain: number | undefined;
  /** Its thread left or died: nothing is said about its queue any more. */
  gone: boolean;
  since: number;
}

export interface Ownership {
  readonly faults: readonly Finding[];
  /** Tries to acquire while a producer held the queue, and while nobody did. */
  readonly heldTries: number;
  readonly freeTries: number;
}

export function ownership(history: readonly HistoryRecord[]): Ownership {
  const queues = new Map<number, Queue>();
  const faults: Finding[] = [];
  let heldTries = 0;
  let freeTries = 0;
  const queueOf = (thread: number): Queue => {
    let queue = queues.get(thread);
    if (queue === undefined) queues.set(thread, (queue = { producer: false, drain: undefined, gone: false, since: 0 }));
    return queue;
  };
  const fault = (message: string, expected: string, seen: string, evidence: readonly number[]): void =>
    void faults.push(finding('ownership', message, expected, seen, evidence));
  for (const [at, record] of history.entries()) {
    if (record.type === 'stop') break;
    if (record.type === 'submit') submitted(record, at);
    else if (record.type === 'acquire') acquired(record, at);
    else if (record.type === 'release' && record.outcome === 'accepted') queueOf(record.thread).drain = undefined;
    else if (record.type === 'leave' || record.type === 'kill' || record.type === 'dead')
      queueOf(record.thread).gone = true;
    else if (record.type === 'batch') visited(record, at);
  }
  return { faults: faults.slice(0, MOST_FINDINGS), heldTries, freeTries };

  function submitted(record: Extract<HistoryRecord, { type: 'submit' }>, at: number): void {
    const { thread, phase, outcome } = record;
    const queue = queueOf(thread);
    if (phase === 'begin' && outcome === 'accepted') {
      if (queue.drain !== undefined) queue.gone = true; // a queue that two sides share has no one owner
      [queue.producer, queue.since] = [true, at];
    }
    if (phase === 'commit') queue.producer = false;
    if (outcome === 'QUEUE_BUSY' && queue.drain === undefined && !queue.gone) {
      fault(
        `a ${phase} of thread ${thread} was told QUEUE_BUSY though nobody held its queue`,
        'a free queue',
        outcome,
        [at],
      );
    }
  }

  function acquired(record: Extract<HistoryRecord, { type: 'acquire' }>, at: number): void {
    const { thread, drain } = record;
    const queue = queueOf(thread);
    if (queue.gone) return;
    const holder = queue.producer ? 'its producer' : queue.drain === undefined ? undefined : `drain ${queue.drain}`;
    if (holder === undefined) freeTries += 1;
    else if (queue.producer) heldTries += 1;
    if (record.acquired && holder !== undefined) {
      fault(
        `tryAcquireDrain of drain ${drain} took the queue of thread ${thread} while ${holder} held it`,
        'false',
        'true',
        [queue.since, at],
      );
    } else if (!record.acquired && holder === undefined) {
      fault(`tryAcquireDrain of drain ${drain} did not take the free queue of thread ${thread}`, 'true', 'false', [at]);
    }
    if (record.acquired) [queue.drain, queue.since] = [drain, at];
  }

  function visited(record: Extract<HistoryRecord, { type: 'batch' }>, at: number): void {
    const { thread, drain } = record;
    const queue = queueOf(thread);
    if (queue.gone) return;
    if (queue.producer)
      fault(`thread ${thread} was visited while its submit queue was held`, 'a skip', 'a visit', [queue.since, at]);
    else if (queue.drain !== undefined && queue.drain !== drain)
      fault(`drain ${drain} visited thread ${thread} while drain ${queue.drain} held it`, 'a skip', 'a visit', [
        queue.since,
        at,
      ]);
  }
}
