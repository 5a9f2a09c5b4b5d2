/**
 * A subject for stress: hosts one drain module and answers `measure` (spec/stress.ts) beside `hello` and `bye`.
 *
 *     node dist/stress/subject/main.js MODULE --native NATIVE-MODULE
 */
import { Console } from 'node:console';
import { parseArgs } from 'node:util';
import { createInterface } from 'node:readline';
import { codeOf, messageOf } from '../../conformance/subject/attempt.js';
import { loadModule } from '../../conformance/subject/load-module.js';
import { watchHost } from '../../conformance/subject/watchdog.js';
import { PROTOCOL_VERSION } from '../../spec/protocol.js';
import { StressRequest } from '../../spec/stress.js';
import { Measuring } from './measuring.js';

const { values, positionals } = parseArgs({ options: { native: { type: 'string' } }, allowPositionals: true });
const path = positionals[0];
const { native } = values;
if (path === undefined || native === undefined) {
  process.stderr.write('usage: main.js MODULE --native NATIVE-MODULE\n');
  process.exit(2);
}
// stdout belongs to the protocol: what a loaded module logs goes to stderr
const redirected = new Console(process.stderr, process.stderr);
for (const name of ['log', 'info', 'debug', 'dir', 'table', 'group'] as const)
  globalThis.console[name] = redirected[name].bind(redirected);
watchHost();

const send = (message: object): void => {
  process.stdout.write(`${JSON.stringify(message)}\n`);
};
const failed = (id: number, code: string, message: string): void => send({ type: 'failed', id, code, message });
let measuring: Measuring | undefined;
let claimed: readonly string[] = [];

async function hello(protocol: unknown): Promise<void> {
  if (protocol !== PROTOCOL_VERSION)
    return failed(0, 'PROTOCOL', `protocol ${String(protocol)} is not spoken here; ${PROTOCOL_VERSION} is`);
  try {
    const { name, version, capabilities } = await loadModule(path!);
    claimed = [...capabilities];
    send({ type: 'ready', protocol: PROTOCOL_VERSION, name, version, capabilities: [...capabilities] });
  } catch (error) {
    failed(0, codeOf(error) ?? 'HOST', messageOf(error));
  }
}

async function measure(one: Measuring, id: number): Promise<void> {
  try {
    send({ type: 'measured', id, result: await one.run() });
  } catch (error) {
    failed(id, codeOf(error) ?? 'HOST', messageOf(error));
  } finally {
    measuring = undefined;
  }
}

function answer(line: string): void {
  let given: { type?: unknown; protocol?: unknown };
  try {
    given = JSON.parse(line) as typeof given;
  } catch {
    return failed(0, 'PROTOCOL', `a line of the host is no JSON: ${line.slice(0, 80)}`);
  }
  if (given.type === 'bye') process.exit(0);
  if (given.type === 'hello') return void hello(given.protocol);
  const request = StressRequest.safeParse(given);
  if (!request.success)
    return failed(0, 'PROTOCOL', `no request of spec/stress.ts: ${request.error.issues[0]!.message}`);
  const { data } = request;
  if (data.type === 'halt') return measuring?.halt();
  if (measuring !== undefined) return failed(data.id, 'PROTOCOL', 'one measurement is under way');
  const host = { modulePath: path!, nativePath: native!, capabilities: claimed };
  measuring = new Measuring(host, data.id, data.load, send);
  void measure(measuring, data.id);
}

for await (const line of createInterface({ input: process.stdin })) if (line.trim() !== '') answer(line);
process.exit(0);
