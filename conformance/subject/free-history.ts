import type { LifeResult, ThreadProgram } from '../../spec/index.js';
import { threw, type Append } from './attempt.js';
import type { EndedLife } from './producers.js';

/** A life that has ended, and what declareDead() was told of it. */
export interface BuriedLife extends EndedLife {
  readonly dead?: string;
}

/** The records of one life. */
export function appendLife(
  append: Append,
  { life, threw: message, markInFlight, dead }: BuriedLife,
  weight: number,
): void {
  const { threadId: thread, slot, generation } = life;
  append({
    type: 'register',
    thread,
    outcome: life.registered,
    ...(slot < 0 || generation < 0 ? {} : { slot, generation }),
    weight,
  });
  for (const run of life.index) append({ type: 'emit', thread, lane: 'index', ...run });
  for (const run of life.detail) append({ type: 'emit', thread, lane: 'detail', ...run });
  if (life.joins.length > 0) append({ type: 'joins', thread, pairs: life.joins });
  for (const at of life.marks) append({ type: 'mark', thread, at, outcome: 'accepted' });
  if (markInFlight === true) append({ type: 'mark', thread, at: life.joins.length, outcome: 'unknown' });
  if (message !== undefined) append(threw(`life of thread ${thread}`, message));
  if (life.registered === 'accepted') appendEnding(append, thread, life.ended);
  if (dead !== undefined) append({ type: 'dead', thread, outcome: dead });
  append({ type: 'life', thread, startedNs: life.startedNs, endedNs: life.endedNs, ended: life.ended });
}

function appendEnding(append: Append, thread: number, ended: LifeResult['ended']): void {
  if (ended === 'leave') append({ type: 'leave', thread, outcome: 'accepted' });
  if (ended === 'vanish') append({ type: 'kill', thread, during: 'idle' });
  if (ended === 'terminate') append({ type: 'kill', thread, during: 'running' });
}

/** Program and number of every life that a program may have, in the order of the history. */
export function lifeOrder(programs: readonly ThreadProgram[]): Map<number, { place: number; weight: number }> {
  const order = new Map<number, { place: number; weight: number }>();
  for (const program of programs) {
    for (let life = 0; life < program.lives; life += 1) {
      order.set(program.threadId + life * program.threadIdStep, { place: order.size, weight: program.weight });
    }
  }
  return order;
}
