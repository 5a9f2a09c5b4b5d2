import {
  HostMessage,
  PROTOCOL_VERSION,
  type DrainModule,
  type Scenario,
  type SubjectMessage,
} from '../../spec/index.js';
import { codeOf, messageOf } from './attempt.js';
import { runFree } from './free-host.js';
import { loadModule } from './load-module.js';
import { ScenarioError } from './scenario-error.js';
import type { Helpers } from './start-producers.js';
import { runStepped } from './stepped-host.js';
import { HistoryWriter } from './wire.js';

/** Codes of `failed` that are no codes of the error table. */
const FAULT = { protocol: 'PROTOCOL', scenario: 'SCENARIO', host: 'HOST' } as const;

/** One conversation with a host. */
export class Session {
  readonly #path: string;
  readonly #helpers: Helpers;
  readonly #send: (message: SubjectMessage) => void;
  #module: DrainModule | undefined;

  constructor(path: string, helpers: Helpers, send: (message: SubjectMessage) => void) {
    this.#path = path;
    this.#helpers = helpers;
    this.#send = send;
  }

  /** Answers one line. @returns false after `bye` */
  async answer(line: string): Promise<boolean> {
    const message = this.#read(line);
    switch (message?.type) {
      case 'hello':
        await this.#hello(message.protocol);
        break;
      case 'run':
        await this.#run(message.id, message.scenario);
        break;
      case 'bye':
        return false;
    }
    return true;
  }

  #fail(id: number, code: string, message: string): void {
    this.#send({ type: 'failed', id, code, message });
  }

  /** The message, or undefined after an answer that says what is wrong with it. */
  #read(line: string): HostMessage | undefined {
    let given: unknown;
    try {
      given = JSON.parse(line);
    } catch {
      this.#fail(0, FAULT.protocol, `a line of the host is no JSON: ${line.slice(0, 80)}`);
      return undefined;
    }
    const parsed = HostMessage.safeParse(given);
    if (parsed.success) return parsed.data;
    const { type, id } = (given ?? {}) as { type?: unknown; id?: unknown };
    const issue = parsed.error.issues[0]!;
    this.#fail(
      Number.isSafeInteger(id) ? (id as number) : 0,
      type === 'run' ? FAULT.scenario : FAULT.protocol,
      `a message of the host is none of protocol ${PROTOCOL_VERSION}: ${issue.path.join('.')}: ${issue.message}`,
    );
    return undefined;
  }

  async #hello(protocol: number): Promise<void> {
    if (protocol !== PROTOCOL_VERSION) {
      this.#fail(0, FAULT.protocol, `the host speaks protocol ${protocol}; this subject speaks ${PROTOCOL_VERSION}`);
      return;
    }
    const module = await this.#load(0);
    if (module === undefined) return;
    const { name, version } = module;
    this.#send({ type: 'ready', protocol: PROTOCOL_VERSION, name, version, capabilities: [...module.capabilities] });
  }

  async #load(id: number): Promise<DrainModule | undefined> {
    try {
      this.#module ??= await loadModule(this.#path);
    } catch (error) {
      this.#fail(id, codeOf(error) ?? FAULT.host, messageOf(error));
    }
    return this.#module;
  }

  async #run(id: number, scenario: Scenario): Promise<void> {
    const module = await this.#load(id);
    if (module === undefined) return;
    const hosted = { module, path: this.#path };
    const writer = new HistoryWriter(id, this.#send);
    try {
      if (scenario.mode === 'stepped') runStepped(hosted, scenario, writer.append);
      else await runFree(hosted, this.#helpers, scenario, writer.append);
    } catch (error) {
      writer.flush();
      this.#fail(id, error instanceof ScenarioError ? FAULT.scenario : (codeOf(error) ?? FAULT.host), messageOf(error));
      return;
    }
    writer.flush();
    this.#send({ type: 'done', id });
  }
}
