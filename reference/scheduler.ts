/**
 * Who has the next turn, and how much it may take: deficit round robin over lines of backlogged threads.
 *
 * Whoever is at the head of a line has its turn and then goes to the tail, so that choosing costs the same however many threads there
 * are. Each turn adds `share * quantum` events of credit, and a turn delivers at most the credit: over any interval two
 * backlogged threads of a line differ by at most one quantum per share. A thread that could not be visited (its queue was busy) keeps its
 * credit, up to a cap, and after `maxSkips` skips in a row it is first in the next iteration.
 *
 * Round robin, weighted fair and adaptive have one line. Priority has one for each class, the highest first, and one for
 * final drains; who waits for long rises, a class at a time, until it is served. Nothing here knows of lanes.
 */
import { creditCap } from '../spec/bounds.js';
import { PRIORITY_CLASSES, type SchedulingConfig } from '../spec/config.js';
import { AdaptiveSizes, type IterationLoad } from './adaptive.js';
import { ThreadList, type Links } from './thread-list.js';

/** What is scheduled. `weight`, `priority` and `isLeaving` are asked for at each turn; the rest belongs to the scheduler. */
export abstract class Schedulable<T extends Schedulable<T>> implements Links<T> {
  list: ThreadList<T> | undefined;
  before: T | undefined;
  after: T | undefined;
  /** Events the thread may still take: 0 to (maxSkips + 1) * share * quantum. */
  credit = 0;
  skipsInRow = 0;
  /** Its line under `priority`: its own class, or what waiting has raised it to. */
  level = 0;
  /** Number of the iteration in which it rises. */
  due = 0;
  /** Number of the iteration in which it had its last turn. */
  turn = 0;
  /** Number of the iteration in which it became backlogged. */
  joined = 0;
  /** How many visits there had been at its last one, or when it became backlogged. */
  waitsFrom = 0;
  longestWait = 0;
  abstract readonly weight: number;
  abstract readonly priority: number;
  abstract readonly isLeaving: boolean;
}

const TOP = PRIORITY_CLASSES - 1;

export class Scheduler<T extends Schedulable<T>> {
  #config: SchedulingConfig;
  #sizes: AdaptiveSizes | undefined;
  /** Skipped too often in an earlier iteration. */
  #first = new ThreadList<T>();
  /** The same, in this one. */
  #promoted = new ThreadList<T>();
  readonly #finals = new ThreadList<T>();
  readonly #levels = Array.from({ length: PRIORITY_CLASSES }, () => new ThreadList<T>());
  /** The last selection from finals and levels was a final drain. */
  #lastWasFinal = false;
  /** Number of the iteration under way, or of the last one: from 1. */
  iteration = 0;
  /** Longest wait of any thread, in visits of others. */
  longestWait = 0;
  #visits = 0;

  constructor(config: SchedulingConfig) {
    this.#config = config;
    this.#sizes = config.policy === 'adaptive' ? new AdaptiveSizes(config) : undefined;
  }

  /** The rules as they are now. */
  get config(): SchedulingConfig {
    return this.#config;
  }

  /** Events a visit may take per unit of weight. */
  get quantum(): number {
    return this.#sizes?.quantum ?? this.#config.quantum;
  }

  /** Records of one batch at most; 0: no limit but the visit's. */
  get batch(): number {
    return this.#sizes?.batch ?? 0;
  }

