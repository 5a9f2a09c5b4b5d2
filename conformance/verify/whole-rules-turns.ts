/** Rules of turns: what an iteration may do, what it says it did, and what the metrics count. */
import { findIterationFaults, Regime, walk } from '../checkers/index.js';
import { finding, type Finding } from '../checkers/finding.js';
import { creditCap, type HistoryRecord, type RecordOf } from '../../spec/index.js';
import { given, metrics, nested, oneDrain, policy, quanta, turns } from './conditions.js';
import { limitFaults } from './iteration-limit.js';
import { first, isFree, without, type Rule } from './rule.js';
import { isHold, scheduled } from './schedule.js';
import type { Facts } from './facts.js';

type History = readonly HistoryRecord[];

function quantum(history: History, facts: Facts): readonly Finding[] | string {
  const part = scheduled(history, ['stop'], false);
  const regime = new Regime(history);
  const spare = part.some(
    (record) =>
      isHold(record) ||
      (record.type === 'iteration' && record.skips > 0) ||
      (record.type === 'batch' && record.acknowledged < record.count),
  );
  const unknown = spare ? given('maxSkips')(facts) : undefined;
  if (unknown !== undefined) return unknown;
  const found: Finding[] = [];
  walk(part, {
    visited: ({ thread, index, detail: details, records }) => {
      const most = creditCap(regime.share(thread), regime.quantum, spare ? regime.maxSkips : 0);
      const taken = index + details;
      if (taken <= most) return;
      const message = `a visit to thread ${thread} delivered ${taken} events, its quantum is ${most}`;
      found.push(finding('quantum', message, `at most ${most} events a visit`, `${taken}`, records));
    },
    changed: (change) => {
      regime.apply(change);
    },
  });
  return found;
}

/** Who records may leave out some thread events: reclaims are seen where one is. */
const results = (history: History): Finding[] => {
  const reported = history.some((record) => record.type === 'thread-event' && record.event === 'reclaimed');
  return findIterationFaults(history, { reported });
};

/** Two looks at the metrics with nothing between them. */
function peeks(history: History): readonly Finding[] | string {
  const looks = history.flatMap((record, at) =>
    record.type === 'metrics' && history[at + 1]?.type === 'metrics' ? [at] : [],
  );
  if (looks.length === 0) return 'the metrics were never read twice in a row';
  return looks
    .filter((at) => JSON.stringify(history[at]) !== JSON.stringify(history[at + 1]))
    .map((at) => {
      const message = 'two looks at the metrics with nothing between them differ: looking changed something';
      return finding('peek', message, 'the same metrics', 'others', [at, at + 1]);
    });
}

/** Counters of the drain against its own iterations and batches. */
function counters(history: History): Finding[] {
  const told = { iterations: 0, visits: 0, skips: 0, batches: 0, sinkFailures: 0, reclaimed: 0 };
  // a thread is counted when it is met: at the latest by an iteration that begins after it came
  const registered = { met: 0, before: 0, came: 0 };
  const found: Finding[] = [];
  const add = (record: RecordOf<'iteration'>): void => {
    told.iterations += 1;
    for (const field of ['visits', 'skips', 'reclaimed'] as const) told[field] += record[field];
    registered.met = registered.before;
    registered.before = registered.came;
  };
  history.forEach((record, at) => {
    if (record.type === 'register' && record.outcome === 'accepted') registered.came += 1;
    if (record.type === 'iteration') add(record);
    else if (record.type === 'batch') {
      told.batches += record.batches;
      if (record.acknowledged === 0) told.sinkFailures += 1;
    } else if (record.type === 'metrics') {
      const { met, came } = registered;
      // who records no registrations at all knows of none
      const known = came === 0 ? record.registered : Math.min(Math.max(record.registered, met), came);
      for (const [field, wanted] of Object.entries({ ...told, registered: known })) {
        const said = record[field as keyof typeof told | 'registered'];
        if (said === wanted) continue;
        const message = `the metrics say ${field} ${said}, and it was ${wanted}`;
        found.push(finding('metric', message, `${wanted}`, `${said}`, [at]));
      }
    }
  });
  return found;
}

export const TURN_RULES: readonly Rule[] = [
  { id: 'ITER-QUANTUM', silent: first(isFree, oneDrain, nested, turns, policy, quanta), whole: quantum },
  { id: 'ITER-RESULT-EXACT', silent: first(isFree, turns), whole: results },
  {
    id: 'ITER-LIMIT-VISITS',
    silent: first(turns, given('maxIterationVisits')),
    whole: limitFaults,
  },
  {
    id: 'METRIC-EXACT',
    silent: first(
      isFree,
      metrics,
      turns,
      nested,
      oneDrain,
      without('a drain was driven by hand or stopped', (facts) => facts.count('visit') + facts.count('stop') === 0),
    ),
    whole: counters,
  },
  { id: 'METRIC-PEEK', silent: first(isFree, metrics), whole: peeks },
];
