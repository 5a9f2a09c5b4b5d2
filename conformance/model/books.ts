/** Metrics against what happened. */
import { fairnessIndex, type Lane, type RecordOf } from '../../spec/index.js';
import { violated } from './violation.js';
import type { Thread, World } from './world.js';

type Metrics = RecordOf<'metrics'>;
type Ledger = Metrics['index'];
type Claims = Metrics['threads'][number];

/** With several drains over one arena each counts what it delivered itself: then nothing is said. */
export function measured(world: World, record: Metrics, at: number): void {
  if (!world.single) return;
  for (const lane of ['index', 'detail'] as const) {
    balanced(record[lane], `in total, ${lane} lane`, at);
    for (const one of record.threads) balanced(one[lane], `thread ${one.thread}, ${lane} lane`, at);
  }
  if (world.frames.length > 0) return;
  const listed = new Map(record.threads.map((one) => [one.thread, one]));
  presence(world, record, listed, at);
  for (const lane of ['index', 'detail'] as const) {
    const total = { accepted: 0, rejected: 0, delivered: 0 };
    for (const thread of world.threads.values()) {
      for (const field of ['accepted', 'rejected', 'delivered'] as const) total[field] += thread[lane].counts[field];
      const claimed = listed.get(thread.id);
      if (claimed !== undefined) compareThread(world, thread, lane, claimed[lane], at);
    }
    compare(record[lane], total, `in total, ${lane} lane`, at);
  }
  if (world.hasDetail) evictions(world, record, at);
  leftovers(world, record, at);
  counters(world, record, at);
  fairness(world, record, listed, at);
  sizes(world, record, at);
}

function balanced(ledger: Ledger, where: string, at: number): void {
  const { attempted, accepted, rejected, delivered, pending, evicted, left } = ledger;
  if (attempted !== accepted + rejected)
    violated(
      'LEDGER-BALANCE',
      `${where}: attempted ${attempted}, accepted ${accepted}, rejected ${rejected}`,
      accepted + rejected,
      attempted,
      at,
    );
  const sum = delivered + pending + evicted + left;
  if (accepted !== sum)
    violated(
      'LEDGER-BALANCE',
      `${where}: accepted ${accepted}, delivered ${delivered}, pending ${pending}, evicted ${evicted}, left ${left}`,
      accepted,
      sum,
      at,
    );
}

function compare(
  claimed: Ledger,
  wanted: { accepted: number; rejected: number; delivered: number },
  where: string,
  at: number,
): void {
  for (const field of ['accepted', 'rejected', 'delivered'] as const) {
    if (claimed[field] !== wanted[field])
      violated(
        'LEDGER-TRUE',
        `${where}: the ledger says ${field} ${claimed[field]}, and it was ${wanted[field]}`,
        wanted[field],
        claimed[field],
        at,
      );
  }
}

/** A staged group may have made room for itself already. */
const isUncertain = ({ detail, holding }: Thread): boolean =>
  detail.vague || (holding !== undefined && holding.detail[1] > 0);

function compareThread(world: World, thread: Thread, lane: Lane, claimed: Ledger, at: number): void {
  const where = `thread ${thread.id}, ${lane} lane`;
  compare(claimed, thread[lane].counts, where, at);
  if (lane === 'detail' && isUncertain(thread)) return;
  const kept = lane === 'index' ? thread.index.pending.length : thread.detail.pending;
  const undelivered = claimed.pending + claimed.left;
  if (undelivered !== kept)
    violated(
      'QUEUE-PENDING-EXACT',
      `${where}: the ledger says ${undelivered} are pending, and it was ${kept}`,
      kept,
      undelivered,
      at,
    );
  if (world.stopped === 'no' && claimed.left > 0)
    violated(
      'LEDGER-LEFT',
      `${where}: the ledger says that ${claimed.left} were left, and nobody stopped`,
      0,
      claimed.left,
      at,
    );
}

function evictions(world: World, record: Metrics, at: number): void {
  const lives = [...world.threads.values()];
  if (lives.some((thread) => isUncertain(thread) || thread.maybeGone)) return;
  const evicted = lives.reduce((sum, { detail }) => sum + detail.evicted, 0);
  if (record.detail.evicted !== evicted)
    violated(
      'LEDGER-EVICTED',
      `the ledger says that ${record.detail.evicted} detail events were evicted, and it was ${evicted}`,
      evicted,
      record.detail.evicted,
      at,
    );
}

function leftovers(world: World, record: Metrics, at: number): void {
  if (world.stopped === 'no' || world.movedSinceStop) return;
  for (const lane of ['index', 'detail'] as const) {
    const left = world.left[lane];
    if (record[lane].left !== left)
      violated(
        'LEDGER-LEFT',
        `stop() left ${left} events of ${lane} lanes, and the ledger says ${record[lane].left}`,
        left,
        record[lane].left,
        at,
      );
  }
}

