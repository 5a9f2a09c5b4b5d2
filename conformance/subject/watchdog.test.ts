import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const MAIN = fileURLToPath(new URL('./main.js', import.meta.url));

const LOOPING = `
export const contractVersion = 1, name = 'looping', version = '1', capabilities = [];
export function createDrain() { for (;;); }
export const openRegistry = () => ({});
`;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test('a subject whose drain loops for ever ends when its host is killed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'watchdog-'));
  const module = join(folder, 'looping.mjs');
  writeFileSync(module, LOOPING);
  // a host that starts the subject in a group of its own, asks it for a scenario, says who it is, and waits to be killed
  const host = `
    const subject = require('node:child_process').spawn(process.execPath, [${JSON.stringify(MAIN)}, ${JSON.stringify(module)}],
      { stdio: ['pipe', 'pipe', 'inherit'], detached: true });
    subject.stdin.write('{"type":"hello","protocol":1}\\n{"type":"run","id":1,"scenario":{"mode":"stepped","steps":[]}}\\n');
    subject.stdout.once('data', () => setTimeout(() => console.log(subject.pid), 300));
  `;
  const child = spawn(process.execPath, ['-e', host], { stdio: ['ignore', 'pipe', 'inherit'] });
  const pid = await new Promise<number>((resolve) =>
    child.stdout.once('data', (data: Buffer) => resolve(Number(data))),
  );
  try {
    expect(isAlive(pid)).toBe(true);
    child.kill('SIGKILL');
    await expect.poll(() => isAlive(pid), { timeout: 20_000 }).toBe(false);
  } finally {
    if (isAlive(pid)) process.kill(pid, 'SIGKILL');
    rmSync(folder, { recursive: true });
  }
});
