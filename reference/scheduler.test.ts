import { describe, expect, test } from 'vitest';
import { resolveConfig, type DrainConfig, type Policy } from '../spec/config.js';
import { Schedulable, Scheduler } from './scheduler.js';

class Thread extends Schedulable<Thread> {
  isLeaving = false;
  readonly name: string;
  priority: number;
  weight: number;
  constructor(name: string, priority = 0, weight = 1) {
    super();
    this.name = name;
    this.priority = priority;
    this.weight = weight;
  }
}

const configured = (policy: Policy, changes: Partial<DrainConfig> = {}): DrainConfig =>
  resolveConfig({ policy, quantum: 4, maxSkips: 2, ageAfter: 2, ...changes });

/** A scheduler and what happens to it. */
class Play {
  readonly scheduler: Scheduler<Thread>;
  readonly held = new Set<Thread>();

  constructor(policy: Policy, changes: Partial<DrainConfig> = {}) {
    this.scheduler = new Scheduler<Thread>(configured(policy, changes));
  }

  join(...threads: Thread[]): void {
    for (const thread of threads) this.scheduler.join(thread);
  }

  /** An iteration of at most so many turns: who was visited, who was skipped ('-name'). Everybody stays backlogged. */
  iterate(turns = Infinity, load?: Parameters<Scheduler<Thread>['endIteration']>[0]): string {
    const { scheduler } = this;
    const had: string[] = [];
    scheduler.beginIteration();
    for (let turn = 0; turn < turns && scheduler.hasNext; turn += 1) {
      const thread = scheduler.select()!;
      scheduler.addCredit(thread);
      if (this.held.has(thread)) {
        thread.skipsInRow += 1;
        had.push(`-${thread.name}`);
        scheduler.putBackSkipped(thread);
        continue;
      }
      thread.skipsInRow = 0;
      had.push(thread.name);
      scheduler.beginVisit(thread);
      thread.credit = 0;
      scheduler.putBack(thread);
    }
    scheduler.endIteration(load);
    return had.join(' ');
  }
}

const threads = (...names: string[]): Thread[] => names.map((name) => new Thread(name));

describe.each(['round-robin', 'weighted-fair', 'adaptive'] as const)('%s', (policy) => {
  test('one line: each has one turn in an iteration, and one that was cut goes on where it ended', () => {
    const play = new Play(policy);
    play.join(...threads('a', 'b', 'c'));
    expect([play.iterate(), play.iterate(2), play.iterate(2), play.iterate()]).toEqual([
      'a b c',
      'a b',
      'c a',
      'b c a',
    ]);
  });

  test('priorities and leaving change nothing', () => {
    const play = new Play(policy);
    const [a, b] = [new Thread('a', 0), new Thread('b', 7)];
    play.join(a, b);
    a.isLeaving = true;
    play.scheduler.leaves(a);
    expect(play.iterate()).toBe('a b');
  });

  test('skipped maxSkips times a thread is first in the next iteration', () => {
    const play = new Play(policy);
    const [a, b, c] = threads('a', 'b', 'c') as [Thread, Thread, Thread];
    play.join(a, b, c);
    play.held.add(b).add(c);
    expect([play.iterate(), play.iterate(), play.iterate(1)]).toEqual(['a -b -c', 'a -b -c', '-b']);
    expect(b.credit).toBe(3 * play.scheduler.quantum);
    play.held.clear();
    expect([play.iterate(), play.iterate()]).toEqual(['b c a', 'b c a']);
  });

  test('those that are promoted come before those that were promoted earlier', () => {
    const play = new Play(policy, { maxSkips: 1 });
    const [a, b, c] = threads('a', 'b', 'c') as [Thread, Thread, Thread];
    play.join(a, b, c);
    play.held.add(a).add(b);
    expect([play.iterate(2), play.iterate(1), play.iterate(), play.iterate()]).toEqual([
      '-a -b',
      '-a',
      '-a -b c',
      '-a -b c',
    ]);
  });

  test('credit grows with skips up to its cap, and goes with the thread that leaves the line', () => {
    const play = new Play(policy, { maxSkips: 2 });
    const [a] = threads('a') as [Thread];
    play.join(a);
    play.held.add(a);
    const credits = [1, 2, 3, 4, 5].map(() => (play.iterate(), a.credit));
    expect(credits).toEqual(policy === 'adaptive' ? [16, 32, 48, 48, 48] : [4, 8, 12, 12, 12]);
    play.scheduler.drop(a);
    expect([a.credit, a.list, play.iterate()]).toEqual([0, undefined, '']);
  });
});

test('weights count under weighted fair only, and as they are at each turn', () => {
  const [fair, plain] = [new Play('weighted-fair'), new Play('round-robin')];
  const thread = new Thread('a', 0, 3);
  expect([fair.scheduler.shareOf(thread), plain.scheduler.shareOf(thread)]).toEqual([3, 1]);
  fair.scheduler.addCredit(thread);
  expect(thread.credit).toBe(12);
  thread.weight = 1;
  fair.scheduler.addCredit(thread);
  expect(thread.credit).toBe(12); // the cap of the new weight
});

test('the wait of a thread is counted in visits of others, and the longest of all is kept', () => {
  const play = new Play('round-robin');
  const [a, b, c] = threads('a', 'b', 'c') as [Thread, Thread, Thread];
  play.join(a, b);
  play.iterate();
  play.join(c);
  play.iterate();
  play.iterate();
  expect([a, b, c].map(({ longestWait }) => longestWait)).toEqual([2, 2, 2]);
  expect(play.scheduler.longestWait).toBe(2);
});

