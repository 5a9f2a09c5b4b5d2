/** The calls of a drain: an iteration, a visit by hand, a stop; what happens inside, and what they say of it. */
import { DEFAULT_STOP_DEADLINE_NS, type RecordOf, type Step } from '../../spec/index.js';
import type { Call, Told, Write } from './calls.js';
import { deliver, ownerOf } from './deliveries.js';
import { Round, type RoundEnd } from './round.js';
import { expectOutcome, violated } from './violation.js';
import { NOBODY, type Frame, type Thread, type World } from './world.js';

/** Performs what happened inside the sink. */
export type Perform = (world: World, calls: readonly Call[]) => void;

interface Inside {
  readonly delivered: number;
  readonly batches: number;
  readonly failures: number;
  readonly reclaimed: number;
}

/** A call that is made while a call of the same drain is under way does nothing. */
const isReentrant = (world: World, drain: number): boolean => world.frames.some((frame) => frame.drain === drain);

export function told(world: World, { event, at }: Told): void {
  const { drain } = event;
  const books = world.drains.get(drain);
  if (books === undefined)
    violated('THREAD-EVENTS', `drain ${drain} reports, which there is not`, 'a drain', drain, at);
  const thread = world.threads.get(event.thread);
  const what = `${event.event} of thread ${event.thread}`;
  if (thread === undefined || thread.slot !== event.slot || thread.generation !== event.generation)
    violated(
      'THREAD-EVENTS',
      `drain ${drain} reports '${what}' of a life that there is not`,
      'a life that registered',
      what,
      at,
    );
  if (event.event === 'queue-stuck') {
    stuckQueue(world, thread, event, at);
    return;
  }
  if (event.event === 'registered') books.registered += 1;
  if (event.event === 'reclaimed') books.reclaimed += 1;
  if (world.single) {
    const order = ['registered', 'leaving', 'reclaimed'] as const;
    const expected = order[thread.events.length];
    if (event.event !== expected)
      violated('THREAD-EVENTS', `${what} was reported; expected '${expected}'`, expected, event.event, at);
    thread.events.push(event.event);
  }
  if (event.event !== 'registered' && !thread.isOver)
    violated('THREAD-EVENTS', `${what} was reported, and the thread has not left`, 'registered', event.event, at);
  if (event.event === 'reclaimed') {
    if (thread.state === 'gone') violated('THREAD-EVENTS', `${what} was reported twice`, 'once', 'again', at);
    owesNothing(thread, at);
    world.reclaim(thread);
  }
}

/** A queue that is reported as held for long: nobody says when the first attempt was, only how long ago at least. */
function stuckQueue(world: World, thread: Thread, { drain, heldNs = 0 }: RecordOf<'thread-event'>, at: number): void {
  const { stuckAfterNs } = world.drains.get(drain)!.config;
  const what = `thread ${thread.id} was reported as stuck for ${heldNs} ns`;
  if (stuckAfterNs === 0 || heldNs < stuckAfterNs)
    violated('QUEUE-STUCK', what, stuckAfterNs === 0 ? 'no report' : `at least ${stuckAfterNs} ns`, heldNs, at);
  if (!world.single) return;
  if (world.isFree(thread) && !world.touched.has(thread))
    violated('QUEUE-STUCK', `${what}, and its queue is free`, 'a held queue', 'a free one', at);
  if (thread.stuck) violated('QUEUE-STUCK', `${what} a second time`, 'one report', 'two', at);
  thread.stuck = true;
}

/** A thread's slot may be given back only when everything is delivered. */
function owesNothing(thread: Thread, at: number): void {
  const lost = thread.index.pending[0];
  if (lost !== undefined)
    violated(
      'THREAD-LEAVE-DELIVERS',
      `thread ${thread.id} was reclaimed, and its event ${lost.sequence} (index lane) was not delivered`,
      'everything delivered',
      `${thread.index.pending.length} events left`,
      at,
    );
  const detail = thread.detail.vague ? undefined : thread.due('detail')[0];
  if (detail !== undefined)
    violated(
      'LANE-MARKED-ONCE',
      `thread ${thread.id} was reclaimed, and its marked event ${detail.sequence} (detail lane) was not delivered`,
      'everything marked delivered',
      `event ${detail.sequence} left`,
      at,
    );
}

/** Goes through what happened inside a call. */
function happened(world: World, call: Call, frame: Frame, round: Round | undefined, perform: Perform): Inside {
  const drain = frame.drain;
  const books = world.drains.get(drain)!;
  const sum = { delivered: 0, batches: 0, failures: 0, reclaimed: 0 };
  if (world.frames.length === 0) world.touched.clear();
  world.frames.push(frame);
  for (const item of call.inside) {
    if (item.kind === 'event') {
      if (item.event.event === 'reclaimed') sum.reclaimed += 1;
      told(world, item);
      continue;
    }
    written(world, item, frame, round, perform);
    const { acknowledged } = item.batch;
    sum.delivered += acknowledged;
    sum.batches += 1;
    if (acknowledged === 0) sum.failures += 1;
  }
  world.frames.pop();
  if (world.frames.length === 0) {
    for (const { index, detail } of world.threads.values()) {
      index.loose = 0;
      detail.loose = 0;
    }
  }
  books.batches += sum.batches;
  books.sinkFailures += sum.failures;
  return sum;
}

