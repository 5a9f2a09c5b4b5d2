import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { Scenario } from '../../spec/index.js';
import type { Limits } from './limits.js';
import { SubjectClient } from './subject-client.js';

const ODD = fileURLToPath(new URL('./odd-subject.js', import.meta.url));
const LIMITS: Limits = { openMs: 20_000, steppedMs: 700, freeMs: 700, closeMs: 300 };
const SCENARIO = Scenario.parse({ mode: 'stepped', steps: [] });
const clients: SubjectClient[] = [];

function client(mode: string, limits: Limits = LIMITS): SubjectClient {
  const made = new SubjectClient([process.execPath, ODD, mode], { limits });
  clients.push(made);
  return made;
}

afterEach(async () => {
  for (const one of clients.splice(0)) await one.close();
});

async function faultOf(
  mode: string,
): Promise<{ kind: string; message: string; records: number; client: SubjectClient }> {
  const subject = client(mode);
  const answer = await subject.run(SCENARIO);
  if (answer.ok) throw new Error('it behaved');
  return {
    kind: answer.fault.kind,
    message: answer.fault.message,
    records: answer.fault.history.length,
    client: subject,
  };
}

describe('a subject that behaves', () => {
  test('introduces itself and answers scenario after scenario in one process', async () => {
    const subject = client('good');
    expect(await subject.open()).toEqual({ ok: true, value: { name: 'odd', version: '1', capabilities: ['metrics'] } });
    for (let i = 0; i < 3; i += 1) {
      const answer = await subject.run(SCENARIO);
      expect(answer.ok && answer.value.map(({ type }) => type)).toEqual(['history', 'create', 'end']);
    }
  });
});

describe('a subject that misbehaves is named', () => {
  test('hang', async () => {
    expect(await faultOf('hang')).toMatchObject({
      kind: 'hang',
      message: expect.stringContaining('no answer within 0.7 s'),
    });
  });
  test('crash, with the records that had arrived', async () => {
    expect(await faultOf('crash')).toMatchObject({
      kind: 'crash',
      message: expect.stringContaining('SIGSEGV'),
      records: 2,
    });
  });
  test('exit', async () => {
    expect(await faultOf('exit')).toMatchObject({ kind: 'exit', message: expect.stringContaining('code 3') });
  });
  test('garbage', async () => {
    expect(await faultOf('garbage')).toMatchObject({
      kind: 'garbage',
      message: expect.stringContaining('just chatting'),
    });
  });
  test('an answer to another run', async () => {
    expect(await faultOf('wrong-id')).toMatchObject({ kind: 'garbage', message: expect.stringContaining("'done'") });
  });
  test('ready at the wrong time', async () => {
    expect(await faultOf('late-ready')).toMatchObject({ kind: 'garbage', message: expect.stringContaining("'ready'") });
  });
  test('no ready', async () => {
    expect(await faultOf('no-ready')).toMatchObject({
      kind: 'garbage',
      message: expect.stringContaining("instead of 'ready'"),
    });
  });
  test('a program that is not there', async () => {
    const subject = new SubjectClient(['/nonexistent/program']);
    const answer = await subject.open();
    expect(answer).toMatchObject({ ok: false, fault: { kind: 'exit', message: expect.stringContaining('ENOENT') } });
  });
  test('a refused scenario leaves the process alive', async () => {
    const subject = client('refuse');
    for (let i = 0; i < 2; i += 1) {
      expect(await subject.run(SCENARIO)).toMatchObject({ ok: false, fault: { kind: 'refused', code: 'SCENARIO' } });
    }
  });
});

describe('after a misbehaviour', () => {
  test('a fresh process takes over', async () => {
    const { client: subject } = await faultOf('exit');
    expect(await subject.open()).toMatchObject({ ok: true });
  });
  test('nothing that the subject started is left behind', async () => {
    const { message } = await faultOf('fork');
    const pid = Number(/child (\d+)/.exec(message)?.[1]);
    expect(pid).toBeGreaterThan(1);
    await expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false);
  });
  test('a drain that hangs again and again is waited for less', async () => {
    const subject = client('hang', { ...LIMITS, steppedMs: 300 });
    const first = subject.limits;
    await subject.run(SCENARIO);
    expect(subject.limits).toEqual(first);
    await subject.run(SCENARIO);
    expect(subject.limits.freeMs).toBe(4_000);
  });
  test('a module that cannot be loaded is tried three times, no more', async () => {
    const subject = client('refuse-hello');
    const faults = [await subject.open(), await subject.open(), await subject.open()];
    const again = await subject.open();
    expect(faults[2]).toMatchObject({ ok: false, fault: { kind: 'refused', code: 'IMPL_SHAPE' } });
    expect(again).toEqual(faults[2]);
  });
  test('close kills a subject that does not leave', async () => {
    const subject = client('mute');
    await subject.open();
    await subject.close();
    expect(await subject.open()).toMatchObject({ ok: true });
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
