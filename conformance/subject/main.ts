/**
 * A subject: hosts one drain module and speaks the subject protocol (spec/protocol.ts) on stdio.
 *
 *     node dist/conformance/subject/main.js MODULE [--workers REFERENCE-MODULE] [--native NATIVE-MODULE]
 */
import { Console } from 'node:console';
import { parseArgs } from 'node:util';
import { createInterface } from 'node:readline';
import { Session } from './session.js';
import { watchHost } from './watchdog.js';
import { sendMessage } from './wire.js';

const USAGE = 'usage: main.js MODULE [--workers REFERENCE-MODULE] [--native NATIVE-MODULE]\n';

/** stdout belongs to the protocol: what a loaded module logs goes to stderr. */
function redirectConsole(): void {
  const redirected = new Console(process.stderr, process.stderr);
  for (const name of ['log', 'info', 'debug', 'dir', 'table', 'group'] as const)
    globalThis.console[name] = redirected[name].bind(redirected);
}

const { values, positionals } = parseArgs({
  options: { workers: { type: 'string' }, native: { type: 'string' } },
  allowPositionals: true,
});
const path = positionals[0];
if (path === undefined) {
  process.stderr.write(USAGE);
  process.exit(2);
}
redirectConsole();
watchHost();
const session = new Session(path, values, sendMessage);
for await (const line of createInterface({ input: process.stdin })) {
  if (line.trim() !== '' && !(await session.answer(line))) break;
}
process.exit(0);
