/**
 * What a user reads when a drain fails, as files: texts/*.txt. A change of wording shows in the diff. Where CI is set a missing or
 * different file fails the test; elsewhere `npx vitest run dist/reports/golden -u` writes them anew. Read them before you commit them.
 */
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { historyFile, readExpected } from '../../conformance/golden/golden-histories.js';
import { judgeCheck, type Subject } from '../../conformance/judge.js';
import { DIST } from '../../conformance/runner/drains.js';
import { RULES } from '../../conformance/verify/rules.js';
import { verifyHistory, type Verification } from '../../conformance/verify/verify.js';
import { takeDefinedChecks, type Check } from '../../conformance/check.js';
import {
  FAMILIES,
  HistoryRecord,
  familyOf,
  type Failure,
  type HistoryInput,
  type Requirement,
} from '../../spec/index.js';
import { renderMarkdown } from '../markdown.js';
import { parseResults } from '../results-file.js';
import { sampleRun, sampleText } from '../sample-results.js';
import { sampleCheckpoints, stressRecords } from '../sample-stress.js';
import { renderTerminal } from '../terminal.js';
import { renderVerification } from '../verification.js';
import { DRAIN, failureBlocks, failureSection, resultsOf } from './fixed-results.js';

const TEXTS = join(dirname(DIST), 'reports', 'golden', 'texts');
const WIDTH = 90;
const plainly = { color: false, width: WIDTH } as const;
const { reject } = readExpected();

/** For each requirement that verify decides the first history that is rejected for it, and some more that say something of their own. */
const MORE = [
  'blank-lines',
  'loss-free-threads',
  'phantom-before-it-was-accepted',
  'phantom-rejected-event',
  'torn-detail',
];
const CHOSEN = new Set([
  ...RULES.flatMap(({ id }) => [...reject].filter(([, { fails }]) => fails.id === id).slice(0, 1)).map(
    ([name]) => name,
  ),
  ...MORE,
]);

/** Failures that no recorded history shows: of the arena, and of the drain's process. */
const ARENA: HistoryInput[] = [
  { type: 'history', version: 1, mode: 'stepped', config: { slots: 4, detailCapacity: 0 }, subject: DRAIN },
  { type: 'create', outcome: 'accepted' },
  { type: 'register', thread: 1, outcome: 'accepted', slot: 0, generation: 1 },
  { type: 'emit', thread: 1, lane: 'index', from: 0, count: 3, outcome: 'accepted' },
  { type: 'attach', change: 'none', outcome: 'accepted' },
  { type: 'attach', change: 'magic', outcome: 'accepted' },
  {
    ...{ type: 'batch', thread: 1, slot: 0, generation: 1, lane: 'index', count: 3, acknowledged: 3 },
    runs: [{ from: 0, count: 3 }],
  },
  { type: 'end' },
];
const { default: foreign } = (await import('../../conformance/checks/arena/arena-foreign.check.js')) as {
  default: Check;
};
takeDefinedChecks();
const history = ARENA.map((record) => HistoryRecord.parse(record));
const ended = (kind: 'crash' | 'hang' | 'exit' | 'garbage' | 'refused', message: string): Subject['run'] => {
  return () => Promise.resolve({ ok: false, fault: { kind, message, history: history.slice(0, 4) } });
};
const RUNS: Record<string, Subject['run']> = {
  'arena-foreign-accepted': () => Promise.resolve({ ok: true, value: history }),
  'drain-crashed': ended('crash', 'it was ended by SIGSEGV'),
  'drain-hung': ended('hang', 'it gave no answer within 10 s'),
  'drain-exited': ended('exit', 'it ended with code 3'),
  'drain-wrote-garbage': ended('garbage', 'a line on stdout is no message of the protocol: "hello"'),
  'drain-refused': ended('refused', 'the module exports no createDrain'),
};

const inReports = (id: string, failure: Failure): string => {
  const results = resultsOf(id, failure);
  const terminal = failureBlocks(renderTerminal(results, { ...plainly, matrix: false }));
  return `==== drainproof run, in the terminal\n\n${terminal}\n\n==== report.md\n\n${failureSection(renderMarkdown(results))}\n`;
};

describe('what is said of a rejected history', () => {
  test.each([...CHOSEN])('%s', async (name) => {
    const { id } = reject.get(name)!.fails;
    const source = `${name}.jsonl`;
    const told = { ...(await verifyHistory(historyFile('reject', name))), source };
    const decisions = told.decisions.filter(({ requirement }) => requirement.id === id);
    const failure = { ...decisions[0]!.failure!, replay: `drainproof verify ${source}` };
    const verified = failureBlocks(renderVerification({ ...told, decisions }, plainly));
    const text = `==== drainproof verify ${source}\n\n${verified}\n\n${inReports(id, failure)}`;
    await expect(text).toMatchFileSnapshot(join(TEXTS, `${name}.txt`));
  });

  // requirements of the other families come and go with what verify learns to decide
  const some = (told: Verification): Verification => {
    const shown = new Set(['LANE', 'LOSS', 'SINK', 'LEDGER']);
    const decisions = told.decisions.filter(({ requirement }) => shown.has(familyOf(requirement.id)));
    return { ...told, source: 'history.jsonl', decisions };
  };

  test('all of verify’s output, with what is kept and what is not decided', async () => {
    const told = await verifyHistory(historyFile('reject', 'sink-throw-loses-batch'));
    const text = renderVerification(some(told), plainly);
    await expect(text).toMatchFileSnapshot(join(TEXTS, 'verify-whole.txt'));
  });

  test('all of verify’s output for a sound history that breaks off', async () => {
    const told = await verifyHistory(historyFile('accept', 'torn-at-the-end'));
    const text = renderVerification(some(told), { ...plainly, verbose: true });
    await expect(text).toMatchFileSnapshot(join(TEXTS, 'verify-cut-off.txt'));
  });
});

describe('what is said of a drain that fails otherwise', () => {
  test.each(Object.entries(RUNS))('%s', async (name, run) => {
    const value = { name: DRAIN, version: '1', capabilities: ['arena', 'movable-handles'] };
    const subject: Subject = { open: () => Promise.resolve({ ok: true, value }), run };
    const replayCommand = (): string => `drainproof run --impl ./${DRAIN}.js --replay dp1.TOKEN`;
    const { failure } = await judgeCheck(foreign, subject, { drain: DRAIN, seed: 7, replayCommand });
    await expect(inReports(foreign.id, failure!)).toMatchFileSnapshot(join(TEXTS, `${name}.txt`));
  });
});

test('what is said of a stress run, in the terminal', async () => {
  const run = { ...sampleRun(), profile: 'standard' };
  const results = parseResults(sampleText([run, ...stressRecords(), ...sampleCheckpoints('native')]), 'golden');
  await expect(renderTerminal(results, plainly)).toMatchFileSnapshot(join(TEXTS, 'stress-run.txt'));
});

test('every family of requirements has its text, and no text is left over', () => {
  const families = [...CHOSEN].map((name) => familyOf(reject.get(name)!.fails.id as Requirement['id']));
  expect(new Set([...families, familyOf(foreign.id)])).toEqual(new Set(Object.keys(FAMILIES)));
  const names = [...CHOSEN, ...Object.keys(RUNS), 'verify-whole', 'verify-cut-off', 'stress-run'].map(
    (name) => `${name}.txt`,
  );
  expect(readdirSync(TEXTS).filter((file) => !names.includes(file))).toEqual([]);
  expect(names.length).toBeGreaterThanOrEqual(30);
});
