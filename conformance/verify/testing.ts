/** Histories as files, for the tests of this folder. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { HistoryRecord } from '../../spec/index.js';
import { verifyHistory } from './verify.js';

let folder: string | undefined;
let files = 0;
afterAll(() => {
  if (folder !== undefined) rmSync(folder, { recursive: true });
  folder = undefined;
});

/** Writes a file that is gone when the tests of its file have ended. @returns its path */
export function fileOf(content: string | Uint8Array, extension = 'jsonl'): string {
  folder ??= mkdtempSync(join(tmpdir(), 'drainproof-verify-'));
  files += 1;
  const path = join(folder, `${files}.${extension}`);
  writeFileSync(path, content);
  return path;
}

export const linesOf = (records: readonly unknown[]): string =>
  records.map((one) => `${typeof one === 'string' ? one : JSON.stringify(one)}\n`).join('');

/** The verdicts of a history, each in a line: `pass`, or what it is and why. */
export async function judged(history: readonly HistoryRecord[]): Promise<(id: string) => string> {
  const { decisions } = await verifyHistory(fileOf(linesOf(history)));
  return (id) => {
    const { verdict, reason } = decisions.find(({ requirement }) => requirement.id === id)!;
    return verdict === 'pass' ? 'pass' : `${verdict}: ${reason}`;
  };
}