function presence(world: World, record: Metrics, listed: ReadonlyMap<number, Claims>, at: number): void {
  const { sure, perhaps } = world.holders();
  const missing = sure.find(({ id }) => !listed.has(id));
  if (missing !== undefined)
    violated(
      'METRIC-PER-THREAD',
      `thread ${missing.id} holds a slot and the metrics do not list it`,
      'every thread that holds a slot',
      [...listed.keys()].join(', '),
      at,
    );
  for (const claimed of record.threads) {
    const thread = [...sure, ...perhaps].find(({ id }) => id === claimed.thread);
    if (thread === undefined || thread.slot !== claimed.slot || thread.generation !== claimed.generation)
      violated(
        'METRIC-PER-THREAD',
        `the metrics list thread ${claimed.thread} in slot ${claimed.slot}, generation ${claimed.generation}`,
        'threads that hold a slot',
        claimed.thread,
        at,
      );
    if (thread.weight !== claimed.weight)
      violated(
        'METRIC-PER-THREAD',
        `thread ${thread.id} has weight ${thread.weight}, and the metrics say ${claimed.weight}`,
        thread.weight,
        claimed.weight,
        at,
      );
    const least = Math.min(
      thread.skipsAsNow * world.leastTurn(thread),
      (world.config.maxSkips + 1) * world.leastTurn(thread),
    );
    if (claimed.credit < least)
      violated(
        'QUEUE-SKIP-CREDIT',
        `thread ${thread.id} was skipped ${thread.skipsInRow} times in a row, and its credit is ${claimed.credit}`,
        `at least ${least}`,
        claimed.credit,
        at,
      );
    // a credit above a cap that fell is cut at the next turn
    const most = thread.detail.vague ? Math.max(thread.credit, world.capOf(thread)) : thread.credit;
    if (claimed.priority !== undefined && claimed.priority !== thread.priority)
      violated(
        'METRIC-PER-THREAD',
        `thread ${thread.id} has priority ${thread.priority}, and the metrics say ${claimed.priority}`,
        thread.priority,
        claimed.priority,
        at,
      );
    if (claimed.credit > most)
      violated(
        'METRIC-PER-THREAD',
        `the metrics give thread ${thread.id} a credit of ${claimed.credit}; at most ${most} is possible`,
        `0 to ${most}`,
        claimed.credit,
        at,
      );
  }
}

function counters(world: World, record: Metrics, at: number): void {
  const books = world.drains.get(record.drain)!;
  const events = world.claims.has('thread-events');
  const exact = {
    batches: books.batches,
    sinkFailures: books.sinkFailures,
    ...(events ? { registered: books.registered, reclaimed: books.reclaimed } : {}),
  };
  for (const [name, wanted] of Object.entries(exact)) {
    const seen = record[name as keyof typeof exact];
    if (seen !== wanted)
      violated('METRIC-EXACT', `the metrics say ${name} ${seen}, and it was ${wanted}`, wanted, seen, at);
  }
  // What visits by hand, stops and calls from inside the sink add to these is free.
  const free = books.byHand + books.stops + books.reentered > 0;
  for (const name of ['iterations', 'visits', 'skips'] as const) {
    const [seen, least] = [record[name], books[name]];
    if (seen < least || (seen > least && !free))
      violated('METRIC-EXACT', `the metrics say ${name} ${seen}, and it was ${least}`, least, seen, at);
  }
}

function fairness(world: World, record: Metrics, listed: ReadonlyMap<number, Claims>, at: number): void {
  const threads = [...world.threads.values()].filter(({ id }) => listed.has(id)).sort((a, b) => a.slot - b.slot);
  if (threads.some(isUncertain)) return;
  const jain = fairnessIndex(
    threads.map((thread) => ({
      demand: thread.index.counts.accepted + thread.detail.counts.delivered + thread.due('detail').length,
      weight: world.weightOf(thread),
      delivered: thread.index.counts.delivered + thread.detail.counts.delivered,
    })),
  );
  if (record.jain !== jain)
    violated(
      'METRIC-JAIN',
      `the metrics say that Jain's index is ${record.jain}, and it was ${jain}`,
      jain,
      record.jain,
      at,
    );
}

/** Under `adaptive` quantum and batch move between their limits; else they stand still. */
function sizes(world: World, { fairness: told }: Metrics, at: number): void {
  if (told === undefined) return;
  const { policy, quantum, quantumMin, quantumMax, batchMin, batchMax } = world.config;
  const adaptive = policy === 'adaptive';
  const limits: readonly (readonly ['quantum' | 'batch', number, number])[] = adaptive
    ? [
        ['quantum', quantumMin, quantumMax],
        ['batch', batchMin, batchMax],
      ]
    : [
        ['quantum', quantum, quantum],
        ['batch', 0, 0],
      ];
  for (const [name, least, most] of limits) {
    const seen = told[name];
    const message = `the metrics say that the ${name} is ${seen}`;
    if (seen < least || seen > most) violated('FAIR-ADAPTIVE-RANGE', message, `${least} to ${most}`, seen, at);
  }
}