describe('priority', () => {
  const classes = (): [Thread, Thread, Thread] => [new Thread('low', 0), new Thread('mid', 3), new Thread('top', 7)];

  test('serves the higher class first, and each once in an iteration', () => {
    const play = new Play('priority');
    play.join(...classes(), new Thread('mid2', 3));
    expect([play.iterate(), play.iterate(2), play.iterate()]).toEqual([
      'top mid mid2 low',
      'top mid',
      'top mid2 mid low',
    ]);
  });

  test('who waits rises by a class after every ageAfter missed iterations, and is back in its own once served', () => {
    const play = new Play('priority', { ageAfter: 2 });
    const [low, , top] = classes();
    const other = new Thread('top2', 7);
    play.join(low, top, other);
    const levels: number[] = [];
    for (let i = 0; i < 40 && !play.iterate(1).includes('low'); i += 1) levels.push(low.level);
    expect(levels.slice(0, 7)).toEqual([0, 1, 1, 2, 2, 3, 3]);
    expect(levels.at(-1)).toBe(7);
    expect(levels.length).toBeLessThanOrEqual(2 * 7 + 2);
    expect(low.level).toBe(0);
  });

  test('a skip raises by a class too, and maxSkips of them bring the thread to the front', () => {
    const play = new Play('priority', { maxSkips: 3, ageAfter: 100 });
    const [low, mid, top] = classes();
    play.join(low, mid, top);
    play.held.add(low);
    expect([play.iterate(), low.level]).toEqual(['top mid -low', 1]);
    expect([play.iterate(), low.level]).toEqual(['top mid -low', 2]);
    play.iterate();
    play.held.clear();
    expect([play.iterate(), low.level]).toEqual(['low top mid', 0]);
  });

  test('no skip raises beyond the top class', () => {
    const play = new Play('priority', { maxSkips: 3 });
    const top = new Thread('top', 7);
    play.join(top);
    play.held.add(top);
    play.iterate();
    expect(top.level).toBe(7);
  });

  test('final drains and the others take turns, whatever the classes', () => {
    const play = new Play('priority');
    const all = [...classes(), ...threads('f1', 'f2')];
    play.join(...all);
    for (const thread of all.slice(3)) {
      thread.isLeaving = true;
      play.scheduler.leaves(thread);
    }
    expect(play.iterate()).toBe('f1 top f2 mid low');
    expect([1, 2, 3, 4].map(() => play.iterate(1))).toEqual(['f1', 'top', 'f2', 'top']);
  });

  test('a skipped final drain stays one', () => {
    const play = new Play('priority');
    const [f, other] = [new Thread('f'), new Thread('other')];
    f.isLeaving = true;
    play.join(f, other);
    play.held.add(f);
    expect([play.iterate(), play.iterate()]).toEqual(['-f other', '-f other']);
    expect(play.iterate()).toBe('-f other');
  });

  test('a thread that changes its class takes it from its next turn on', () => {
    const play = new Play('priority');
    const [low, mid] = classes();
    play.join(low, mid);
    low.priority = 7;
    expect([play.iterate(), play.iterate()]).toEqual(['mid low', 'low mid']);
  });
});

describe('configure', () => {
  test('another policy keeps everybody in line: first those that were promoted, then final drains, then by class', () => {
    const play = new Play('priority', { maxSkips: 1, ageAfter: 100 });
    const [low, mid, top, f, first] = ['low', 'mid', 'top', 'f', 'first'].map((name) => new Thread(name)) as [
      Thread,
      Thread,
      Thread,
      Thread,
      Thread,
    ];
    [mid.priority, top.priority, f.isLeaving] = [3, 7, true];
    play.join(low, mid, top, f, first);
    play.held.add(first);
    expect(play.iterate()).toBe('f top mid low -first');
    play.held.clear();
    play.scheduler.configure(configured('round-robin'));
    expect([...play.scheduler.waiting()].map(({ name }) => name)).toEqual(['first', 'f', 'top', 'mid', 'low']);
    expect(play.iterate()).toBe('first f top mid low');
    play.scheduler.configure(configured('priority'));
    expect(play.iterate()).toBe('f top mid first low');
  });

  test('the same policy keeps the lines as they are', () => {
    const play = new Play('round-robin', { maxSkips: 1 });
    const [a, b] = threads('a', 'b') as [Thread, Thread];
    play.join(a, b);
    play.held.add(b);
    play.iterate();
    play.scheduler.configure(configured('round-robin', { quantum: 9 }));
    expect([play.scheduler.quantum, play.iterate()]).toEqual([9, '-b a']);
  });

  test('adaptive sizes begin anew when their limits change, and only then', () => {
    const busy = { visits: 1, pending: 10_000, tookNs: 0, writeNs: 0, acknowledged: 0 };
    const play = new Play('adaptive', { quantum: 16 });
    play.join(...threads('a'));
    play.iterate(1, busy);
    play.iterate(1, busy);
    const { scheduler } = play;
    expect([scheduler.quantum, scheduler.batch]).toEqual([32, 16]);
    scheduler.configure(configured('adaptive', { quantum: 16, maxSkips: 7 }));
    expect(scheduler.quantum).toBe(32);
    scheduler.configure(configured('adaptive', { quantum: 16, maxSkips: 7, quantumMax: 64 }));
    expect(scheduler.quantum).toBe(16);
    scheduler.configure(configured('round-robin', { quantum: 5 }));
    expect([scheduler.quantum, scheduler.batch]).toEqual([5, 0]);
    play.iterate(1, busy);
    scheduler.configure(configured('adaptive', { quantum: 40 }));
    expect([scheduler.quantum, scheduler.batch]).toEqual([40, 40]);
  });
});

test('there is nobody to select where nobody is', () => {
  const { scheduler } = new Play('priority');
  scheduler.beginIteration();
  expect([scheduler.hasNext, scheduler.select()]).toEqual([false, undefined]);
});
