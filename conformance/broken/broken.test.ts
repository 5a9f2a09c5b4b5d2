/**
 * Broken drains are failed by the requirement that describes their fault, in that requirement's words: here one for each requirement,
 * all of them by `npm run kill-matrix -- --phase own` (matrix.test.ts holds that the committed result is of these faults and checks).
 */
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { REQUIREMENTS } from '../../spec/index.js';
import { takeDefinedChecks, type Check } from '../check.js';
import { SubjectClient } from '../client/subject-client.js';
import { UNCOUNTED } from '../coverage/environment.js';
import { judgeCheck, type VerdictRecord } from '../judge.js';
import { DIST, subjectCommand } from '../runner/drains.js';
import { checkFile } from '../runner/run.js';
import { loadFaults } from './all-faults.js';
import { BUGS } from './bugs.js';
import { applyEdit, FaultError } from './build.js';
import { buildBrokenNative, buildFault, editedSources } from './build-native.js';
import type { Fault } from './fault.js';
import { baseOf, type AnyFault, type NativeFault } from './native-fault.js';

/** A fault that needs a race is given this many runs. */
const RACY_RUNS = 15;
/** Of the native faults two are run here; each takes a compiler. The others are run by `npm run kill-matrix`. */
const NATIVE_HERE = new Set(['native-head-before-sink', 'native-two-owners']);
const everyFault = await loadFaults();
const faults = everyFault.filter((fault): fault is Fault => baseOf(fault) === 'reference');
const natives = everyFault.filter((fault): fault is NativeFault => baseOf(fault) === 'native');
const judged = [
  ...faults.filter(({ requirement }, i) => faults.findIndex((one) => one.requirement === requirement) === i),
  ...natives.filter(({ name }) => NATIVE_HERE.has(name)),
];

const checks = new Map<string, Check>();
for (const { requirement } of judged) {
  await import(pathToFileURL(checkFile(requirement)).href);
  for (const check of takeDefinedChecks()) checks.set(check.id, check);
}

const clients: SubjectClient[] = [];
afterAll(async () => {
  await Promise.all(clients.map((client) => client.close()));
});

function judge(fault: AnyFault, run: number, client: SubjectClient): Promise<VerdictRecord> {
  const options = { drain: fault.name, seed: run, replayCommand: (token: string) => token };
  return judgeCheck(checks.get(fault.requirement)!, client, options);
}

describe('the faults', () => {
  test('have names of their own and requirements that exist', () => {
    expect(new Set(everyFault.map(({ name }) => name)).size).toBe(everyFault.length);
    const ids = new Set<string>(REQUIREMENTS.map(({ id }) => id));
    for (const { name, requirement } of everyFault) expect(ids.has(requirement), name).toBe(true);
  });

  test('break every requirement at least once', () => {
    const broken = new Set<string>(faults.map(({ requirement }) => requirement));
    expect(
      REQUIREMENTS.filter(({ id, unchecked }) => unchecked === undefined && !broken.has(id)).map(({ id }) => id),
    ).toEqual([]);
  });

  test('stand for every bug that shipped elsewhere, or it is said why not', () => {
    const stood = new Set(everyFault.map(({ bug }) => bug));
    const silent = Object.entries(BUGS).filter(([name, { absent }]) => absent === undefined && !stood.has(name));
    expect(silent.map(([name]) => name)).toEqual([]);
    for (const { name, bug } of everyFault) if (bug !== undefined) expect(BUGS[bug], name).toBeDefined();
    for (const [name, { absent }] of Object.entries(BUGS))
      if (absent !== undefined) expect(stood.has(name), `${name}: ${absent}`).toBe(false);
  });

  test('at least 12 are of the native drain, and fit its source', () => {
    expect(natives.length).toBeGreaterThanOrEqual(12);
    const core = `${dirname(DIST)}/native/core`;
    for (const fault of natives) expect(editedSources(fault, core).size, fault.name).toBeGreaterThan(0);
  });

  test('a native one that does not fit or compile is refused by name', () => {
    const edit = { file: 'visit.cpp', find: 'Iterator::Turn Iterator::visit(', replace: 'no such type(' } as const;
    const odd: NativeFault = { ...natives[0]!, name: 'native-odd', edits: [edit] };
    expect(() => buildBrokenNative(odd, dirname(DIST))).toThrow(/'native-odd' does not compile/);
    const gone = { ...odd, edits: [{ ...edit, find: 'nowhere' }] };
    expect(() => buildBrokenNative(gone, dirname(DIST))).toThrow(/'native-odd'.*0 times in native\/core\/visit.cpp/);
  });

  test('an edit that does not fit the source any more is refused by name', () => {
    const fault = { ...faults[0]!, name: 'odd' };
    expect(() => applyEdit(fault, { file: 'visit.ts', find: 'nowhere', replace: '' }, 'some source')).toThrow(
      FaultError,
    );
    expect(() => applyEdit(fault, { file: 'visit.ts', find: 'e', replace: '' }, 'eve')).toThrow(/'odd'.*2 times/);
  });
});

/** Built under a name of their own: other tests build the same drains. */
const own = (fault: AnyFault): AnyFault => ({ ...fault, name: `own-${fault.name}` });

async function expectCaught(fault: AnyFault): Promise<void> {
  const client = new SubjectClient(subjectCommand(buildFault(own(fault), dirname(DIST))), {
    env: UNCOUNTED,
    limits: { openMs: 20_000, steppedMs: 15_000, freeMs: 120_000, closeMs: 500 },
  });
  clients.push(client);
  let verdict = await judge(fault, 1, client);
  for (let run = 2; fault.racy === true && verdict.verdict !== 'fail' && run <= RACY_RUNS; run += 1) {
    verdict = await judge(fault, run, client);
  }
  await client.close();
  expect(verdict.verdict, `${fault.what}: ${verdict.reason}`).toBe('fail');
  expect(verdict.failure?.message).toContain(fault.phrase);
}

/** One at a time: a race wants the cores for itself, so do dozens of threads, and while a compiler runs this thread hears no subject. */
const isAlone = (fault: AnyFault): boolean =>
  fault.racy === true ||
  baseOf(fault) === 'native' ||
  checks.get(fault.requirement)!.scenarios?.some(({ mode }) => mode === 'free') === true;
const rows = (some: readonly AnyFault[]) => some.map((fault) => [fault.name, fault.requirement, fault] as const);

describe('is caught by its own requirement, with its own phrase:', () => {
  test.each(rows(judged.filter(isAlone)))('%s (%s)', (_name, _id, fault) => expectCaught(fault));
  // Some sleep, or never answer: others go on meanwhile.
  describe.concurrent('beside others,', () => {
    test.each(rows(judged.filter((fault) => !isAlone(fault))))('%s (%s)', (_name, _id, fault) => expectCaught(fault));
  });
});
