/** What a producer may be told, from what the contract says. */
import { MAX_WEIGHT, PRIORITY_CLASSES, type HistoryRecord, type RecordOf } from '../../spec/index.js';
import type { Sure } from './index-lane.js';
import { expectOutcome, violated } from './violation.js';
import { Thread, type Group, type World } from './world.js';

type Outcome = RecordOf<'emit'>['outcome'];
const ACCEPTED = 'accepted';

/** What a handle is told that may not be used any more, or not now; undefined: it may. */
function refusal(world: World, thread: Thread): readonly string[] | undefined {
  const stopped = world.stopped === 'no' ? [] : ['STOPPED'];
  const stale = thread.state === 'gone' || thread.maybeGone ? ['STALE_HANDLE'] : [];
  if (thread.left) return ['THREAD_LEFT', ...stopped, ...stale];
  if (world.stopped === 'running') return undefined;
  if (thread.isOver) return [...stopped, 'STALE_HANDLE'];
  return undefined;
}

/** While stop() runs a drain may still accept: then it owes the delivery. */
const meanwhile = (world: World): readonly string[] => (world.stopped === 'running' ? ['STOPPED'] : []);

function requirementOf(
  world: World,
  thread: Thread,
): 'THREAD-EMIT-AFTER-LEAVE' | 'STOP-REJECTS-LATER' | 'THREAD-STALE-HANDLE' {
  if (thread.left) return thread.state === 'gone' ? 'THREAD-STALE-HANDLE' : 'THREAD-EMIT-AFTER-LEAVE';
  return world.stopped === 'no' ? 'THREAD-STALE-HANDLE' : 'STOP-REJECTS-LATER';
}

const room = (fits: Sure, full: string): readonly string[] =>
  fits === 'yes' ? [ACCEPTED] : fits === 'no' ? [full] : [ACCEPTED, full];

/** Whole, from `least` to `most`, or left out. */
const within = (given: number | undefined, least: number, most: number): boolean =>
  given === undefined || (Number.isInteger(given) && given >= least && given <= most);

export function registered(
  world: World,
  record: RecordOf<'register'>,
  { weight: given, priority }: { readonly weight?: number | undefined; readonly priority?: number | undefined },
  at: number,
): void {
  const who = `thread ${record.thread}`;
  const { slots } = world.config;
  const { sure, perhaps } = world.holders();
  const wrong = [
    ...(within(given, 1, MAX_WEIGHT) ? [] : ['INVALID_WEIGHT']),
    ...(within(priority, 0, PRIORITY_CLASSES - 1) ? [] : ['INVALID_PRIORITY']),
  ];
  if (wrong.length > 0) {
    const also = [
      ...wrong,
      ...(world.stopped === 'no' ? [] : ['STOPPED']),
      ...(sure.length + perhaps.length >= slots ? ['REGISTRY_FULL'] : []),
    ];
    expectOutcome('ARENA-CONFIG', `${who} (weight ${given}, priority ${priority})`, record.outcome, also, at);
    return;
  }
  if (world.stopped === 'no' || world.stopped === 'running') {
    const fits = sure.length >= slots ? 'no' : sure.length + perhaps.length >= slots ? 'maybe' : 'yes';
    const allowed = [...room(fits, 'REGISTRY_FULL'), ...meanwhile(world)];
    expectOutcome(
      'THREAD-REGISTRY-FULL',
      `${who}, with ${sure.length} of ${slots} slots taken,`,
      record.outcome,
      allowed,
      at,
    );
  } else expectOutcome('STOP-REJECTS-LATER', who, record.outcome, ['STOPPED'], at);
  if (record.outcome !== ACCEPTED) return;
  const thread = new Thread(record, world.config);
  for (const other of world.threads.values()) {
    if (other.slot !== thread.slot) continue;
    const seen = `slot ${thread.slot}, generation ${thread.generation}`;
    if (other.generation === thread.generation)
      violated(
        'THREAD-REUSE-AFTER-DRAIN',
        `${who} was given ${seen}, which thread ${other.id} had`,
        'a new generation',
        seen,
        at,
      );
    if (other.state === 'gone') continue;
    if (!other.maybeGone)
      violated(
        'THREAD-REUSE-AFTER-DRAIN',
        `${who} was given slot ${thread.slot}, which thread ${other.id} still has`,
        'a free slot',
        seen,
        at,
      );
    world.reclaim(other);
  }
  if (thread.slot >= slots)
    violated(
      'THREAD-REGISTRY-FULL',
      `${who} was given slot ${thread.slot} of ${slots}`,
      `a slot below ${slots}`,
      thread.slot,
      at,
    );
  world.threads.set(thread.id, thread);
}

