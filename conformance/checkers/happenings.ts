/** What each thread did to its detail lane, in its own order. */
import type { HistoryRecord } from '../../spec/index.js';
import { analyse } from './analysis.js';
import { isRealStop } from './settled.js';

export type Happening =
  /** `untold`: nobody knows whether these were accepted. */
  | { readonly kind: 'accept' | 'untold'; readonly from: number; readonly count: number; readonly record: number }
  /** `at`: detail events accepted before. `maybe-mark`: the thread died in it. `end`: the final drain seals what is open. */
  | { readonly kind: 'mark' | 'maybe-mark' | 'seal' | 'end'; readonly at: number; readonly record: number };

type Events = Extract<Happening, { from: number }>;
type Moment = Extract<Happening, { at: number }>;

const known = new WeakMap<readonly HistoryRecord[], Map<number, Happening[]>>();

export function happeningsOf(history: readonly HistoryRecord[], thread: number): readonly Happening[] {
  let all = known.get(history);
  if (all === undefined) known.set(history, (all = collect(history)));
  return all.get(thread) ?? [];
}

function collect(history: readonly HistoryRecord[]): Map<number, Happening[]> {
  const all = new Map<number, Happening[]>();
  const put = (thread: number, one: Happening): void => {
    const done = all.get(thread);
    if (done === undefined) all.set(thread, [one]);
    else done.push(one);
  };
  const free = analyse(history).mode === 'free';
  const stops: Happening[] = [];
  history.forEach((record, at) => {
    if (record.type === 'stop') {
      if (!isRealStop(record)) return;
      const end = { kind: 'end', at: Infinity, record: at } as const;
      if (free) stops.push(end);
      else for (const done of all.values()) done.push(end);
      return;
    }
    const one = happening(record, at);
    if (one !== undefined) put((record as { thread: number }).thread, one);
  });
  if (free) for (const [thread, done] of all) all.set(thread, interleave([...done, ...stops]));
  return all;
}

function happening(record: HistoryRecord, at: number): Happening | undefined {
  switch (record.type) {
    case 'emit':
      return record.lane === 'detail' ? events(record.from, record.count, record.outcome, at) : undefined;
    case 'submit':
      return record.phase === 'begin' ? undefined : events(record.detail[0], record.detail[1], record.outcome, at);
    case 'mark':
      if (record.outcome === 'unknown') return { kind: 'maybe-mark', at: record.at, record: at };
      return record.outcome === 'accepted' ? { kind: 'mark', at: record.at, record: at } : undefined;
    case 'seal':
      return record.outcome === 'accepted' ? { kind: 'seal', at: record.at, record: at } : undefined;
    case 'leave':
    case 'dead':
      return record.outcome === 'accepted' ? { kind: 'end', at: Infinity, record: at } : undefined;
    default:
      return undefined;
  }
}

function events(from: number, count: number, outcome: string, record: number): Happening | undefined {
  if (count === 0 || (outcome !== 'accepted' && outcome !== 'unknown')) return undefined;
  return { kind: outcome === 'accepted' ? 'accept' : 'untold', from, count, record };
}

/** Free histories state accepted runs and marks apart: each mark goes where its `at` says. */
function interleave(done: readonly Happening[]): Happening[] {
  const runs = done.filter((one): one is Events => 'from' in one).sort((a, b) => a.from - b.from);
  // an `at` may be Infinity, and so may both
  const moments = done.filter((one): one is Moment => 'at' in one).sort((a, b) => (a.at === b.at ? 0 : a.at - b.at));
  const ordered: Happening[] = [];
  let accepted = 0;
  let next = 0;
  const before = (limit: number): void => {
    for (; next < moments.length && moments[next]!.at <= limit; next += 1) ordered.push(moments[next]!);
  };
  for (const run of runs) {
    if (run.kind === 'untold') {
      before(accepted);
      ordered.push(run);
      continue;
    }
    for (let at = 0; at < run.count;) {
      before(accepted);
      const step = Math.min(run.count - at, (moments[next]?.at ?? Infinity) - accepted);
      ordered.push({ ...run, from: run.from + at, count: step });
      at += step;
      accepted += step;
    }
  }
  before(Infinity);
  return ordered;
}