function written(world: World, write: Write, frame: Frame, round: Round | undefined, perform: Perform): void {
  const { batch, batchAt } = write;
  const thread = ownerOf(world, batch, batchAt);
  mayVisit(world, frame, thread, batchAt);
  const began = round?.begins(thread, write.at, batchAt);
  frame.last = thread;
  frame.visiting = thread;
  if (world.frames.length > 1) world.touched.add(thread);
  if (write.nested.length > 1) frame.nested = true; // the first is the marker
  letGo(world);
  perform(world, write.nested);
  frame.visiting = undefined;
  deliver(world, thread, batch, began, batchAt);
  const { behaviour, thread: only, costNs = 0 } = world.sink;
  if (only === undefined || only === thread.id) world.elapsed += costNs;
  if (behaviour !== 'accept' || batch.acknowledged < batch.count) frame.troubled = true;
  if (write.recovers) world.sink = { behaviour: 'accept' };
  countFailures(thread, batch);
  round?.took(thread, batch, batchAt);
}

function countFailures(thread: Thread, { acknowledged }: RecordOf<'batch'>): void {
  thread.failures = acknowledged === 0 ? thread.failures + 1 : 0;
  thread.gap = 0;
  thread.passedBy = 0;
}

/** Nobody else may hold the queue of a thread that is visited. */
function mayVisit(world: World, frame: Frame, thread: Thread, at: number): void {
  const who = `drain ${frame.drain} visits thread ${thread.id}`;
  const other = world.frames.find(({ visiting, drain }) => visiting === thread && drain !== frame.drain);
  if (other !== undefined)
    violated('QUEUE-EXCLUSIVE', `${who} while drain ${other.drain} visits it`, 'a skip', 'a batch', at);
  if (thread.holding !== undefined && frame.last !== thread)
    violated('QUEUE-SKIP-COUNTED', `${who} while its producer holds the queue`, 'a skip', 'a batch', at);
  if (thread.holder !== undefined && (frame.kind !== 'visit' || thread.holder !== frame.drain))
    violated('QUEUE-EXCLUSIVE', `${who} while drain ${thread.holder} holds the queue`, 'a skip', 'a batch', at);
}

function sameCounts(record: RecordOf<'iteration'>, inside: Inside, counted: boolean, at: number): void {
  const wanted = {
    delivered: inside.delivered,
    batches: inside.batches,
    sinkFailures: inside.failures,
    ...(counted ? { reclaimed: inside.reclaimed } : {}),
  };
  for (const [name, value] of Object.entries(wanted)) {
    const seen = record[name as keyof typeof wanted];
    if (seen !== value)
      violated('ITER-RESULT-EXACT', `an iteration says ${name} ${seen}, and it was ${value}`, value, seen, at);
  }
}

export function iterated(world: World, call: Call, perform: Perform): void {
  const { record, at } = call.records[0] as { record: RecordOf<'iteration'>; at: number };
  const books = world.drains.get(record.drain)!;
  if (isReentrant(world, record.drain)) {
    books.reentered += 1;
    if (call.inside.length + record.visits + record.delivered + record.batches > 0)
      violated(
        'ITER-SNAPSHOT',
        'an iteration inside an iteration of the same drain did something',
        'nothing',
        `${record.visits} visits`,
        at,
      );
    return;
  }
  const frame: Frame = { drain: record.drain, kind: 'iteration', visiting: undefined, nested: false, troubled: false };
  const round = new Round(world, frame);
  const inside = happened(world, call, frame, round, perform);
  sameCounts(record, inside, world.claims.has('thread-events'), at);
  books.iterations += 1;
  books.visits += record.visits;
  books.skips += record.skips;
  const end: RoundEnd = { record, at, delivered: inside.delivered };
  round.ends(end);
  world.applyChanges(record.drain);
  letGo(world);
}

/** Where nobody reports it, a thread that has left and has nothing more may be gone: after a call, or after its turn within one. */
function letGo(world: World): void {
  if (world.claims.has('thread-events')) return;
  for (const thread of world.threads.values())
    if (thread.state === 'leaving' && thread.backlog === 0 && world.isFree(thread)) thread.maybeGone = true;
}

