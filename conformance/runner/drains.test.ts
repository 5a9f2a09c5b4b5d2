import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { programName, resolveDrain, resolveDrains } from './drains.js';

const folder = mkdtempSync(join(tmpdir(), 'drains-'));
writeFileSync(join(folder, 'mine.mjs'), '');
writeFileSync(join(folder, 'program'), '#!/bin/sh\n');
writeFileSync(join(folder, 'notes.txt'), '');
chmodSync(join(folder, 'program'), 0o755);
chmodSync(join(folder, 'notes.txt'), 0o644);
afterAll(() => rmSync(folder, { recursive: true }));

test('our own drains go by name', () => {
  expect(resolveDrain('reference').path).toMatch(/dist\/reference\/index\.js$/);
  expect(resolveDrain('native').command).toContain('--native');
});

test('a module is hosted by our subject, a program speaks for itself', () => {
  expect(resolveDrain('./mine.mjs', folder)).toMatchObject({
    name: 'mine',
    given: './mine.mjs',
    path: join(folder, 'mine.mjs'),
  });
  expect(resolveDrain('./mine.mjs', folder).command[1]).toMatch(/subject\/main\.js$/);
  expect(resolveDrain('program', folder).command).toEqual([join(folder, 'program')]);
});

test('what is neither is refused with what was expected', () => {
  expect(() => resolveDrain('gone.js', folder)).toThrow(/IMPL_UNREADABLE.*neither reference nor native nor a file/);
  expect(() => resolveDrain('.', folder)).toThrow(/not a file/);
});

test('the same drain twice gets two names', () => {
  expect(resolveDrains(['reference', 'reference']).map(({ name }) => name)).toEqual(['reference', 'reference-2']);
});

test('replay commands call the program as it was called', () => {
  expect(programName(['node', '/a/b/dist/cli/main.js'], '/a/b')).toBe('node dist/cli/main.js');
  expect(programName(['node', '/usr/lib/node_modules/drainproof/dist/cli/main.js'], '/home/me')).toBe('drainproof');
  expect(programName(['node', '/home/me/node_modules/.bin/drainproof'], '/home/me')).toBe('drainproof');
  expect(programName(['node'], '/')).toBe('drainproof');
});
