import { spawn, spawnSync } from 'node:child_process';
import { openSync, closeSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { SubjectMessage, type HistoryRecord } from '../../spec/index.js';
import { DIST, Modules, REFERENCE } from './testing.js';
import { HistoryWriter, writeFully } from './wire.js';

const modules = new Modules();
afterAll(() => {
  modules.remove();
});

const HELLO = { type: 'hello', protocol: 1 };
const RUN = { type: 'run', id: 4, scenario: { mode: 'stepped', steps: [{ op: 'register', thread: 1 }] } };

function converse(
  args: string[],
  lines: unknown[],
): { messages: SubjectMessage[]; stdout: string; stderr: string; status: number | null } {
  const input = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
  const ended = spawnSync(process.execPath, [join(DIST, 'conformance', 'subject', 'main.js'), ...args], {
    input,
    encoding: 'utf8',
    timeout: 60_000,
    maxBuffer: 1 << 28,
  });
  const parsed = ended.stdout.split('\n').flatMap((line) => {
    try {
      return [SubjectMessage.parse(JSON.parse(line))];
    } catch {
      return [];
    }
  });
  return { messages: parsed, stdout: ended.stdout, stderr: ended.stderr, status: ended.status };
}

describe('the subject', () => {
  it('shakes hands, runs, and leaves at bye', () => {
    const { messages, status } = converse([REFERENCE], [HELLO, '', RUN, RUN, { type: 'bye' }, HELLO]);
    expect(messages.map(({ type }) => type)).toEqual(['ready', 'history', 'done', 'history', 'done']);
    expect(messages[1]).toMatchObject({ id: 4, records: [{ type: 'history' }, {}, {}, { type: 'end' }] });
    expect(status).toBe(0);
  });

  it('runs free scenarios and leaves when its input ends', () => {
    const scenario = { mode: 'free', programs: [{ threadId: 1, events: 100 }], producers: 'workers' };
    const { messages, status } = converse([REFERENCE, '--workers', REFERENCE], [{ type: 'run', id: 1, scenario }]);
    expect(messages.map(({ type }) => type)).toEqual(['history', 'done']);
    expect(status).toBe(0);
  });

  it('says what it cannot understand', () => {
    const { messages } = converse(
      [REFERENCE],
      [
        'what?',
        'null',
        { type: 'hello', protocol: 2 },
        { type: 'run', id: 9, scenario: {} },
        { type: 'sing' },
        { ...RUN, scenario: { mode: 'free', producers: 'native', programs: [{ threadId: 1, events: 1 }] } },
      ],
    );
    expect(messages).toMatchObject([
      { type: 'failed', id: 0, code: 'PROTOCOL' },
      { type: 'failed', id: 0, code: 'PROTOCOL' },
      { type: 'failed', id: 0, code: 'PROTOCOL' },
      { type: 'failed', id: 9, code: 'SCENARIO' },
      { type: 'failed', id: 0, code: 'PROTOCOL' },
      { type: 'history', id: 4 },
      { type: 'failed', id: 4, code: 'SCENARIO' },
    ]);
  });

  it('says what is wrong with a module', () => {
    expect(converse(['/nowhere.mjs'], [HELLO, RUN]).messages).toMatchObject([
      { type: 'failed', id: 0, code: 'IMPL_UNREADABLE' },
      { type: 'failed', id: 4, code: 'IMPL_UNREADABLE' },
    ]);
    expect(converse([modules.write('export {};')], [HELLO]).messages).toMatchObject([
      { type: 'failed', id: 0, code: 'IMPL_SHAPE' },
    ]);
  });

  it('keeps what a module logs off the wire, but not what it writes there', () => {
    const chatty = modules.likeReference(`
      console.log('hello', 1); console.table([[1]]); console.dir({ a: 1 });
      export function createDrain(o) { process.stdout.write('raw\\n'); return reference.createDrain(o); }`);
    const { stdout, stderr } = converse([chatty], [HELLO, RUN]);
    expect(stderr).toContain('hello 1');
    expect(stderr).toContain('a: 1');
    expect(stdout.split('\n')[1]).toBe('raw');
  });

  it('wants a module', () => {
    const { status, stderr } = converse([], []);
    expect(status).toBe(2);
    expect(stderr).toContain('usage');
  });

  it('waits for a slow reader', async () => {
    // Whoever touches process.stdout makes the pipe non-blocking: then a full pipe is an error to be waited out.
    const touching = modules.likeReference('process.stdout.on("error", () => undefined);');
    const child = spawn(process.execPath, [join(DIST, 'conformance', 'subject', 'main.js'), touching]);
    const steps = [{ op: 'turn', times: 5000 }];
    child.stdin.end(JSON.stringify({ ...RUN, scenario: { mode: 'stepped', steps } }));
    await new Promise((resolve) => setTimeout(resolve, 800));
    let stdout = '';
    for await (const chunk of child.stdout.setEncoding('utf8')) stdout += chunk as string;
    const messages = stdout
      .trim()
      .split('\n')
      .map((line) => SubjectMessage.parse(JSON.parse(line)));
    const records = messages.flatMap((message) => (message.type === 'history' ? message.records : []));
    expect(records.filter(({ type }) => type === 'iteration')).toHaveLength(5000);
    expect(messages.at(-1)).toEqual({ type: 'done', id: 4 });
  });

  it('has sent what it knew before a crash', () => {
    const bomb = modules.likeReference(`
      export function createDrain(o) {
        const drain = reference.createDrain(o);
        return { registry: drain.registry, drainIteration: () => drain.drainIteration(), metrics: () => process.kill(process.pid, 'SIGKILL'), close() {} };
      }`);
    const steps = [{ op: 'turn', times: 600 }, { op: 'metrics' }];
    const { messages } = converse([bomb], [{ ...RUN, scenario: { mode: 'stepped', steps } }]);
    expect(messages.map(({ type }) => type)).toEqual(['history', 'history']);
  });
});

describe('HistoryWriter', () => {
  it('sends long batches early', () => {
    const sent: number[] = [];
    const writer = new HistoryWriter(1, (message) =>
      sent.push(message.type === 'history' ? message.records.length : -1),
    );
    const runs = Array.from({ length: 4096 }, (_, i) => ({ from: i * 2, count: 1 }));
    const base = {
      drain: 0,
      thread: 1,
      slot: 0,
      generation: 1,
      lane: 'index',
      count: 4096,
      acknowledged: 0,
      batches: 1,
    } as const;
    const batch: HistoryRecord = { type: 'batch', ...base, runs };
    for (let i = 0; i < 9; i += 1) writer.append(batch);
    writer.flush();
    writer.flush();
    expect(sent).toEqual([4, 4, 1]);
  });
});

describe('writeFully', () => {
  it('gives up on a descriptor that takes nothing', () => {
    const fd = openSync('/dev/full', 'w');
    expect(() => {
      writeFully(fd, Buffer.from('x'), 5);
    }).toThrow('ENOSPC');
    closeSync(fd);
  });
});
