import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { afterAll, afterEach, expect, test } from 'vitest';
import { DIST, OWN_DRAINS } from '../../conformance/runner/drains.js';
import type { StressLoadInput, StressResult } from '../../spec/index.js';

const MAIN = join(DIST, 'stress', 'subject', 'main.js');
const folder = mkdtempSync(join(tmpdir(), 'drainproof-stress-subject-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Told {
  readonly type: string;
  readonly message?: string;
  readonly code?: string;
  readonly result?: StressResult;
}

/** The subject of a module, spoken to line by line. */
class Subject {
  readonly process: ChildProcess;
  readonly ended: Promise<number | null>;
  readonly #lines: AsyncIterator<string>;
  readonly #reader: Interface;
  #id = 0;

  constructor(...args: string[]) {
    this.process = spawn(process.execPath, [MAIN, ...args], { stdio: ['pipe', 'pipe', 'ignore'] });
    this.ended = new Promise((resolve) => this.process.on('exit', (code) => resolve(code)));
    this.#reader = createInterface({ input: this.process.stdout! });
    this.#lines = this.#reader[Symbol.asyncIterator]();
  }

  send(message: unknown): void {
    this.process.stdin!.write(`${typeof message === 'string' ? message : JSON.stringify(message)}\n`);
  }

  /** The next message of one of these types. */
  async hear(...types: string[]): Promise<Told> {
    for (;;) {
      const { value, done } = await this.#lines.next();
      if (done === true) throw new Error('the subject has ended');
      const told = JSON.parse(value) as Told;
      if (types.includes(told.type)) return told;
    }
  }

  async hello(): Promise<Told> {
    this.send({ type: 'hello', protocol: 1 });
    return this.hear('ready', 'failed');
  }

  measure(load: Omit<StressLoadInput, 'version'>): Promise<Told> {
    this.#id += 1;
    this.send({ type: 'measure', id: this.#id, load: { version: 1, ...load } });
    return this.hear('measured', 'failed');
  }

  halt(): void {
    this.send({ type: 'halt', id: this.#id });
  }
}

const subjects: Subject[] = [];
afterEach(() => {
  for (const subject of subjects.splice(0)) subject.process.kill('SIGKILL');
});

function subjectOf(path: string): Subject {
  const subject = new Subject(path, '--native', OWN_DRAINS['native']!);
  subjects.push(subject);
  return subject;
}

/** A reference drain with some members replaced, as a module of its own. */
function moduleWith(name: string, text: string): string {
  const path = join(folder, `${name}.mjs`);
  writeFileSync(path, `import * as reference from ${JSON.stringify(OWN_DRAINS['reference'])};\n${text}\n`);
  return path;
}

const PLAIN = 'export const { contractVersion, name, version, capabilities, openRegistry, createDrain } = reference;';
const PART = 'export const { contractVersion, name, version, capabilities, openRegistry } = reference;';
const open = (threads: number, rate: number): StressLoadInput['groups'][number] => ({
  threads,
  arrivals: { kind: 'open', rate, tickMs: 5 },
});

function expectBalanced({ result }: Told): void {
  const { ledger } = result!;
  expect(ledger).toMatchObject({ lost: 0, duplicated: 0, wrong: 0, delivered: ledger.accepted });
  expect(ledger.attempted).toBe(ledger.accepted + ledger.rejected);
  if (ledger.told !== undefined) {
    const { told } = ledger;
    expect([told.accepted, told.delivered, told.pending]).toEqual([ledger.accepted, ledger.delivered, 0]);
    expect(told.rejected).toBe(ledger.rejected + ledger.retries);
  }
}

test.each(['reference', 'native'])('%s: worker and native threads, all that they emit arrives once', async (name) => {
  const subject = subjectOf(OWN_DRAINS[name]!);
  expect((await subject.hello()).type).toBe('ready');
  for (const producers of ['workers', 'native'] as const) {
    const steady = await subject.measure({
      groups: [open(3, 400)],
      producers,
      warmupMs: 50,
      durationMs: 200,
      gatherMs: 1,
    });
    expectBalanced(steady);
    expect(steady.result!.latency!.count).toBeGreaterThan(0);
    expect(steady.result!.windows.length).toBeGreaterThan(1);
    const closed = await subject.measure({
      groups: [{ threads: 2, arrivals: { kind: 'closed', events: 5000 } }],
      producers,
      durationMs: 60_000,
    });
    expectBalanced(closed);
    expect(closed.result!.ledger.accepted).toBe(10_000);
    expect(closed.result!.latency).toBeUndefined();
  }
  const bursts = await subject.measure({
    groups: [{ threads: 2, arrivals: { kind: 'burst', events: 50, everyMs: 100 } }],
    durationMs: 350,
  });
  expectBalanced(bursts);
  expect(bursts.result!.recoveriesMs.length).toBeGreaterThan(0);
  const lives = await subject.measure({
    groups: [{ threads: 2, arrivals: { kind: 'closed' }, life: { least: 1, most: 3 }, lives: 300, stepMs: 5 }],
    durationMs: 60_000,
  });
  expectBalanced(lives);
  expect(lives.result).toMatchObject({ complete: true, lives: 600 });
  subject.send({ type: 'bye' });
  expect(await subject.ended).toBe(0);
});

test.each(['workers', 'native'] as const)(
  'a load on %s ends early when told to, with a balanced ledger',
  async (producers) => {
    const subject = subjectOf(OWN_DRAINS['native']!);
    await subject.hello();
    const measured = subject.measure({ groups: [open(2, 200)], producers, durationMs: 600_000, windowMs: 100 });
    setTimeout(() => subject.halt(), 1500);
    const told = await measured;
    expect(told.result!.complete).toBe(false);
    expectBalanced(told);
  },
);

test('what is no request is answered in words', async () => {
  const subject = subjectOf(OWN_DRAINS['reference']!);
  subject.send('{');
  expect((await subject.hear('failed')).message).toContain('no JSON');
  subject.send({ type: 'hello', protocol: 7 });
  expect((await subject.hear('failed')).message).toBe('protocol 7 is not spoken here; 1 is');
  subject.send({ type: 'measure', id: 1, load: { version: 2 } });
  expect((await subject.hear('failed')).message).toContain('no request of spec/stress.ts');
  subject.halt();
  await subject.hello();
  const refused = await subject.measure({
    groups: [{ ...open(1, 10), whenFull: 'drop' }],
    producers: 'native',
    durationMs: 10,
  });
  expect(refused).toMatchObject({ type: 'failed', code: 'INVALID_ARGUMENT' });
  expect(await subject.measure({ groups: [open(1, 10)], config: { slots: -1 }, durationMs: 10 })).toMatchObject({
    type: 'failed',
    code: 'INVALID_SLOTS',
  });
  subject.send({ type: 'measure', id: 98, load: { version: 1, groups: [open(1, 100)], durationMs: 30_000 } });
  subject.send({ type: 'measure', id: 99, load: { version: 1, groups: [open(1, 1)], durationMs: 1 } });
  expect((await subject.hear('failed')).message).toBe('one measurement is under way');
});

test('a module that is no drain, and no module at all, are told at once', async () => {
  const nothing = subjectOf(moduleWith('nothing', 'export const name = 1;'));
  expect(await nothing.hello()).toMatchObject({ type: 'failed', code: 'IMPL_SHAPE' });
  const bare = new Subject();
  subjects.push(bare);
  expect(await bare.ended).toBe(2);
});

test.each([
  [
    'throws in an iteration',
    `${PART} export const createDrain = (options) => {
       const drain = reference.createDrain(options);
       drain.drainIteration = () => { throw new Error('out of order'); };
       return drain;
     };`,
    'the drain threw: Error: out of order',
  ],
  [
    'ends its thread',
    `${PART} export const createDrain = (options) => {
       const drain = reference.createDrain(options);
       drain.drainIteration = () => process.exit(1);
       return drain;
     };`,
    "the drain's thread died",
  ],
  [
    'registers nobody',
    `export const { contractVersion, name, version, capabilities, createDrain } = reference;
     export const openRegistry = () => ({ register() { throw new Error('closed today'); } });`,
    'register() threw Error: closed today',
  ],
  [
    'opens no registry',
    `export const { contractVersion, name, version, capabilities, createDrain } = reference;
     export const openRegistry = () => { throw new Error('no way in'); };`,
    'no way in',
  ],
])('a drain that %s has that as its result', async (name, text, problem) => {
  const subject = subjectOf(moduleWith(name.replaceAll(' ', '-'), text));
  await subject.hello();
  const { result } = await subject.measure({ groups: [open(2, 100)], durationMs: 300 });
  expect(result!.complete).toBe(false);
  expect(result!.problems.join('; ')).toContain(problem);
});

test('a drain without a wake, without metrics and without an arena is measured all the same', async () => {
  const text = `${PLAIN.replace('capabilities, ', '')} export const capabilities = ['movable-handles', 'threads'];`;
  const subject = subjectOf(moduleWith('plain', text));
  await subject.hello();
  const told = await subject.measure({ groups: [open(2, 300)], durationMs: 200 });
  expectBalanced(told);
  expect(told.result!.ledger.told).toBeUndefined();
});