export function visitedByHand(world: World, call: Call, step: Extract<Step, { op: 'visit' }>, perform: Perform): void {
  const { record, at } = call.records[0] as { record: RecordOf<'visit'>; at: number };
  const thread = world.threads.get(step.thread)!;
  const occupant = [...world.threads.values()].find(
    ({ slot, holder }) => slot === thread.slot && holder === record.drain,
  );
  const who = `drain ${record.drain}: drainThreadLanes of thread ${thread.id}`;
  if (isReentrant(world, record.drain)) {
    if (record.delivered > 0)
      violated('ITER-SNAPSHOT', `${who} inside its own visit delivered`, 0, record.delivered, at);
    return;
  }
  if (occupant === undefined) expectOutcome('QUEUE-TRY-NONBLOCKING', who, record.outcome, ['NOT_HOLDING'], at);
  else expectOutcome('QUEUE-TRY-NONBLOCKING', who, record.outcome, ['accepted'], at);
  const before = occupant?.backlog ?? 0;
  const index = occupant?.index.pending.length ?? 0;
  const indexBefore = occupant?.index.counts.delivered ?? 0;
  const frame: Frame = { drain: record.drain, kind: 'visit', visiting: undefined, nested: false, troubled: false };
  const inside = happened(world, call, frame, undefined, perform);
  const books = world.drains.get(record.drain)!;
  books.byHand += 1;
  world.applyChanges(record.drain);
  books.owed = NOBODY;
  world.lag.forget();
  if (inside.delivered !== record.delivered)
    violated(
      'ITER-RESULT-EXACT',
      `${who} says ${record.delivered} events, and it was ${inside.delivered}`,
      inside.delivered,
      record.delivered,
      at,
    );
  if (record.delivered > step.maxEvents)
    violated(
      'ITER-QUANTUM',
      `${who} was asked for at most ${step.maxEvents} events and delivered ${record.delivered}`,
      step.maxEvents,
      record.delivered,
      at,
    );
  if (occupant === undefined || frame.troubled || frame.nested || occupant.detail.vague) return;
  if (before > 0 && record.delivered === 0)
    violated('LANE-INDEX-ALWAYS', `${who} delivered nothing of ${before} events`, 'at least one', 0, at);
  if (index > 0 && occupant.index.counts.delivered === indexBefore)
    violated('LANE-INDEX-ALWAYS', `${who} delivered no index event of ${index}`, 'at least one', 0, at);
}

export function stoppedDrain(world: World, call: Call, step: Extract<Step, { op: 'stop' }>, perform: Perform): void {
  const { record, at } = call.records[0] as { record: RecordOf<'stop'>; at: number };
  if (isReentrant(world, record.drain)) {
    if (record.complete || record.delivered > 0)
      violated(
        'STOP-DELIVERS-ALL',
        'a stop() from inside the sink says it did something',
        'complete: false',
        record.delivered,
        at,
      );
    return;
  }
  const books = world.drains.get(record.drain)!;
  const before = world.elapsed;
  const again = world.stopped === 'complete';
  world.stopped = 'running';
  for (const thread of world.threads.values()) if (thread.state === 'active') thread.state = 'leaving';
  const frame: Frame = { drain: record.drain, kind: 'stop', visiting: undefined, nested: false, troubled: false };
  const blocked = [...world.threads.values()].some((thread) => thread.state !== 'gone' && !world.isFree(thread));
  const inside = happened(world, call, frame, undefined, perform);
  books.stops += 1;
  world.applyChanges(record.drain);
  if (inside.delivered !== record.delivered)
    violated(
      'STOP-DELIVERS-ALL',
      `stop() says it delivered ${record.delivered} events, and it was ${inside.delivered}`,
      inside.delivered,
      record.delivered,
      at,
    );
  const present = [...world.threads.values()].filter(({ state }) => state !== 'gone');
  if (record.complete) {
    for (const thread of present) {
      owesNothing(thread, at);
      world.reclaim(thread);
    }
  } else {
    const late = world.elapsed - before >= (step.deadlineNs ?? DEFAULT_STOP_DEADLINE_NS);
    if (again) violated('STOP-TWICE', 'a stop() after a complete one is not complete', 'complete', 'incomplete', at);
    if (!frame.troubled && !frame.nested && !blocked && !late)
      violated('STOP-DELIVERS-ALL', 'stop() gave up, and nothing stood in its way', 'complete', 'incomplete', at);
    exactlyLeft(present, record, at);
  }
  world.stopped = record.complete ? 'complete' : 'incomplete';
  world.left = { index: record.leftIndex, detail: record.leftDetail };
  world.movedSinceStop = false;
  books.owed = NOBODY;
  world.lag.forget();
  for (const thread of present) thread.credit = Math.max(thread.credit, world.capOf(thread));
}

function exactlyLeft(present: readonly Thread[], record: RecordOf<'stop'>, at: number): void {
  const index = present.reduce((sum, thread) => sum + thread.index.pending.length, 0);
  if (record.leftIndex !== index)
    violated(
      'STOP-DEADLINE',
      `stop() says it left ${record.leftIndex} index events, and it was ${index}`,
      index,
      record.leftIndex,
      at,
    );
  if (present.some(({ detail }) => detail.vague)) return;
  const detail = present.reduce((sum, thread) => sum + thread.due('detail').length, 0);
  if (record.leftDetail !== detail)
    violated(
      'STOP-DEADLINE',
      `stop() says it left ${record.leftDetail} marked detail events, and it was ${detail}`,
      detail,
      record.leftDetail,
      at,
    );
}
