/** The host's end of a stress subject: one process for a drain, one measurement at a time. */
import { SubjectProcess } from '../conformance/client/subject-process.js';
import { PROTOCOL_VERSION, SubjectMessage } from '../spec/protocol.js';
import { StressAnswer, type StressLoad, type StressProgress, type StressResult } from '../spec/stress.js';

/** Why there is no measurement. `refused`: it said so itself; the others: what became of its process. */
export interface StressFault {
  readonly kind: 'refused' | 'exit' | 'hang' | 'garbage';
  readonly code?: string;
  readonly message: string;
}

export type Asked<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: StressFault };

export interface StressInfo {
  readonly name: string;
  readonly version: string;
  readonly capabilities: readonly string[];
}

const OPEN_MS = 20_000;
/** A subject that says nothing for so long hangs: it tells its progress every 2 s; starting threads takes its time. */
const SILENT_MS = 150_000;
/** After a halt the rest is delivered. */
const HALT_MS = 60_000;
const CLOSE_MS = 2000;

export class StressClient {
  readonly #command: readonly string[];
  #process: SubjectProcess | undefined;
  #info: StressInfo | undefined;
  #nextId = 1;

  constructor(command: readonly string[]) {
    this.#command = command;
  }

  /** Starts the subject unless it runs, and shakes hands. */
  async open(): Promise<Asked<StressInfo>> {
    if (this.#process !== undefined && this.#process.end === undefined && this.#info !== undefined)
      return { ok: true, value: this.#info };
    const subject = new SubjectProcess(this.#command, process.cwd());
    this.#process = subject;
    subject.send({ type: 'hello', protocol: PROTOCOL_VERSION });
    const answer = await this.#line(subject, OPEN_MS, (given) => {
      const parsed = SubjectMessage.safeParse(given);
      return parsed.success ? parsed.data : undefined;
    });
    if (!answer.ok) return answer;
    const message = answer.value;
    if (message.type === 'failed') return this.#lost('refused', message.message, message.code);
    if (message.type !== 'ready') return this.#lost('garbage', `it answered hello with '${message.type}'`);
    const { name, version, capabilities } = message;
    this.#info = { name, version, capabilities };
    return { ok: true, value: this.#info };
  }

  /** Measures one load. `signal` ends it early: it then answers with what there is. */
  async measure(
    load: StressLoad,
    progress: (told: StressProgress) => void,
    signal?: AbortSignal,
  ): Promise<Asked<StressResult>> {
    const opened = await this.open();
    if (!opened.ok) return opened;
    const subject = this.#process!;
    const id = this.#nextId;
    this.#nextId += 1;
    subject.send({ type: 'measure', id, load });
    const halt = (): void => subject.send({ type: 'halt', id });
    signal?.addEventListener('abort', halt, { once: true });
    try {
      for (;;) {
        const answer = await this.#line(subject, signal?.aborted === true ? HALT_MS : SILENT_MS, readAnswer);
        if (!answer.ok) return answer;
        const message = answer.value;
        if (message.type === 'failed') return { ok: false, fault: { kind: 'refused', ...message } };
        if (message.id !== id) return await this.#lost('garbage', `it answered ${message.id}, which was not asked`);
        if (message.type === 'measured') return { ok: true, value: message.result };
        progress(message);
      }
    } finally {
      signal?.removeEventListener('abort', halt);
    }
  }

  /** Says bye, and kills what does not leave. */
  async close(): Promise<void> {
    const subject = this.#process;
    this.#process = undefined;
    if (subject === undefined || subject.end !== undefined) return;
    subject.send({ type: 'bye' });
    subject.closeInput();
    const timer = setTimeout(() => subject.kill(), CLOSE_MS);
    await subject.ended;
    clearTimeout(timer);
  }

  async #line<T>(subject: SubjectProcess, limitMs: number, read: (given: unknown) => T | undefined): Promise<Asked<T>> {
    const line = await subject.line(performance.now() + limitMs);
    if (line === undefined) {
      if (subject.end === undefined)
        return this.#lost('hang', `it said nothing for ${limitMs / 1000} s and was killed`);
      const { code, signal } = subject.end;
      const tail = subject.stderr.trim().split('\n').slice(-3).join(' | ');
      return this.#lost(
        'exit',
        `its process ended by ${signal ?? `exit code ${code}`}${tail === '' ? '' : `: ${tail}`}`,
      );
    }
    let value: T | undefined;
    try {
      value = read(JSON.parse(line));
    } catch {
      value = undefined;
    }
    if (value !== undefined) return { ok: true, value };
    return this.#lost(
      'garbage',
      `it wrote ${JSON.stringify(line.slice(0, 120))}, which is no answer of spec/stress.ts`,
    );
  }

  async #lost(kind: StressFault['kind'], message: string, code?: string): Promise<{ ok: false; fault: StressFault }> {
    const subject = this.#process;
    this.#process = undefined;
    this.#info = undefined;
    subject?.kill();
    await subject?.ended;
    return { ok: false, fault: { kind, message, ...(code !== undefined && { code }) } };
  }
}

type Answer =
  StressAnswer | { readonly type: 'failed'; readonly id: number; readonly code: string; readonly message: string };

function readAnswer(given: unknown): Answer | undefined {
  const answer = StressAnswer.safeParse(given);
  if (answer.success) return answer.data;
  const other = SubjectMessage.safeParse(given);
  return other.success && other.data.type === 'failed' ? other.data : undefined;
}
