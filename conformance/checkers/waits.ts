/** Waits of backlogged threads between two turns of their own: in visits, in events, and after they have joined. */
import { longestWaitPriority, type HistoryRecord } from '../../spec/index.js';
import { analyse } from './analysis.js';
import { MOST_FINDINGS, finding, type Finding } from './finding.js';
import { Regime, nestedRecords } from './regime.js';
import { isWhole, walk } from './visits.js';

export interface Wait {
  readonly wait: number;
  readonly thread: number;
  readonly record: number;
}

/** The most visits of others that each backlogged thread has waited for. Who failed waits again from its next visit on. */
export function waitsOf(history: readonly HistoryRecord[]): Wait[] {
  /** Who waits, and how many visits there had been when it began to. */
  const since = new Map<number, number>();
  const worst = new Map<number, Wait>();
  let visits = 0;
  let last = 0;
  const told = (thread: number): void => {
    const wait = visits - (since.get(thread) ?? visits);
    if (wait > (worst.get(thread)?.wait ?? 0)) worst.set(thread, { wait, thread, record: last });
  };
  walk(history, {
    begins: (thread) => void since.set(thread, visits),
    ends: (thread) => {
      told(thread);
      since.delete(thread);
    },
    visited: (visit, backlogged) => {
      const own = visit.thread;
      told(own);
      visits += 1;
      last = visit.records.at(-1)!;
      if (!isWhole(history, visit)) since.delete(own);
      else if (backlogged) since.set(own, visits);
    },
  });
  for (const thread of since.keys()) told(thread);
  return [...worst.values()];
}

/** The longest of them. */
export function longestWait(history: readonly HistoryRecord[]): Wait {
  const none = { wait: 0, thread: 0, record: 0 };
  return waitsOf(history).reduce((most, one) => {
    const earlier = one.wait === most.wait && one.record < most.record;
    return one.wait > most.wait || earlier ? one : most;
  }, none);
}

const tooLong = ({ wait, thread, record }: Wait, bound: number): Finding => {
  const message = `thread ${thread} was backlogged and waited for ${wait} visits of other threads`;
  return finding('wait', message, `a wait of at most ${bound} visits`, `${wait} visits`, [record]);
};

/** A backlogged thread that waited for more than `boundVisits` visits of others. */
export function findWaitFaults(history: readonly HistoryRecord[], boundVisits: number): Finding[] {
  const longest = longestWait(history);
  return longest.wait <= boundVisits ? [] : [tooLong(longest, boundVisits)];
}

/** The same under `priority`: the bound is that of each thread's class. */
export function findAgeingFaults(history: readonly HistoryRecord[]): Finding[] {
  const regime = new Regime(history);
  const { registrations } = analyse(history);
  const visitsPerIteration = history.reduce(
    (most, record) => (record.type === 'iteration' ? Math.max(most, record.visits) : most),
    0,
  );
  return waitsOf(history).flatMap((one) => {
    const bound = longestWaitPriority({
      threads: registrations.size,
      visitsPerIteration,
      ageAfter: regime.number('ageAfter'),
      maxSkips: regime.maxSkips,
      priority: regime.priority(one.thread),
    });
    return one.wait > bound ? [tooLong(one, bound)] : [];
  });
}

/** A visit to a thread, by its number: what it took, and the most that others may have to wait for. */
interface Turn {
  readonly number: number;
  readonly events: number;
  readonly bound: number;
}

/** Threads that waited for more events of another one than (2K + 1) of its turns, under policies with one line. */
export function findEventWaitFaults(history: readonly HistoryRecord[]): Finding[] {
  const regime = new Regime(history);
  /** Who waits, and after how many visits it began to: who waits longest is first. */
  const waits = new Map<number, number>();
  /** The turns of each thread that somebody has waited for. */
  const turns = new Map<number, Turn[]>();
  const found: Finding[] = [];
  let visits = 0;
  const begins = (thread: number): void => {
    waits.delete(thread);
    waits.set(thread, visits);
  };
  walk(history, {
    begins,
    ends: (thread) => void waits.delete(thread),
    visited: (visit, backlogged) => {
      const other = visit.thread;
      visits += 1;
      if (!isWhole(history, visit)) waits.delete(other);
      else if (backlogged) begins(other);
      if (regime.policy === 'priority') return;
      const turn: Turn = {
        number: visits,
        events: visit.index + visit.detail,
        bound: (2 * regime.maxSkips + 1) * regime.share(other) * regime.quantum,
      };
      const longest = waits.values().next().value ?? visits;
      const own = [...(turns.get(other) ?? []).filter(({ number }) => number > longest), turn];
      turns.set(other, own);
      for (const [thread, since] of waits) {
        // it and all after it have waited for this turn alone; who had the turn is last, and for none
        if (found.length >= MOST_FINDINGS || (since >= (own.at(-2)?.number ?? 0) && turn.events <= turn.bound)) break;
        const waited = own.filter(({ number }) => number > since);
        const events = waited.reduce((sum, one) => sum + one.events, 0);
        const bound = waited.reduce((most, one) => Math.max(most, one.bound), 0);
        if (events <= bound) continue;
        const message = `thread ${thread} was backlogged and waited for ${events} events of thread ${other}`;
        found.push(finding('wait-events', message, `at most ${bound} events of it`, `${events} events`, visit.records));
      }
    },
    changed: (change) => {
      const before = regime.policy;
      regime.apply(change);
      if (regime.policy !== before) for (const thread of [...waits.keys()]) begins(thread);
    },
  });
  return found;
}

/** Threads that became backlogged between two iterations, and before whose first visit another thread had two. */
export function findLateJoins(history: readonly HistoryRecord[]): Finding[] {
  const inside = nestedRecords(history);
  const newcomers = new Map<number, { since: number; visits: Map<number, number> }>();
  const found: Finding[] = [];
  walk(history, {
    begins: (thread, since) => {
      if (!inside.has(since)) newcomers.set(thread, { since, visits: new Map() });
    },
    ends: (thread) => void newcomers.delete(thread),
    visited: ({ thread: other, records }) => {
      newcomers.delete(other);
      for (const [thread, { since, visits }] of newcomers) {
        const times = (visits.get(other) ?? 0) + 1;
        visits.set(other, times);
        if (times !== 2 || found.length >= MOST_FINDINGS) continue;
        const message = `thread ${thread} became backlogged, and thread ${other} was visited ${times} times before its first turn`;
        found.push(finding('join', message, 'at most one visit of each other thread', `${times}`, [since, ...records]));
      }
    },
  });
  return found;
}
