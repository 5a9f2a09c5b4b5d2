/** Iterations and stops: their results are what happened. */
import type { HistoryRecord, RecordOf } from '../../spec/index.js';
import { analyse } from './analysis.js';
import { ConductWatch } from './conduct.js';
import { MOST_FINDINGS, finding, type Finding } from './finding.js';
import { innerIterations, isRealStop } from './settled.js';

const FIELDS = ['delivered', 'batches', 'sinkFailures', 'reclaimed'] as const;
type Done = Record<(typeof FIELDS)[number], number>;

/** What one drain did so far, and where its turn may have begun: more than one place when a call from inside the sink ended there. */
interface Drain {
  readonly total: Done;
  begins: Done[];
}

/**
 * Counts of each iteration against the batches and reclaims since its begin (stepped histories). `reported`: reclaims are seen;
 * else they are where any thread events are.
 */
export function findIterationFaults(
  history: readonly HistoryRecord[],
  { reported = history.some(({ type }) => type === 'thread-event') }: { reported?: boolean } = {},
): Finding[] {
  if (analyse(history).mode === 'free') return [];
  const inner = innerIterations(history);
  const drains = new Map<number, Drain>();
  const found: Finding[] = [];
  const of = (number: number): Drain => {
    let drain = drains.get(number);
    if (drain === undefined) {
      const total = { delivered: 0, batches: 0, sinkFailures: 0, reclaimed: 0 };
      drains.set(number, (drain = { total, begins: [{ ...total }] }));
    }
    return drain;
  };
  history.forEach((record, at) => {
    if (record.type === 'batch') {
      const { total } = of(record.drain);
      total.batches += record.batches;
      total.delivered += record.acknowledged;
      if (record.acknowledged === 0) total.sinkFailures += 1;
    } else if (record.type === 'thread-event') {
      if (record.event === 'reclaimed') of(record.drain).total.reclaimed += 1;
    } else if (record.type === 'threw') {
      for (const { begins, total } of drains.values()) begins.push({ ...total });
    } else if (record.type === 'visit' || record.type === 'stop') {
      const drain = of(record.drain);
      const sure = record.type === 'stop' ? isRealStop(record) : record.delivered > 0;
      drain.begins = [...(sure ? [] : drain.begins), { ...drain.total }];
    } else if (record.type === 'iteration' && !inner.has(at)) {
      const drain = of(record.drain);
      const first = drain.begins[0]!;
      const asked = FIELDS.filter((field) => field !== 'reclaimed' || reported);
      const fits = drain.begins.some((begin) =>
        asked.every((field) => record[field] === drain.total[field] - begin[field]),
      );
      if (!fits) compare(record, first, drain.total, asked, at, found);
      drain.begins = [{ ...drain.total }];
    }
  });
  return found.slice(0, MOST_FINDINGS);
}

function compare(
  claimed: RecordOf<'iteration'>,
  begin: Done,
  total: Done,
  asked: readonly (typeof FIELDS)[number][],
  at: number,
  found: Finding[],
): void {
  for (const field of asked) {
    const done = total[field] - begin[field];
    if (claimed[field] === done) continue;
    const message = `an iteration says ${field} ${claimed[field]}, and it was ${done}`;
    found.push(finding('iteration-result', message, `${field} ${done}`, `${field} ${claimed[field]}`, [at]));
  }
}

/** Nothing is delivered after a complete stop, and nothing accepted after any (stepped histories: elsewhere lines have no order). */
export function findStopFaults(history: readonly HistoryRecord[]): Finding[] {
  if (analyse(history).mode === 'free') return [];
  const watch = new ConductWatch();
  history.forEach((record, at) => watch.observe(record, at));
  return watch.afterStop;
}
