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
  const waits = new Map<number, number>();
  const worst = new Map<number, Wait>();
  walk(history, {
    begins: (thread) => void waits.set(thread, 0),
    ends: (thread) => void waits.delete(thread),
    visited: (visit, backlogged) => {
      const own = visit.thread;
      if (!isWhole(history, visit)) waits.delete(own);
      else if (backlogged) waits.set(own, 0);
      for (const [thread, before] of waits) {
        if (thread === own) continue;
        const wait = before + 1;
        waits.set(thread, wait);
        if (wait > (worst.get(thread)?.wait ?? 0)) worst.set(thread, { wait, thread, record: visit.records.at(-1)! });
      }
    },
  });
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

/** Events of one other thread while a thread waits, and the most that they may be. */
interface Meanwhile {
  events: number;
  bound: number;
}

/** Threads that waited for more events of another one than (2K + 1) of its turns, under policies with one line. */
export function findEventWaitFaults(history: readonly HistoryRecord[]): Finding[] {
  const regime = new Regime(history);
  const waits = new Map<number, Map<number, Meanwhile>>();
  const found: Finding[] = [];
  walk(history, {
    begins: (thread) => void waits.set(thread, new Map()),
    ends: (thread) => void waits.delete(thread),
    visited: (visit, backlogged) => {
      const other = visit.thread;
      if (!isWhole(history, visit)) waits.delete(other);
      else if (backlogged) waits.set(other, new Map());
      if (regime.policy === 'priority') return;
      const bound = (2 * regime.maxSkips + 1) * regime.share(other) * regime.quantum;
      for (const [thread, row] of waits) {
        if (thread === other) continue;
        const before = row.get(other) ?? { events: 0, bound: 0 };
        const now = { events: before.events + visit.index + visit.detail, bound: Math.max(before.bound, bound) };
        row.set(other, now);
        if (now.events <= now.bound || found.length >= MOST_FINDINGS) continue;
        const message = `thread ${thread} was backlogged and waited for ${now.events} events of thread ${other}`;
        const seen = `${now.events} events`;
        found.push(finding('wait-events', message, `at most ${now.bound} events of it`, seen, visit.records));
      }
    },
    changed: (change) => {
      const before = regime.policy;
      regime.apply(change);
      if (regime.policy !== before) for (const row of waits.values()) row.clear();
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
