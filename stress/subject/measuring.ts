/** One measurement: a drain's thread, its producers, and the process's main thread, which only looks on. */
import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicNs } from '../../conformance/subject/produce.js';
import { poolFor, type PooledWorker } from '../../conformance/subject/worker-pool.js';
import { DrainError } from '../../spec/errors.js';
import type {
  StressAnswer,
  StressLedger,
  StressLoad,
  StressResult,
  StressSoFar,
  StressWindow,
} from '../../spec/stress.js';
import { Board, COUNT, GATE, membersOf } from './board.js';
import { NativeCrew, WorkerCrew, type Crew } from './crew.js';
import type { DrainJob } from './drain-loop.js';
import type { DrainNews } from './drain-worker.js';
import { ledgerOf } from './ledger.js';
import { collect, isLong } from './memory.js';
import { isNativeLoad } from './native-load.js';

const DRAIN = new URL('./drain-worker.js', import.meta.url);

const LOOK_MS = 10;
const PROGRESS_MS = 500;
/** Making a drain may take this long, ms. */
const START_MS = 120_000;
/** Beyond the load's own time: for what is left, and for stop(), ms. */
const GRACE_MS = 40_000;

export interface Host {
  readonly modulePath: string;
  readonly capabilities: readonly string[];
  /** A module whose native producers can write the arena of any drain that has one. */
  readonly nativePath: string;
}

export class Measuring {
  readonly #host: Host;
  readonly #id: number;
  readonly #load: StressLoad;
  readonly #send: (answer: StressAnswer) => void;
  readonly #board: Board;
  readonly #drain: PooledWorker;
  readonly #windows: StressWindow[] = [];
  #told: StressWindow[] = [];
  #ledger: StressLedger | undefined;
  #soFar: StressSoFar | undefined;
  #deliveredThen = 0;
  #crew!: Crew;

  constructor(host: Host, id: number, load: StressLoad, send: (answer: StressAnswer) => void) {
    this.#host = host;
    this.#id = id;
    this.#load = load;
    this.#send = send;
    const last = membersOf(load).at(-1)!;
    this.#board = Board.make(last.firstId + last.ids);
    this.#drain = poolFor(DRAIN, host.modulePath).take();
  }

  /** Ends it early; it answers with what there is. */
  halt(): void {
    Atomics.store(this.#board.gate, GATE.halt, 1);
  }

  /** @throws DrainError what the drain's module threw before anything was measured */
  async run(): Promise<StressResult> {
    const job: DrainJob = { load: this.#load, board: this.#board.shared };
    this.#drain.post(job);
    this.#crew = this.#crewOf(await this.#ready());
    await this.#crew.start();
    this.#board.begin[0] = monotonicNs();
    // Pairs with the loads of all threads at the gate: publishes the beginning.
    Atomics.store(this.#board.gate, GATE.go, 1);
    Atomics.notify(this.#board.gate, GATE.go);
    this.#crew.begin();
    const result = await this.#untilEnded();
    const problems = [...result.problems, ...this.#crew.problems];
    return { ...result, complete: result.complete && problems.length === 0, problems };
  }

  /** Native threads play what they can: the drain's own where it has some, ours on an arena. */
  #crewOf({ shared, arena }: Extract<DrainNews, { type: 'ready' }>): Crew {
    const { modulePath, nativePath, capabilities } = this.#host;
    if (this.#load.producers === 'workers') return new WorkerCrew(modulePath, this.#load, this.#board, shared);
    if (!isNativeLoad(this.#load))
      throw new DrainError('INVALID_ARGUMENT', 'native producers play closed loops of so many events, or open loops');
    const closed = this.#load.groups[0]!.arrivals.kind === 'closed';
    if (closed && capabilities.includes('producer-threads'))
      return new NativeCrew(modulePath, this.#load, this.#board, shared);
    if (arena === undefined) throw new DrainError('INVALID_ARGUMENT', 'native producers need a drain with an arena');
    return new NativeCrew(nativePath, this.#load, this.#board, arena);
  }

  async #ready(): Promise<Extract<DrainNews, { type: 'ready' }>> {
    const deadline = performance.now() + START_MS;
    while (performance.now() < deadline && !this.#drain.gone) {
      const news = this.#drain.receive() as DrainNews | undefined;
      if (news?.type === 'ready') return news;
      if (news?.type === 'failed') throw new DrainError(news.code as never, news.message);
      await sleep(1);
    }
    throw new Error(`the drain's thread did not begin: ${this.#drain.error ?? 'no answer'}`);
  }

  async #untilEnded(): Promise<StressResult> {
    const { warmupMs, durationMs } = this.#load;
    const begin = performance.now();
    const deadline = begin + warmupMs + durationMs + GRACE_MS;
    let toldAt = begin;
    for (;;) {
      this.#crew.look();
      if (this.#crew.running === 0) Atomics.store(this.#board.gate, GATE.done, 1);
      const ended = this.#hear(begin);
      if (ended !== undefined) return ended;
      const now = performance.now();
      if (now > deadline) return this.#brokenOff('the drain did not come to an end', begin);
      if (now - toldAt >= PROGRESS_MS) {
        this.#tell(now - begin, now - toldAt);
        toldAt = now;
      }
      await sleep(LOOK_MS);
    }
  }

  /** @returns the result, if the drain's thread has come to one or is lost */
  #hear(begin: number): StressResult | undefined {
    for (;;) {
      const news = this.#drain.receive() as DrainNews | undefined;
      if (news === undefined) break;
      if (news.type === 'failed') return this.#brokenOff(`the drain threw: ${news.message}`, begin);
      if (news.type === 'ended') {
        poolFor(DRAIN, this.#host.modulePath).give(this.#drain);
        return news.result;
      }
      if (news.type === 'window') this.#keep(news);
    }
    if (!this.#drain.gone) return undefined;
    return this.#brokenOff(`the drain's thread died: ${this.#drain.error ?? 'no error'}`, begin);
  }

  #keep({ window, ledger, soFar }: Extract<DrainNews, { type: 'window' }>): void {
    if (isLong(this.#load)) collect();
    this.#windows.push(window);
    this.#told.push(window);
    this.#ledger = ledger;
    this.#soFar = soFar;
  }

  #tell(elapsedMs: number, sinceMs: number): void {
    const delivered = this.#board.sum(COUNT.delivered);
    this.#send({
      type: 'progress',
      id: this.#id,
      elapsedMs,
      delivered,
      eventsPerSecond: Math.max(0, ((delivered - this.#deliveredThen) / sinceMs) * 1000),
      threads: this.#crew.running,
      windows: this.#told,
      ...(this.#ledger && { ledger: this.#ledger }),
      ...(this.#soFar && { soFar: this.#soFar }),
    });
    this.#deliveredThen = delivered;
    this.#told = [];
  }

  /** What there is when the drain's thread is lost: nothing that it still holds can come. */
  #brokenOff(why: string, begin: number): StressResult {
    this.halt();
    this.#drain.terminate();
    this.#crew.close();
    const wallMs = performance.now() - begin;
    const ledger = ledgerOf(this.#board, { duplicated: 0, wrong: 0 }, { whole: true });
    return {
      complete: false,
      wallMs,
      threads: membersOf(this.#load).length,
      lives: this.#board.sum(COUNT.lives),
      ledger,
      eventsPerSecond: wallMs > 0 ? (ledger.delivered / wallMs) * 1000 : 0,
      recoveriesMs: [],
      windows: this.#windows,
      problems: [why],
    };
  }
}
