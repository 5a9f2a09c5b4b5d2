import { expect, test } from 'vitest';
import { EXIT, runCli } from './program.js';
import { Text } from './testing.js';

async function model(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const out = new Text();
  const err = new Text();
  const code = await runCli(['node', 'drainproof', 'model', ...args], { out, err });
  return { code, out: out.text, err: err.text };
}

test('sound drains pass, each and beside each other', async () => {
  const each = await model('--runs', '20', '--seed', '7');
  expect(each.code).toBe(EXIT.asDeclared);
  expect(each.out).toContain('reference: every answer is one that the model allows; 20 sequences');
  expect(each.out).toContain('native: every answer');
  const both = await model('--differential', '--runs', '20', '--commands', '12');
  expect(both.code).toBe(EXIT.asDeclared);
  expect(both.out).toContain('reference and native: the same histories');
});

test.each([
  [['--impl', './nowhere.js'], 'IMPL_UNREADABLE'],
  [['--impl', 'reference', '--differential'], 'compares two drains'],
  [['--path', '1:2'], 'give --seed too'],
  [['--path', 'x', '--seed', '1'], 'is no path'],
  [['--runs', '0'], 'from 1'],
  [['--impl', 'package.json'], 'nor executable'],
])('%j is answered with what is wrong, and exit code 2', async (args, words) => {
  const { code, err } = await model(...args);
  expect(err).toContain(words);
  expect(code).toBe(EXIT.usage);
});
