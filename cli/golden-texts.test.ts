/**
 * What the command line answers, as files: golden/*.txt. Where CI is set a missing or different file fails the test;
 * elsewhere `npx vitest run dist/cli/golden-texts.test.js -u` writes them anew. Read them before you commit them.
 */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { DIST } from '../conformance/runner/drains.js';
import { FAMILIES, REQUIREMENTS, familyOf } from '../spec/index.js';
import { EXIT, runCli } from './program.js';
import { Text } from './testing.js';

const TEXTS = join(dirname(DIST), 'cli', 'golden');
const folder = mkdtempSync(join(tmpdir(), 'drainproof-golden-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** What the user reads: without colours, and without the name of the folder that only this run has. */
async function answer(args: readonly string[]): Promise<{ code: number; text: string }> {
  const said = new Text();
  const code = await runCli(['node', 'drainproof', ...args], { out: said, err: said });
  return { code, text: stripVTControlCharacters(said.text).replaceAll(/[^\s']*drainproof-golden-[^/]+\//g, '') };
}

const written = (name: string, content: string): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
const HEAD = '{"type":"history","version":1,"mode":"stepped","config":{}}\n';
const emit = '{"type":"emit","thread":1,"lane":"index","from":0,"count":2,"outcome":"accepted"}\n';

/** Mistakes, by what is wrong. */
const MISTAKES: Record<string, readonly string[]> = {
  'an id that is misspelt': ['explain', 'LANE-ODER'],
  'an id that is like nothing': ['explain', 'x'],
  'a family that is misspelt': ['list', '--family', 'lanes'],
  'no such command': ['verfy', 'history.jsonl'],
  'no such option': ['run', '--sed', '7'],
  'a seed that is no number': ['run', '--seed', 'x'],
  '--replay with --id': ['run', '--replay', 'dp1.x', '--id', 'LANE-ORDER'],
  '--replay with --deviations': ['run', '--replay', 'dp1.x', '--deviations', 'd.json'],
  'a token that is none': ['run', '--replay', 'dp1.x'],
  '--fix for a part': ['run', '--fix', '--family', 'LANE', '--id', 'LANE-ORDER'],
  '--fix with --no-deviations': ['run', '--fix', '--no-deviations'],
  '--coverage-exclude alone': ['run', '--impl', 'reference', '--coverage-exclude', 'x'],
  'a share beyond 100': ['run', '--coverage-min', '101'],
  'a drain that is not there': ['run', '--impl', './nowhere.js', '--id', 'LANE-ORDER'],
  'a deviations file that is not there': ['run', '--deviations', join(folder, 'none.json')],
  'no model runs': ['model', '--runs', '0'],
  'a path of no seed': ['model', '--path', '1:2'],
  'a path that is none': ['model', '--seed', '1', '--path', 'x'],
  'one drain to compare': ['model', '--differential', '--impl', 'reference'],
  'two scenarios': ['record', '--free', '--replay', 'dp1.x'],
  'a scenario that is not there': ['record', '--scenario', join(folder, 'none.json')],
  'a scenario that is none': [
    'record',
    '--scenario',
    written('scenario.json', '{"mode":"stepped","steps":[{"op":"no"}]}'),
  ],
  'a history that is not there': ['verify', join(folder, 'none.jsonl')],
  'an empty history': ['verify', written('empty.jsonl', '')],
  'no history': ['verify', written('text.jsonl', 'hello\nworld\n')],
  'a history without a head': ['verify', written('headless.jsonl', emit)],
  'a history of another version': ['verify', written('version.jsonl', HEAD.replace('1', '2'))],
  'a record out of its schema': ['verify', written('schema.jsonl', `${HEAD}${emit.replace('2', '-2')}`)],
  'an event accepted twice': ['verify', written('twice.jsonl', `${HEAD}${emit}${emit}{"type":"end"}\n`)],
};

describe('mistakes are answered with what was meant, and what to do', () => {
  test('all of them', async () => {
    const texts: string[] = [];
    for (const [wrong, args] of Object.entries(MISTAKES)) {
      const { code, text } = await answer(args);
      expect(code, wrong).toBe(EXIT.usage);
      const command = args.map((one) => one.replace(`${folder}/`, '')).join(' ');
      texts.push(`==== ${wrong}\n$ drainproof ${command}\n${text.trimEnd()}\n`);
    }
    await expect(texts.join('\n')).toMatchFileSnapshot(join(TEXTS, 'mistakes.txt'));
  });
});

const EXPLAINED = Object.keys(FAMILIES).map((family) => REQUIREMENTS.find(({ id }) => familyOf(id) === family)!.id);

test('explain, for the first requirement of each family and for what needs capabilities', async () => {
  const texts: string[] = [];
  for (const id of [...EXPLAINED, 'QUEUE-WAKE', 'THREAD-DEAD-IN-SUBMIT']) {
    const { code, text } = await answer(['explain', id]);
    expect(code).toBe(EXIT.asDeclared);
    texts.push(text);
  }
  await expect(texts.join('\n')).toMatchFileSnapshot(join(TEXTS, 'explain.txt'));
});

test('no text is left over', () => {
  const known = ['mistakes.txt', 'explain.txt'];
  expect(readdirSync(TEXTS).filter((file) => !known.includes(file))).toEqual([]);
});
