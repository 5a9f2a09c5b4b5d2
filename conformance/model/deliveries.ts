/** What a batch may hold. */
import type { RecordOf } from '../../spec/index.js';
import type { Accepted } from './index-lane.js';
import { violated } from './violation.js';
import type { Thread, World } from './world.js';

type Batch = RecordOf<'batch'>;

interface Handed {
  readonly sequence: number;
  readonly join: number | undefined;
}

/** The thread that a batch is of. @throws Violation when it names no thread, another slot or a life that is over */
export function ownerOf(world: World, batch: Batch, at: number): Thread {
  const thread = world.threads.get(batch.thread);
  if (thread === undefined)
    violated(
      'LOSS-ATTRIBUTION',
      `a batch names thread ${batch.thread}, which never registered`,
      'a thread that registered',
      batch.thread,
      at,
    );
  const { slot, generation, id } = thread;
  if (batch.slot !== slot || batch.generation !== generation) {
    const expected = `slot ${slot}, generation ${generation}`;
    const seen = `slot ${batch.slot}, generation ${batch.generation}`;
    violated('LOSS-ATTRIBUTION', `a batch of thread ${id} names ${seen}; expected ${expected}`, expected, seen, at);
  }
  if (thread.state === 'gone')
    violated('THREAD-EVENTS', `thread ${id} was reclaimed, and a batch of it follows`, 'no batch', 'a batch', at);
  thread.maybeGone = false;
  return thread;
}

/** The events of a batch, whole and its own. */
function handedIn(batch: Batch, at: number): Handed[] {
  const where = `a batch of thread ${batch.thread} (${batch.lane} lane)`;
  const handed: Handed[] = [];
  for (const run of batch.runs) {
    if ('torn' in run)
      violated(
        'LOSS-NOT-TORN',
        `${where}: record ${run.at} has bytes that nobody gave`,
        'the bytes given',
        run.hex,
        at,
      );
    if (run.thread !== undefined && run.thread !== batch.thread)
      violated(
        'LOSS-ATTRIBUTION',
        `${where} holds event ${run.from} of thread ${run.thread}`,
        `events of thread ${batch.thread}`,
        run.thread,
        at,
      );
    for (let i = 0; i < run.count; i += 1)
      handed.push({ sequence: run.from + i, join: run.join === undefined ? undefined : run.join + i });
  }
  if (batch.malformed !== undefined)
    violated('LOSS-NOT-TORN', `${where} is malformed: ${batch.malformed}`, 'whole records', batch.malformed, at);
  if (handed.length === 0 || handed.length !== batch.count)
    violated(
      'ITER-EMPTY',
      `${where} holds ${handed.length} records and says ${batch.count}`,
      'at least one record',
      handed.length,
      at,
    );
  if (batch.acknowledged > batch.count)
    violated(
      'SINK-NONSENSE',
      `${where} of ${batch.count} has ${batch.acknowledged} acknowledged`,
      `at most ${batch.count}`,
      batch.acknowledged,
      at,
    );
  return handed;
}

/** Compares a batch with what is due, from its first record on, and takes what was acknowledged. */
export function deliver(world: World, thread: Thread, batch: Batch, visitBegan: number | undefined, at: number): void {
  const handed = handedIn(batch, at);
  const { lane } = batch;
  if (lane === 'detail' && thread.detail.vague) vaguely(thread, handed, at);
  else exactly(thread, batch, handed, thread.due(lane), visitBegan, at);
  if (lane === 'index') thread.index.acknowledge(batch.acknowledged);
  else thread.detail.acknowledge(handed.slice(0, batch.acknowledged).map(({ sequence }) => sequence));
  if (batch.acknowledged > 0) world.movedSinceStop = true;
}

function exactly(
  thread: Thread,
  { lane }: Batch,
  handed: readonly Handed[],
  due: readonly Accepted[],
  visitBegan: number | undefined,
  at: number,
): void {
  handed.forEach(({ sequence, join }, i) => {
    const wanted = due[i];
    const where = `thread ${thread.id}, ${lane} lane: event ${sequence}`;
    if (wanted?.sequence !== sequence) wrong(thread, lane, where, sequence, wanted, at);
    if (wanted.join !== join)
      violated(
        'LANE-JOIN',
        `${where} is joined to detail event ${join}; expected ${wanted.join}`,
        wanted.join,
        join,
        at,
      );
    if (visitBegan !== undefined && wanted.at >= visitBegan)
      violated(
        'ITER-SNAPSHOT',
        `${where} was emitted during the visit that hands it over`,
        'the next visit',
        'this visit',
        at,
      );
  });
}

/** Names the promise that an event out of its turn breaks. */
function wrong(
  thread: Thread,
  lane: 'index' | 'detail',
  where: string,
  sequence: number,
  wanted: Accepted | undefined,
  at: number,
): never {
  const expected = wanted === undefined ? 'no event' : `event ${wanted.sequence}`;
  const seen = `event ${sequence}`;
  const say = (id: Parameters<typeof violated>[0], what: string): never =>
    violated(id, `${where} ${what}; expected ${expected}`, expected, seen, at);
  if (thread[lane].delivered.has(sequence))
    return say('LOSS-NO-DUPLICATE', 'was acknowledged before and is handed over again');
  if (lane === 'index') {
    if (thread.index.pending.some((one) => one.sequence === sequence))
      return say('LANE-ORDER', 'is handed over out of its order');
    return say('LOSS-NO-PHANTOM', 'was not accepted and is handed over');
  }
  switch (thread.detail.stateOf(sequence)) {
    case 'open':
      if (!thread.isOver) return say('LANE-SEAL', 'is handed over while its window is open');
      return say('LANE-MARKED-ONCE', 'is handed over out of its order');
    case 'due':
      return say('LANE-MARKED-ONCE', 'is handed over out of its order');
    case 'unmarked':
      return say('LANE-UNMARKED-KEPT', 'was never marked (or given up before) and is handed over');
    default:
      return say('LOSS-NO-PHANTOM', 'was not accepted and is handed over');
  }
}

/** Where windows may have been evicted or not: accepted, not delivered yet, ascending. */
function vaguely(thread: Thread, handed: readonly Handed[], at: number): void {
  let last = -1;
  for (const { sequence } of handed) {
    const where = `thread ${thread.id}, detail lane: event ${sequence}`;
    if (thread.detail.delivered.has(sequence))
      violated('LOSS-NO-DUPLICATE', `${where} was acknowledged before and is handed over again`, 'once', 'again', at);
    if (!thread.detail.mayBeDue(sequence))
      violated('LOSS-NO-PHANTOM', `${where} was not accepted and is handed over`, 'accepted events', sequence, at);
    if (sequence <= last) violated('LANE-ORDER', `${where} follows event ${last}`, 'ascending events', sequence, at);
    last = sequence;
  }
}
