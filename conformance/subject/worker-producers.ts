import { setImmediate as yieldToEvents, setTimeout as sleep } from 'node:timers/promises';
import type { ThreadProgram } from '../../spec/index.js';
import { mix32 } from '../../spec/index.js';
import { LifeProgress } from './life-progress.js';
import { GATE, monotonicNs } from './produce.js';
import type { ProducerJob, ProducerNews } from './producer-worker.js';
import { HALT_MS, type EndedLife, type Producers } from './producers.js';
import { poolFor, type PooledWorker, type WorkerPool } from './worker-pool.js';

const ENTRY = new URL('./producer-worker.js', import.meta.url);
/** Longest wait for all threads to stand at the gate, ms. */
const GATHER_MS = 60_000;

interface Running {
  readonly program: ThreadProgram;
  readonly worker: PooledWorker;
  /** The only life of this job, with the ending `terminate`. */
  readonly life: number;
  readonly progress: LifeProgress | undefined;
  /** Events after which it is terminated. */
  readonly threshold: number;
  terminated: boolean;
}

/** Worker threads, each running one program. */
export class WorkerProducers implements Producers {
  readonly failures: string[] = [];
  readonly #pool: WorkerPool;
  readonly #share: () => unknown;
  readonly #detailRecordBytes: number;
  readonly #gate = new Int32Array(new SharedArrayBuffer(4 * GATE.words));
  readonly #running = new Set<Running>();
  readonly #ended: EndedLife[] = [];
  #mailSeen = -1;

  private constructor(modulePath: string, share: () => unknown, detailRecordBytes: number) {
    this.#pool = poolFor(ENTRY, modulePath);
    this.#share = share;
    this.#detailRecordBytes = detailRecordBytes;
  }

  /** Starts all programs together. `share` gives what each thread opens its registry from. */
  static async start(
    modulePath: string,
    programs: readonly ThreadProgram[],
    share: () => unknown,
    detailRecordBytes: number,
  ): Promise<WorkerProducers> {
    const producers = new WorkerProducers(modulePath, share, detailRecordBytes);
    for (const program of programs) producers.#startLife(program, 0);
    await producers.#openGate(programs.length);
    return producers;
  }

  get running(): boolean {
    return this.#running.size > 0;
  }

  async poll(): Promise<readonly EndedLife[]> {
    const mail = Atomics.load(this.#pool.mail, 0);
    if (mail !== this.#mailSeen) {
      this.#mailSeen = mail;
      for (const running of [...this.#running]) if (!running.terminated) this.#hear(running);
    }
    for (const running of [...this.#running]) {
      if (running.worker.gone) this.#gone(running);
      else if (!running.terminated && isDue(running)) {
        running.terminated = true;
        running.worker.terminate();
      }
    }
    // The end of a thread is an event: let the loop turn.
    if (this.#terminating) await yieldToEvents();
    return this.#ended.splice(0);
  }

  async halt(): Promise<readonly EndedLife[]> {
    Atomics.store(this.#gate, GATE.halt, 1);
    const lives: EndedLife[] = [];
    const deadline = performance.now() + HALT_MS;
    while (this.running && performance.now() < deadline) {
      lives.push(...(await this.poll()));
      await sleep(1);
    }
    for (const { worker, program } of this.#running) {
      worker.terminate();
      await worker.ended;
      this.failures.push(`the thread of program ${program.threadId} did not end when told to`);
    }
    this.#running.clear();
    return lives;
  }

  close(): void {
    // the workers are back in their pool
  }

  #startLife(program: ThreadProgram, life: number): void {
    const terminates = program.ending === 'terminate';
    const progress = terminates ? new LifeProgress(program.events) : undefined;
    const worker = this.#pool.take();
    const third = Math.floor(program.events / 3);
    const threshold = third + (mix32(program.threadId + life) % (third + 1));
    const running: Running = { program, worker, life, progress, threshold, terminated: false };
    this.#running.add(running);
    const job: ProducerJob = {
      shared: this.#share(),
      program,
      detailRecordBytes: this.#detailRecordBytes,
      firstLife: life,
      lives: terminates ? 1 : program.lives,
      gate: this.#gate,
      ...(progress === undefined ? {} : { progress: progress.buffer }),
    };
    worker.post(job);
  }

  async #openGate(threads: number): Promise<void> {
    const deadline = performance.now() + GATHER_MS;
    while (Atomics.load(this.#gate, GATE.ready) < threads && performance.now() < deadline) {
      await sleep(1);
      if ([...this.#running].some(({ worker }) => worker.gone)) break;
      // A worker whose module cannot be loaded answers without coming to the gate.
      for (const running of [...this.#running]) this.#hear(running);
      if (this.#running.size === 0) break;
    }
    Atomics.store(this.#gate, GATE.go, 1);
    Atomics.notify(this.#gate, GATE.go);
  }

  /** Takes what a worker has sent. */
  #hear(running: Running): void {
    for (let news = running.worker.receive(); news !== undefined; news = running.worker.receive()) {
      const told = news as ProducerNews;
      if (told.type === 'life') {
        this.#ended.push(told.lived);
        continue;
      }
      if (told.failed !== undefined) this.failures.push(told.failed);
      this.#running.delete(running);
      this.#pool.give(running.worker);
      return;
    }
  }

  get #terminating(): boolean {
    for (const { terminated } of this.#running) if (terminated) return true;
    return false;
  }

  /** A worker that has ended: because it was terminated, or by itself. */
  #gone(running: Running): void {
    const { program, life, progress, worker, terminated } = running;
    this.#running.delete(running);
    if (!terminated) {
      this.failures.push(`the thread of program ${program.threadId} ended by itself: ${worker.error ?? 'no error'}`);
      return;
    }
    const threadId = program.threadId + life * program.threadIdStep;
    this.#ended.push(progress!.rebuild(program, threadId, monotonicNs()));
    if (life + 1 < program.lives) this.#startLife(program, life + 1);
  }
}

const isDue = ({ progress, threshold }: Running): boolean =>
  progress !== undefined && progress.registered && progress.done >= threshold;