export function weighed(world: World, thread: Thread, record: RecordOf<'weight'>, at: number): void {
  const valid = within(record.weight, 1, MAX_WEIGHT);
  if (!mayChange(world, thread, `weight ${record.weight}`, record.outcome, valid ? undefined : 'INVALID_WEIGHT', at))
    return;
  thread.weight = record.weight;
  // a turn that is under way, or was in this iteration, went by the weight before
  thread.mostWeight = world.frames.length === 0 ? record.weight : Math.max(thread.mostWeight, record.weight);
  thread.skipsAsNow = 0;
  world.lag.forget(thread);
}

export function prioritised(world: World, thread: Thread, record: RecordOf<'priority'>, at: number): void {
  const { priority, outcome } = record;
  const valid = within(priority, 0, PRIORITY_CLASSES - 1);
  if (mayChange(world, thread, `priority ${priority}`, outcome, valid ? undefined : 'INVALID_PRIORITY', at))
    thread.priority = priority;
}

/** @returns whether the thread is now as it asked to be */
function mayChange(
  world: World,
  thread: Thread,
  what: string,
  outcome: Outcome,
  wrong: string | undefined,
  at: number,
): boolean {
  const who = `thread ${thread.id}, which asks for ${what},`;
  const refused = refusal(world, thread);
  if (wrong !== undefined) expectOutcome('ARENA-CONFIG', who, outcome, [wrong, ...(refused ?? [])], at);
  else if (refused !== undefined) expectOutcome(requirementOf(world, thread), who, outcome, refused, at);
  else expectOutcome('FAIR-REWEIGH', who, outcome, [ACCEPTED, ...meanwhile(world)], at);
  return outcome === ACCEPTED;
}

export function emitted(world: World, thread: Thread, record: RecordOf<'emit'>, at: number): void {
  const { lane, from, outcome } = record;
  for (let i = 0; i < record.count; i += 1) {
    const who = `thread ${thread.id}, ${lane} lane: event ${from + i}`;
    const refused = refusal(world, thread);
    if (refused !== undefined) {
      const none = lane === 'detail' && !world.hasDetail ? ['NO_DETAIL_LANE'] : [];
      expectOutcome(requirementOf(world, thread), who, outcome, [...refused, ...none], at);
    } else if (lane === 'detail' && !world.hasDetail) {
      const busy = thread.holding === undefined ? [] : ['ALREADY_HOLDING'];
      expectOutcome('LANE-RECORD-SIZE', who, outcome, ['NO_DETAIL_LANE', ...busy, ...meanwhile(world)], at);
    } else if (thread.holding !== undefined) {
      if (outcome === ACCEPTED)
        violated(
          'QUEUE-GROUP-VISIBLE',
          `${who} was accepted in the middle of a submit`,
          'ALREADY_HOLDING',
          outcome,
          at,
        );
      count(thread, lane, outcome, 1);
    } else {
      emitOne(world, thread, lane, who, outcome, from + i, at);
    }
  }
}

function emitOne(
  world: World,
  thread: Thread,
  lane: 'index' | 'detail',
  who: string,
  outcome: Outcome,
  sequence: number,
  at: number,
): void {
  const fits = thread[lane].fits(1);
  const full = lane === 'index' ? 'LANE_FULL' : 'DETAIL_FULL';
  const [tooMany, tooFew] =
    lane === 'index'
      ? (['LANE-FULL-REJECTS', 'LANE-WHOLE-CAPACITY'] as const)
      : (['LANE-MARKED-PINNED', 'LANE-EVICT-OLDEST'] as const);
  const held =
    lane === 'index' ? ` (${thread.index.pending.length} of ${world.config.indexCapacity} not acknowledged)` : '';
  expectOutcome(
    fits === 'no' ? tooMany : tooFew,
    `${who}${held}`,
    outcome,
    [...room(fits, full), ...meanwhile(world)],
    at,
  );
  if (outcome === ACCEPTED) thread[lane].accept(sequence, 1, at);
  else count(thread, lane, outcome, 1);
}

