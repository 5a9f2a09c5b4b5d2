import { PROTOCOL_VERSION, SubjectMessage, type HistoryRecord, type Scenario } from '../../spec/index.js';
import { DEFAULT_LIMITS, HANGS_BEFORE_IMPATIENCE, IMPATIENT_LIMITS, type Limits } from './limits.js';
import { SubjectProcess, type ProcessEnd } from './subject-process.js';

/** What a subject says of itself. */
export interface SubjectInfo {
  readonly name: string;
  readonly version: string;
  readonly capabilities: readonly string[];
}

/** What became of the process instead of an answer. */
export interface Misbehaviour {
  readonly kind: 'crash' | 'hang' | 'exit' | 'garbage' | 'refused';
  /** One sentence: what was seen. */
  readonly message: string;
  /** A code of the error table when the subject gave one. */
  readonly code?: string;
  /** The records that had arrived. */
  readonly history: readonly HistoryRecord[];
}

export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: Misbehaviour };

const OPENS_TRIED = 3;

const excerpt = (text: string): string => JSON.stringify(text.length > 120 ? `${text.slice(0, 120)}...` : text);

/**
 * The host's end of the subject protocol. Whatever the subject does, each call ends in bounded time; after a
 * misbehaviour the process is killed and the next call starts a fresh one.
 */
export class SubjectClient {
  readonly #command: readonly string[];
  readonly #cwd: string;
  readonly #env: Readonly<Record<string, string>>;
  readonly #limits: Limits;
  #process: SubjectProcess | undefined;
  #info: SubjectInfo | undefined;
  #hangs = 0;
  #nextId = 1;
  #failedOpens = 0;
  #neverOpens: Misbehaviour | undefined;

  /** `env` is added to the environment of this process. */
  constructor(
    command: readonly string[],
    options: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>>; readonly limits?: Limits } = {},
  ) {
    this.#command = command;
    this.#cwd = options.cwd ?? process.cwd();
    this.#env = options.env ?? {};
    this.#limits = options.limits ?? DEFAULT_LIMITS;
  }

  get limits(): Limits {
    return this.#hangs >= HANGS_BEFORE_IMPATIENCE ? IMPATIENT_LIMITS : this.#limits;
  }

  /** Starts the subject unless it runs, and shakes hands. */
  async open(): Promise<Answer<SubjectInfo>> {
    if (this.#process !== undefined && this.#process.end === undefined && this.#info !== undefined) {
      return { ok: true, value: this.#info };
    }
    if (this.#neverOpens !== undefined) return { ok: false, fault: this.#neverOpens };
    const subject = new SubjectProcess(this.#command, this.#cwd, this.#env);
    this.#process = subject;
    subject.send({ type: 'hello', protocol: PROTOCOL_VERSION });
    const answer = await this.#receive(subject, performance.now() + this.limits.openMs, this.limits.openMs, []);
    if (!answer.ok) return this.#notOpened(subject, answer.fault);
    const message = answer.value;
    if (message.type === 'ready') {
      this.#failedOpens = 0;
      this.#info = { name: message.name, version: message.version, capabilities: message.capabilities };
      return { ok: true, value: this.#info };
    }
    if (message.type === 'failed') {
      return this.#notOpened(subject, { kind: 'refused', message: message.message, code: message.code, history: [] });
    }
    return this.#notOpened(subject, {
      kind: 'garbage',
      message: `it answered hello with '${message.type}' instead of 'ready'`,
      history: [],
    });
  }

  /** Runs one scenario. */
  async run(scenario: Scenario): Promise<Answer<readonly HistoryRecord[]>> {
    const opened = await this.open();
    if (!opened.ok) return opened;
    const subject = this.#process!;
    const id = this.#nextId;
    this.#nextId += 1;
    const limit = scenario.mode === 'free' ? this.limits.freeMs : this.limits.steppedMs;
    const deadline = performance.now() + limit;
    const history: HistoryRecord[] = [];
    subject.send({ type: 'run', id, scenario });
    for (;;) {
      const answer = await this.#receive(subject, deadline, limit, history);
      if (!answer.ok) return this.#failed(subject, answer.fault);
      const message = answer.value;
      if (message.type === 'ready' || message.id !== id) {
        const message_ = `it sent '${message.type}' that answers nothing (the run under way has id ${id})`;
        return this.#failed(subject, { kind: 'garbage', message: message_, history });
      }
      if (message.type === 'history') history.push(...message.records);
      else if (message.type === 'done') return { ok: true, value: history };
      else return { ok: false, fault: { kind: 'refused', message: message.message, code: message.code, history } };
    }
  }

  /** Says bye, and kills what does not leave. */
  async close(): Promise<void> {
    const subject = this.#process;
    this.#process = undefined;
    if (subject === undefined || subject.end !== undefined) return;
    subject.send({ type: 'bye' });
    subject.closeInput();
    const timer = setTimeout(() => subject.kill(), this.limits.closeMs);
    await subject.ended;
    clearTimeout(timer);
  }

  async #receive(
    subject: SubjectProcess,
    deadline: number,
    limitMs: number,
    history: readonly HistoryRecord[],
  ): Promise<Answer<SubjectMessage>> {
    const line = await subject.line(deadline);
    if (line === undefined) {
      if (subject.end !== undefined)
        return { ok: false, fault: { ...describeEnd(subject.end, subject.stderr), history } };
      this.#hangs += 1;
      return {
        ok: false,
        fault: { kind: 'hang', message: `it gave no answer within ${limitMs / 1000} s and was killed`, history },
      };
    }
    const parsed = parseMessage(line);
    if (parsed === undefined) {
      const message = `it wrote ${excerpt(line)} to stdout, which is no message of protocol ${PROTOCOL_VERSION}; stdout carries the protocol only`;
      return { ok: false, fault: { kind: 'garbage', message, history } };
    }
    return { ok: true, value: parsed };
  }

  /** A drain that cannot be loaded is not tried for ever: that would cost a process, or a time-out, for every check. */
  async #notOpened(subject: SubjectProcess, fault: Misbehaviour): Promise<{ ok: false; fault: Misbehaviour }> {
    this.#failedOpens += 1;
    if (this.#failedOpens >= OPENS_TRIED) this.#neverOpens = fault;
    return this.#failed(subject, fault);
  }

  async #failed(subject: SubjectProcess, fault: Misbehaviour): Promise<{ ok: false; fault: Misbehaviour }> {
    subject.kill();
    await subject.ended;
    this.#process = undefined;
    return { ok: false, fault };
  }
}

function parseMessage(line: string): SubjectMessage | undefined {
  try {
    const result = SubjectMessage.safeParse(JSON.parse(line));
    return result.success ? result.data : undefined;
  } catch {
    return undefined;
  }
}

function describeEnd(end: ProcessEnd, stderr: string): Pick<Misbehaviour, 'kind' | 'message'> {
  const tail = stderr.trim().split('\n').slice(-3).join(' | ');
  const said = tail === '' ? '' : `; stderr ends with ${excerpt(tail)}`;
  if (end.signal !== null) return { kind: 'crash', message: `its process was ended by ${end.signal}${said}` };
  return { kind: 'exit', message: `its process exited with code ${end.code} in the middle of a scenario${said}` };
}
