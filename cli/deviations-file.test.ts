import { mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, lstatSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { REQUIREMENTS } from '../spec/index.js';
import { DeviationsError } from './deviations-error.js';
import { parseDeviations, readDeviations, withLists, writeDeviations } from './deviations-file.js';

const folder = mkdtempSync(join(tmpdir(), 'drainproof-deviations-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const entry = { id: 'FAIR-LAG', message: 'service per weight', issue: 'D-1' };
const textOf = (deviations: readonly object[], more: object = {}): string =>
  JSON.stringify({ version: 1, drains: { mine: { deviations, ...more } } });
const refusal = (text: string): string => {
  try {
    parseDeviations(text, 'list.json');
  } catch (error) {
    expect(error).toBeInstanceOf(DeviationsError);
    return (error as DeviationsError).message;
  }
  return 'not refused';
};

describe('a deviations file', () => {
  test('is found in the folder of the call, and nothing is declared where there is none', () => {
    const cwd = mkdtempSync(join(folder, 'cwd-'));
    expect(readDeviations(undefined, { cwd }).text).toBeUndefined();
    writeFileSync(join(cwd, 'drainproof.deviations.json'), `\ufeff${textOf([entry])}`);
    const { name, deviations } = readDeviations(undefined, { cwd });
    expect(name).toBe('drainproof.deviations.json');
    expect(deviations.drains['mine']?.deviations).toEqual([entry]);
  });
  test('that was named and is not there is refused, except where --fix will make it', () => {
    expect(() => readDeviations('gone.json', { cwd: folder })).toThrow(/gone\.json: it cannot be read \(ENOENT\)/);
    expect(readDeviations('gone.json', { cwd: folder, make: true }).deviations.drains).toEqual({});
    expect(() => readDeviations('.', { cwd: folder })).toThrow(/EISDIR/);
  });
  test('is refused with what is wrong', () => {
    expect(refusal('{')).toMatch(/^list\.json: it is no JSON/);
    expect(refusal('[]')).toContain('the file: ');
    expect(refusal('{"version":2,"drains":{}}')).toContain('version: ');
    expect(refusal(textOf([{ ...entry, issue: ' ' }]))).toContain('drains.mine.deviations.0.issue: expected a link');
    expect(refusal(textOf([{ ...entry, message: 'event' }]))).toContain('drains.mine.deviations.0.message: ');
    expect(refusal(textOf([{ ...entry, isue: 'x' }]))).toContain('isue');
    expect(refusal(textOf([entry, entry]))).toContain('FAIR-LAG stands there twice');
  });
  test('that names what does not exist is refused with what was meant', () => {
    expect(refusal(textOf([{ ...entry, id: 'FAIR-LGA' }]))).toMatch(
      /no requirement 'FAIR-LGA'.*did you mean 'FAIR-LAG'\?/,
    );
    expect(refusal(textOf([], { capabilities: ['moveable-handles'] }))).toContain("did you mean 'movable-handles'?");
    expect(refusal(textOf([{ ...entry, id: 'X'.repeat(80) }]))).toContain('docs/deviations.md');
  });
  test('cannot waive the core', () => {
    const core = REQUIREMENTS.filter((requirement) => requirement.core === true);
    expect(core.length).toBeGreaterThan(15);
    for (const { id } of core)
      expect(refusal(textOf([{ ...entry, id }])), id).toContain('of the core, which cannot be waived');
    expect(refusal(textOf([entry]))).toBe('not refused');
  });
});

describe('writing the list anew', () => {
  test('keeps the order of keys, notes, other drains and what stands beside', () => {
    const text = `{"$schema":"x","drains":{"other":{"deviations":[]},"mine":{"deviations":[{"issue":"D-1","id":"FAIR-LAG","note":"n","message":"service per weight"}],"capabilities":["detail"]}},"version":1}`;
    const path = join(folder, 'order.json');
    writeFileSync(path, text);
    const file = readDeviations('order.json', { cwd: folder });
    const old = file.deviations.drains['mine']!.deviations[0]!;
    const fresh = { id: 'FAIR-WAIT', message: 'waits too long', issue: 'TODO' };
    const lists = new Map([
      ['mine', { deviations: [{ ...old, message: 'other words' }, fresh], capabilities: ['wake'] }],
    ]);
    const made = text
      .replace('service per weight', 'other words')
      .replace('}],"cap', `},${JSON.stringify(fresh)}],"cap`);
    expect(JSON.stringify(JSON.parse(withLists(file, lists)))).toBe(made);
  });
  test('tells a new drain’s capabilities, and those of a known one not', () => {
    const list = { deviations: [entry], capabilities: ['wake'] };
    const none = readDeviations('none.json', { cwd: folder, make: true });
    expect(parseDeviations(withLists(none, new Map([['mine', list]])), '').drains).toEqual({ mine: list });
    const bare = { ...none, text: '{"version":1,"drains":{"mine":{}}}' };
    expect(JSON.parse(withLists(bare, new Map([['mine', list]])))).toEqual({
      version: 1,
      drains: { mine: { deviations: [entry] } },
    });
  });
  test('leaves no temporary file, and follows a link', () => {
    const cwd = mkdtempSync(join(folder, 'write-'));
    writeFileSync(join(cwd, 'real.json'), textOf([]));
    symlinkSync('real.json', join(cwd, 'link.json'));
    writeDeviations(readDeviations('link.json', { cwd }), 'new');
    expect(lstatSync(join(cwd, 'link.json')).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(cwd, 'real.json'), 'utf8')).toBe('new');
    expect(readdirSync(cwd).sort()).toEqual(['link.json', 'real.json']);
  });
  test('refuses where the file changed meanwhile or cannot be written, and leaves all as it was', () => {
    const cwd = mkdtempSync(join(folder, 'changed-'));
    const path = join(cwd, 'a.json');
    const unborn = readDeviations('a.json', { cwd, make: true });
    writeFileSync(path, textOf([]));
    expect(() => writeDeviations(unborn, 'new')).toThrow(/was changed while the run went on/);
    const homeless = readDeviations('gone/a.json', { cwd, make: true });
    expect(() => writeDeviations(homeless, 'new')).toThrow(/cannot be written \(ENOENT\)/);
    expect(readFileSync(path, 'utf8')).toBe(textOf([]));
    expect(readdirSync(cwd)).toEqual(['a.json']);
  });
});
