/** Who emits in a stress run. */
import { setTimeout as sleep } from 'node:timers/promises';
import { loadModule } from '../../conformance/subject/load-module.js';
import { poolFor, type PooledWorker, type WorkerPool } from '../../conformance/subject/worker-pool.js';
import type { DrainModule, ProducerThreads } from '../../spec/contract.js';
import type { StressLoad } from '../../spec/stress.js';
import { GATE, membersOf, type Board, type Member } from './board.js';
import { bookLives, nativePrograms } from './native-load.js';
import type { ProducerJob, ProducerNews } from './producer-worker.js';

const PRODUCER = new URL('./producer-worker.js', import.meta.url);
/** Starting dozens of threads may take this long, ms. */
const START_MS = 120_000;
/** A thread that died sends no mail. */
const LOOKS_FOR_THE_DEAD = 50;
/** More problems than this say nothing new. */
const MOST_PROBLEMS = 20;

export interface Crew {
  readonly problems: readonly string[];
  /** Threads that have not ended. */
  readonly running: number;
  /** Returns when all stand ready. */
  start(): Promise<void>;
  /** The load has begun. */
  begin(): void;
  /** To be called often: sees who has ended. */
  look(): void;
  /** Ends those that run. */
  close(): void;
}

/** Worker threads in JavaScript, each with the drain's module. */
export class WorkerCrew implements Crew {
  readonly problems: string[] = [];
  readonly #workers = new Set<PooledWorker>();
  readonly #pool: WorkerPool;
  readonly #jobs: readonly ProducerJob[];
  readonly #board: Board;
  #mailSeen = -1;
  #looks = 0;

  constructor(modulePath: string, load: StressLoad, board: Board, shared: unknown) {
    this.#pool = poolFor(PRODUCER, modulePath);
    this.#board = board;
    this.#jobs = membersOf(load).map((member) => ({ shared, load, member, board: board.shared }));
  }

  get running(): number {
    return this.#workers.size;
  }

  async start(): Promise<void> {
    for (const job of this.#jobs) {
      const worker = this.#pool.take();
      worker.post(job);
      this.#workers.add(worker);
    }
    const deadline = performance.now() + START_MS;
    const threads = this.#jobs.length;
    while (Atomics.load(this.#board.gate, GATE.ready) < threads && performance.now() < deadline) {
      await sleep(1);
      this.look(); // one whose registry does not open answers without coming to the gate
      if (this.running < threads) return;
    }
  }

  begin(): void {
    // the gate is all that they wait for
  }

  look(): void {
    // to ask dozens of ports costs: only when there is mail
    const mail = Atomics.load(this.#pool.mail, 0);
    if (mail === this.#mailSeen && this.#looks++ % LOOKS_FOR_THE_DEAD !== 0) return;
    this.#mailSeen = mail;
    for (const worker of [...this.#workers]) {
      const news = worker.receive() as ProducerNews | undefined;
      if (news === undefined && !worker.gone) continue;
      this.#workers.delete(worker);
      const failed = news === undefined ? `a producer's thread died: ${worker.error ?? 'no error'}` : news.failed;
      if (failed !== undefined && this.problems.length < MOST_PROBLEMS) this.problems.push(failed);
      if (!worker.gone) this.#pool.give(worker);
    }
  }

  close(): void {
    for (const worker of this.#workers) worker.terminate();
  }
}

/** Native threads: the drain's own, or ours on its arena. */
export class NativeCrew implements Crew {
  readonly problems: string[] = [];
  readonly #module: Promise<DrainModule>;
  readonly #load: StressLoad;
  readonly #members: readonly Member[];
  readonly #board: Board;
  readonly #shared: unknown;
  #start: DrainModule['startProducers'];
  #group: ProducerThreads | undefined;
  #ended = false;

  constructor(modulePath: string, load: StressLoad, board: Board, shared: unknown) {
    this.#module = loadModule(modulePath);
    this.#load = load;
    this.#members = membersOf(load);
    this.#board = board;
    this.#shared = shared;
  }

  get running(): number {
    return this.#ended ? 0 : this.#members.length;
  }

  async start(): Promise<void> {
    this.#start = (await this.#module).startProducers;
  }

  begin(): void {
    this.#group = this.#start!(this.#shared, nativePrograms(this.#load, this.#members, this.#board.begin[0]!));
  }

  look(): void {
    if (this.#ended) return;
    if (this.#board.halted) this.#group!.halt?.();
    const lives = this.#group!.poll();
    if (lives === null) return;
    this.#ended = true;
    this.problems.push(...bookLives(this.#board, lives).slice(0, MOST_PROBLEMS));
    this.close();
  }

  close(): void {
    this.#group?.close();
    this.#group = undefined;
  }
}
