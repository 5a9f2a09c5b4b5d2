import { spawn, type ChildProcess } from 'node:child_process';

/** How a subject's process ended. */
export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

const STDERR_KEPT = 4000;
const LONGEST_LINE = 256 * 1024 * 1024;

const alive = new Set<SubjectProcess>();
process.on('exit', () => {
  for (const subject of alive) subject.kill();
});

/** A child process that speaks in lines. It leads a process group of its own, so that nothing it started outlives it. */
export class SubjectProcess {
  readonly #child: ChildProcess;
  readonly ended: Promise<ProcessEnd>;
  #chunks: Buffer[] = [];
  #lines: string[] = [];
  #waiting: (() => void) | undefined;
  #stderr = '';
  #end: ProcessEnd | undefined;
  #buffered = 0;

  constructor(command: readonly string[], cwd: string, env: Readonly<Record<string, string>> = {}) {
    this.#child = spawn(command[0]!, command.slice(1), {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
    });
    alive.add(this);
    this.ended = new Promise((resolve) => {
      const finish = (end: ProcessEnd): void => {
        if (this.#end !== undefined) return;
        this.#end = end;
        this.#flushTail();
        this.kill();
        alive.delete(this);
        this.#wake();
        resolve(end);
      };
      this.#child.on('close', (code, signal) => finish({ code, signal }));
      this.#child.on('error', (error) => {
        this.#stderr += error.message;
        finish({ code: 127, signal: null });
      });
    });
    this.#child.stdin!.on('error', () => undefined); // EPIPE: the end of the process tells the story
    this.#child.stdout!.on('data', (chunk: Buffer) => this.#take(chunk));
    this.#child.stderr!.on('data', (chunk: Buffer) => {
      this.#stderr = (this.#stderr + chunk.toString()).slice(-STDERR_KEPT);
    });
  }

  /** The last part of what it wrote to stderr. */
  get stderr(): string {
    return this.#stderr;
  }

  get end(): ProcessEnd | undefined {
    return this.#end;
  }

  send(message: unknown): void {
    this.#child.stdin!.write(`${JSON.stringify(message)}\n`);
  }

  /** The next line; undefined when the process has ended or `deadline` (ms of performance.now) has passed. */
  async line(deadline: number): Promise<string | undefined> {
    for (;;) {
      const line = this.#lines.shift();
      if (line !== undefined) return line;
      const left = deadline - performance.now();
      if (this.#end !== undefined || left <= 0) return undefined;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#waiting = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.#waiting = undefined;
    }
  }

  /** Closes its stdin: a well-behaved subject ends. */
  closeInput(): void {
    this.#child.stdin!.end();
  }

  /** SIGKILL to it and to all that it started. */
  kill(): void {
    if (this.#child.pid === undefined) return;
    try {
      process.kill(-this.#child.pid, 'SIGKILL');
    } catch {
      // the group is gone already
    }
  }

  #take(chunk: Buffer): void {
    let from = 0;
    for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, from)) {
      this.#chunks.push(chunk.subarray(from, at));
      this.#lines.push(Buffer.concat(this.#chunks).toString());
      this.#chunks = [];
      this.#buffered = 0;
      from = at + 1;
    }
    if (from < chunk.length) {
      this.#chunks.push(chunk.subarray(from));
      this.#buffered += chunk.length - from;
      if (this.#buffered > LONGEST_LINE) this.#flushTail();
    }
    this.#wake();
  }

  #flushTail(): void {
    if (this.#chunks.length > 0) this.#lines.push(Buffer.concat(this.#chunks).toString());
    this.#chunks = [];
    this.#buffered = 0;
  }

  #wake(): void {
    this.#waiting?.();
  }
}