/** The codes that a lane's ledger counts. */
function count(thread: Thread, lane: 'index' | 'detail', outcome: Outcome, events: number): void {
  if (outcome === 'LANE_FULL' || outcome === 'DETAIL_FULL') thread[lane].counts.rejected += events;
}

/** A record of a wrong size: refused, and nothing is counted. */
export function emittedWrong(world: World, thread: Thread, record: RecordOf<'emit'>, bytes: number, at: number): void {
  const none = record.lane === 'detail' && !world.hasDetail ? ['NO_DETAIL_LANE'] : [];
  const busy = thread.holding === undefined ? [] : ['ALREADY_HOLDING'];
  const allowed = ['RECORD_SIZE', ...none, ...busy, ...(refusal(world, thread) ?? []), ...meanwhile(world)];
  const who = `thread ${thread.id}, ${record.lane} lane: a record of ${bytes} bytes`;
  expectOutcome('LANE-RECORD-SIZE', who, record.outcome, allowed, at);
}

/** begin, submit and commit. */
export function submitted(world: World, thread: Thread, record: RecordOf<'submit'>, at: number): void {
  const { phase, outcome } = record;
  const who = `thread ${thread.id}: ${phase} of ${record.index[1]} index and ${record.detail[1]} detail events`;
  if (phase === 'commit') {
    committed(world, thread, who, outcome, at);
    return;
  }
  const refused = refusal(world, thread);
  if (refused !== undefined) {
    expectOutcome(requirementOf(world, thread), who, outcome, [...refused, 'NO_DETAIL_LANE'], at);
    return;
  }
  if (thread.holding !== undefined) {
    expectOutcome('QUEUE-GROUP-WHOLE', who, outcome, ['ALREADY_HOLDING', 'QUEUE_BUSY', ...meanwhile(world)], at);
    return;
  }
  const { allowed, requirement } = roomForGroup(world, thread, record);
  const visited = world.isVisited(thread);
  if (thread.holder !== undefined)
    expectOutcome(
      'QUEUE-BUSY-PRODUCER',
      who,
      outcome,
      ['QUEUE_BUSY', ...meanwhile(world), ...allowed.filter((code) => code !== ACCEPTED)],
      at,
    );
  else
    expectOutcome(
      visited ? 'QUEUE-BUSY-PRODUCER' : requirement,
      who,
      outcome,
      [...allowed, ...(visited ? ['QUEUE_BUSY'] : []), ...meanwhile(world)],
      at,
    );
  if (outcome === ACCEPTED) {
    if (world.frames.length > 0) world.touched.add(thread);
    if (phase === 'begin') thread.holding = record;
    else publish(thread, record, at);
  } else if (outcome === 'LANE_FULL' || outcome === 'DETAIL_FULL' || outcome === 'NO_DETAIL_LANE') {
    thread.index.counts.rejected += record.index[1];
    if (world.hasDetail) thread.detail.counts.rejected += record.detail[1];
  }
}

function roomForGroup(
  world: World,
  thread: Thread,
  { index, detail }: Group,
): { allowed: string[]; requirement: 'QUEUE-GROUP-WHOLE' } {
  const codes = new Set<string>();
  const fitsIndex = thread.index.fits(index[1]);
  const fitsDetail = detail[1] === 0 ? 'yes' : world.hasDetail ? thread.detail.fits(detail[1]) : 'no';
  if (fitsIndex !== 'yes') codes.add('LANE_FULL');
  if (fitsDetail !== 'yes') codes.add(world.hasDetail ? 'DETAIL_FULL' : 'NO_DETAIL_LANE');
  if (fitsIndex !== 'no' && fitsDetail !== 'no') codes.add(ACCEPTED);
  return { allowed: [...codes], requirement: 'QUEUE-GROUP-WHOLE' };
}

