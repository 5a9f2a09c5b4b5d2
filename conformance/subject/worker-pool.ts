import { MessageChannel, Worker, receiveMessageOnPort, type MessagePort } from 'node:worker_threads';

/** Words of the shared control cell. */
export const CONTROL = { asked: 0, words: 1 } as const;

/** What a pooled worker starts with. */
export interface WorkerStart {
  readonly modulePath: string;
  readonly port: MessagePort;
  /** Counts messages to this worker. */
  readonly control: Int32Array;
  /** Counts messages from all workers of the pool. */
  readonly mail: Int32Array;
}

/** Thrown when a worker gives no answer in time. */
export class WorkerSilent extends Error {
  override readonly name = 'WorkerSilent';
}

/** A worker that waits for messages; both sides can wait synchronously, so it can be asked from inside a callback. */
export class PooledWorker {
  readonly ended: Promise<void>;
  readonly #worker: Worker;
  readonly #port: MessagePort;
  readonly #control = new Int32Array(new SharedArrayBuffer(4 * CONTROL.words));
  readonly #mail: Int32Array;
  #error: string | undefined;
  #gone = false;

  constructor(entry: URL, modulePath: string, mail: Int32Array) {
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    this.#mail = mail;
    const workerData: WorkerStart = { modulePath, port: port2, control: this.#control, mail };
    this.#worker = new Worker(entry, { workerData, transferList: [port2], stdout: true });
    this.#worker.stdout.on('data', (chunk: Buffer) => process.stderr.write(chunk));
    this.#worker.on('error', (error) => (this.#error = error.message));
    this.ended = new Promise((resolve) => {
      this.#worker.on('exit', () => {
        this.#gone = true;
        resolve();
      });
    });
    this.#worker.unref();
  }

  /** True once it will never answer again. */
  get gone(): boolean {
    return this.#gone;
  }

  /** Why it ended by itself, if it did. */
  get error(): string | undefined {
    return this.#error;
  }

  post(message: unknown): void {
    this.#port.postMessage(message);
    Atomics.add(this.#control, CONTROL.asked, 1);
    Atomics.notify(this.#control, CONTROL.asked);
  }

  /** The next message that has arrived, if any. */
  receive(): unknown {
    return receiveMessageOnPort(this.#port)?.message;
  }

  /** Asks and waits for the answer. @throws WorkerSilent after `timeoutMs` */
  request(message: unknown, timeoutMs: number): unknown {
    this.post(message);
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const seen = Atomics.load(this.#mail, 0);
      const answer = this.receive();
      if (answer !== undefined) return answer;
      const left = deadline - performance.now();
      if (left <= 0) throw new WorkerSilent(`the thread gave no answer within ${timeoutMs / 1000} s`);
      Atomics.wait(this.#mail, 0, seen, left);
    }
  }

  /** Ends the thread, wherever it is. Its code does not run on; `ended` tells when the thread is gone. */
  terminate(): void {
    void this.#worker.terminate();
  }
}

/** Workers of one kind for one module; kept, because starting one costs tens of milliseconds. */
export class WorkerPool {
  /** Counts messages from the workers; wait on it or compare it to know of news. */
  readonly mail = new Int32Array(new SharedArrayBuffer(4));
  readonly #entry: URL;
  readonly #modulePath: string;
  #idle: PooledWorker[] = [];

  constructor(entry: URL, modulePath: string) {
    this.#entry = entry;
    this.#modulePath = modulePath;
  }

  take(): PooledWorker {
    this.#idle = this.#idle.filter((worker) => !worker.gone);
    return this.#idle.pop() ?? new PooledWorker(this.#entry, this.#modulePath, this.mail);
  }

  /** Gives back a worker that waits for its next message. */
  give(worker: PooledWorker): void {
    this.#idle.push(worker);
  }
}

const pools = new Map<string, WorkerPool>();

/** The pool of this process for a worker program and a module. */
export function poolFor(entry: URL, modulePath: string): WorkerPool {
  const key = `${entry.href} ${modulePath}`;
  let pool = pools.get(key);
  if (pool === undefined) {
    pool = new WorkerPool(entry, modulePath);
    pools.set(key, pool);
  }
  return pool;
}