  get #byPriority(): boolean {
    return this.#config.policy === 'priority';
  }

  /** Before threads are discovered: those that have waited long enough rise. */
  beginIteration(): void {
    this.iteration += 1;
    if (!this.#byPriority) return;
    for (let level = TOP - 1; level >= 0; level -= 1) {
      const line = this.#levels[level]!;
      // whoever came later rises later: only heads can be due
      for (let head = line.head; head !== undefined && head.due <= this.iteration; head = line.head) {
        line.remove(head);
        this.#enter(head, level + 1);
      }
    }
  }

  /** A thread that has become backlogged joins the tail of its line. */
  join(thread: T): void {
    thread.waitsFrom = this.#visits;
    thread.joined = this.iteration;
    this.#enqueue(thread);
  }

  /** It was given all that it had: whatever comes now, its backlog is a new one, of the next iteration. */
  caughtUp(thread: T): void {
    thread.joined = this.iteration + 1;
  }

  /** A thread that waits in a level is leaving now: from here on its turns are those of a final drain. */
  leaves(thread: T): void {
    const line = this.#levels[thread.level]!;
    if (!this.#byPriority || thread.list !== line) return;
    line.remove(thread);
    this.#enqueue(thread);
  }

  /** False when everybody has had a turn in this iteration. */
  get hasNext(): boolean {
    return this.#nextLine() !== undefined;
  }

  /** Takes the thread whose turn it is out of its line; undefined when everybody has had one in this iteration. */
  select(): T | undefined {
    const line = this.#nextLine();
    const thread = line?.shift();
    if (thread === undefined) return undefined;
    if (line !== this.#first) this.#lastWasFinal = line === this.#finals;
    thread.turn = this.iteration;
    return thread;
  }

  /** Final drains and the levels take turns while both have somebody. */
  #nextLine(): ThreadList<T> | undefined {
    if (this.#isOpen(this.#first)) return this.#first;
    const level = this.#levels.findLast((line) => this.#isOpen(line));
    if (!this.#isOpen(this.#finals)) return level;
    return this.#lastWasFinal && level !== undefined ? level : this.#finals;
  }

  /** Who had a turn went to a tail: when the head of a line had its turn, all of the line had. */
  #isOpen({ head }: ThreadList<T>): boolean {
    return head !== undefined && head.turn !== this.iteration;
  }

  /** Adds the credit of one turn. */
  addCredit(thread: T): void {
    const share = this.shareOf(thread);
    const cap = creditCap(share, this.quantum, this.#config.maxSkips);
    thread.credit = Math.min(thread.credit + share * this.quantum, cap);
  }

  shareOf({ weight }: T): number {
    return this.#config.policy === 'weighted-fair' ? weight : 1;
  }

  /** The thread's turn begins: how many visits of others it has waited for. */
  beginVisit(thread: T): void {
    thread.longestWait = Math.max(thread.longestWait, this.#visits - thread.waitsFrom);
    this.longestWait = Math.max(this.longestWait, thread.longestWait);
    this.#visits += 1;
    thread.waitsFrom = this.#visits;
  }

  /** After a visit, with work left: to the tail, whatever waiting had raised it to. */
  putBack(thread: T): void {
    this.#enqueue(thread);
  }

  /** After a skip: up by a class; skipped too often, it is first in the next iteration. */
  putBackSkipped(thread: T): void {
    if (thread.skipsInRow >= this.#config.maxSkips) this.#promoted.push(thread);
    else if (!this.#byPriority || thread.isLeaving) this.#enqueue(thread);
    else this.#enter(thread, Math.min(thread.level + 1, TOP));
  }

  /** The thread has nothing left: it keeps no credit for later. */
  drop(thread: T): void {
    thread.list?.remove(thread);
    thread.credit = 0;
  }

  /** The promoted threads come before those that were promoted earlier. `load`: absent when nothing is to be learnt from it. */
  endIteration(load?: IterationLoad): void {
    if (this.#promoted.length > 0) {
      for (let thread = this.#first.shift(); thread !== undefined; thread = this.#first.shift())
        this.#promoted.push(thread);
      [this.#first, this.#promoted] = [this.#promoted, this.#first];
    }
    if (load !== undefined) this.#sizes?.observe(load);
  }

  /** Other rules from here on, between two iterations. Everybody keeps its place as far as the new policy has it. */
  configure(config: SchedulingConfig): void {
    const before = this.#config;
    this.#config = config;
    if (config.policy !== 'adaptive') this.#sizes = undefined;
    else if (this.#sizes === undefined || sizesDiffer(before, config)) this.#sizes = new AdaptiveSizes(config);
    if (config.policy === before.policy) return;
    for (const thread of [...this.waiting()]) {
      thread.list!.remove(thread);
      this.#enqueue(thread);
    }
  }

  /** Everybody who is in a line, between two iterations: the lines from the first to the last, each from its head. */
  *waiting(): Generator<T> {
    for (const line of [this.#first, this.#finals, ...this.#levels.toReversed()])
      for (let thread = line.head; thread !== undefined; thread = thread.after) yield thread;
  }

  /** To the tail of the thread's own line. */
  #enqueue(thread: T): void {
    if (this.#byPriority && thread.isLeaving) this.#finals.push(thread);
    else this.#enter(thread, this.#byPriority ? thread.priority : 0);
  }

  #enter(thread: T, level: number): void {
    thread.level = level;
    thread.due = this.iteration + this.#config.ageAfter;
    this.#levels[level]!.push(thread);
  }
}

const SIZES = [
  'quantum',
  'quantumMin',
  'quantumMax',
  'batchMin',
  'batchMax',
  'targetIterationNs',
  'targetWriteNs',
] as const;

const sizesDiffer = (a: SchedulingConfig, b: SchedulingConfig): boolean => SIZES.some((field) => a[field] !== b[field]);