function committed(world: World, thread: Thread, who: string, outcome: Outcome, at: number): void {
  const group = thread.holding;
  thread.holding = undefined;
  thread.stuck = false;
  if (group === undefined) {
    if (outcome === ACCEPTED)
      violated('QUEUE-GROUP-VISIBLE', `${who} was accepted, and nothing was begun`, 'NOT_HOLDING', outcome, at);
    return;
  }
  if (world.stopped === 'no') {
    if (thread.isOver) expectOutcome('THREAD-STALE-HANDLE', who, outcome, ['STALE_HANDLE', 'STOPPED'], at);
    else expectOutcome('THREAD-NO-GUESS', who, outcome, [ACCEPTED], at);
  } else if (world.stopped === 'running') expectOutcome('STOP-REJECTS-LATER', who, outcome, [ACCEPTED, 'STOPPED'], at);
  else expectOutcome('STOP-REJECTS-LATER', who, outcome, ['STOPPED', 'STALE_HANDLE'], at);
  if (outcome === ACCEPTED) publish(thread, group, at);
  else abandon(thread, group);
}

/** What was staged made room for itself, perhaps, and is nothing now. */
function abandon(thread: Thread, { detail }: Group): void {
  if (detail[1] > 0) thread.detail.vague = true;
}

function publish(thread: Thread, { index, detail }: Group, at: number): void {
  thread.index.accept(index[0], index[1], at, detail);
  thread.detail.accept(detail[0], detail[1], at);
}

export function markedOrSealed(world: World, thread: Thread, record: RecordOf<'mark' | 'seal'>, at: number): void {
  const { type, outcome } = record;
  const who = `thread ${thread.id}: ${type}()`;
  const refused = refusal(world, thread);
  const none = world.hasDetail ? [] : ['NO_DETAIL_LANE'];
  if (refused !== undefined) expectOutcome(requirementOf(world, thread), who, outcome, [...refused, ...none], at);
  else if (thread.holding !== undefined) {
    if (outcome === ACCEPTED)
      violated('QUEUE-GROUP-WHOLE', `${who} was accepted in the middle of a submit`, 'ALREADY_HOLDING', outcome, at);
  } else {
    const allowed = world.hasDetail ? [ACCEPTED] : none;
    expectOutcome(
      type === 'mark' ? 'LANE-MARKED-ONCE' : 'LANE-SEAL',
      who,
      outcome,
      [...allowed, ...meanwhile(world)],
      at,
    );
    if (outcome === ACCEPTED) thread.detail[type]();
  }
}

export function leftThread(
  world: World,
  thread: Thread,
  record: Extract<HistoryRecord, { type: 'leave' }>,
  at: number,
): void {
  const who = `thread ${thread.id}: leave()`;
  if (thread.left) {
    expectOutcome('THREAD-DOUBLE-LEAVE', who, record.outcome, ['THREAD_LEFT'], at);
    return;
  }
  if (thread.holding !== undefined) {
    if (record.outcome === ACCEPTED)
      violated(
        'QUEUE-GROUP-WHOLE',
        `${who} was accepted in the middle of a submit`,
        'ALREADY_HOLDING',
        record.outcome,
        at,
      );
    return;
  }
  const over = world.stopped === 'no' ? [] : ['STOPPED', 'STALE_HANDLE'];
  expectOutcome('THREAD-LEAVE-DELIVERS', who, record.outcome, [ACCEPTED, ...over], at);
  if (record.outcome !== ACCEPTED) return;
  thread.left = true;
  if (thread.state === 'active') thread.state = 'leaving';
}

export function declaredDead(thread: Thread, record: RecordOf<'dead'>, at: number): void {
  const who = `thread ${thread.id}, declared dead,`;
  const allowed =
    thread.state === 'gone' ? ['STALE_HANDLE'] : thread.maybeGone ? [ACCEPTED, 'STALE_HANDLE'] : [ACCEPTED];
  expectOutcome('THREAD-DEAD-DELIVERED', who, record.outcome, allowed, at);
  if (record.outcome !== ACCEPTED) return;
  if (thread.state === 'active') thread.state = 'leaving';
  if (thread.holding !== undefined) abandon(thread, thread.holding);
  thread.holding = undefined;
  thread.stuck = false;
}
