/** Every golden history is judged as expected.json says: through the file, as `drainproof verify` does. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { verifyHistory, type Verification } from '../verify/verify.js';
import { RULES } from '../verify/rules.js';
import { historiesOf, historyFile, readExpected } from './golden-histories.js';

const expected = readExpected();
const idsOf = ({ decisions }: Verification, verdict: string): string[] =>
  decisions.filter((one) => one.verdict === verdict).map(({ requirement }) => requirement.id);

describe('histories that must be rejected', () => {
  test.each([...expected.reject])('%s', async (name, { fails, failed }) => {
    const told = await verifyHistory(historyFile('reject', name));
    expect(idsOf(told, 'fail').sort()).toEqual([...failed].sort());
    const decision = told.decisions.find(({ requirement }) => requirement.id === fails.id)!;
    expect(decision.reason).toContain(fails.phrase);
    expect(decision.lines).toEqual(fails.lines);
    expect(told.cut).toBeUndefined();
  });
});

describe('histories that must be accepted', () => {
  test.each([...expected.accept])('%s', async (name, { passes, undecided = [], cut }) => {
    const told = await verifyHistory(historyFile('accept', name));
    const failures = told.decisions.filter(({ verdict }) => verdict === 'fail');
    expect(failures.map(({ requirement, reason }) => `${requirement.id}: ${reason}`)).toEqual([]);
    expect(idsOf(told, 'pass')).toEqual(expect.arrayContaining(passes));
    expect(idsOf(told, 'undecided')).toEqual(expect.arrayContaining(undecided));
    expect(told.cut).toBe(cut);
  });
});

describe('the collection', () => {
  test.each(['reject', 'accept'] as const)('every file to %s has an entry, and every entry a file', (kind) => {
    expect(historiesOf(kind)).toEqual([...expected[kind].keys()].sort());
  });

  test('there are at least 40 to reject and 20 to accept, each of 3 to 40 lines', () => {
    expect(expected.reject.size).toBeGreaterThanOrEqual(40);
    expect(expected.accept.size).toBeGreaterThanOrEqual(20);
    for (const kind of ['reject', 'accept'] as const) {
      for (const name of historiesOf(kind)) {
        const lines = readFileSync(historyFile(kind, name), 'utf8').trimEnd().split('\n').length;
        expect(lines, name).toBeGreaterThanOrEqual(3);
        expect(lines, name).toBeLessThanOrEqual(40);
      }
    }
  });

  test('whatever verify can decide, one history is rejected for, and one is accepted', () => {
    const decidable = RULES.map(({ id }) => id).sort();
    const rejected = new Set([...expected.reject.values()].map(({ fails }) => fails.id));
    const accepted = new Set([...expected.accept.values()].flatMap(({ passes }) => passes));
    expect(decidable.filter((id) => !rejected.has(id))).toEqual([]);
    expect(decidable.filter((id) => !accepted.has(id))).toEqual([]);
  });

  test('an entry names its own requirement among those that fail', () => {
    for (const [name, { fails, failed }] of expected.reject) expect(failed[0], name).toBe(fails.id);
  });
});

test.each([
  ['reject', 'sink-throw-loses-batch'],
  ['accept', 'short-write-continued'],
] as const)('gzip-compressed, a history to %s gets the same verdicts', async (kind, name) => {
  const folder = mkdtempSync(join(tmpdir(), 'drainproof-golden-'));
  try {
    const file = join(folder, `${name}.jsonl.gz`);
    writeFileSync(file, gzipSync(readFileSync(historyFile(kind, name))));
    const { source: _packed, ...packed } = await verifyHistory(file);
    const { source: _plain, ...plain } = await verifyHistory(historyFile(kind, name));
    expect(packed).toEqual(plain);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('whole histories or record by record: the rules that need no whole history say the same', async () => {
  for (const [name, { failed }] of expected.reject) {
    const told = await verifyHistory(historyFile('reject', name), { wholeRecords: 1 });
    const passing = RULES.flatMap(({ id, passing }) => (passing === undefined ? [] : [id as string]));
    expect(idsOf(told, 'fail').sort(), name).toEqual(failed.filter((id) => passing.includes(id)).sort());
  }
});
