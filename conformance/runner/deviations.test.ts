import { describe, expect, test } from 'vitest';
import type { DrainDeclaration, Failure, Verdict } from '../../spec/index.js';
import type { VerdictRecord } from '../judge.js';
import { capabilityProblem, declare, fixList, unfitForFix } from './deviations.js';

const FILE = 'list.json';
const ISSUE = 'https://tracker.example/7';
const entry = { id: 'FAIR-LAG', message: 'service per weight differs by #', issue: ISSUE };
const listed: DrainDeclaration = { deviations: [entry] };

function record(verdict: Verdict, message = 'the reason', id = 'FAIR-LAG', kind?: Failure['kind']): VerdictRecord {
  const base = { type: 'verdict', id, drain: 'mine', seed: 1, scenarios: 1, events: 1, durationMs: 1 } as const;
  const failure = { kind: kind ?? 'violation', message, expected: '', seen: '', evidence: [], history: [] } as const;
  const told = verdict === 'fail' ? { failure: { ...failure, evidence: [], history: [], omitted: 0, replay: '' } } : {};
  return { ...base, verdict, reason: message, ...told };
}

describe('a listed requirement', () => {
  test('that fails as declared is a known deviation with its issue, and nothing is wrong', () => {
    const failed = record('fail', 'service per weight differs by 8 events');
    const { verdict, failure, issue, note } = declare(failed, listed, FILE).record;
    expect({ verdict, failure, issue, note }).toEqual({
      verdict: 'known-deviation',
      failure: failed.failure,
      issue: ISSUE,
      note: undefined,
    });
    expect(declare(failed, listed, FILE).problem).toBeUndefined();
    const noted = { deviations: [{ ...entry, note: 'by design' }] };
    expect(declare(failed, noted, FILE).record.note).toBe('by design');
  });
  test('is compared by its reason where a failure has no details', () => {
    const { failure: _, ...bare } = record('fail', 'service per weight differs by 8 events');
    expect(declare(bare, listed, FILE).record.verdict).toBe('known-deviation');
  });
  test('that fails with another message stays a failure, and both messages are told', () => {
    const { record: told, problem } = declare(record('fail', 'thread 2 starves'), listed, FILE);
    expect(told.verdict).toBe('fail');
    expect(told.reason).toBe("thread 2 starves (declared: 'service per weight differs by #')");
    expect(problem).toMatch(
      /^mine: FAIR-LAG stands in list\.json .*differs by #.*another message: 'thread 2 starves'$/,
    );
  });
  test('that passes is a problem that says what to do', () => {
    const { record: told, problem } = declare(record('pass'), listed, FILE);
    expect(told.verdict).toBe('pass');
    expect(problem).toMatch(/FAIR-LAG.*https:\/\/tracker\.example\/7.*mended; remove the entry, or run with --fix/);
  });
  test('that is not applicable is a problem', () => {
    expect(declare(record('not-applicable'), listed, FILE).problem).toMatch(/not applicable.*remove the entry/);
  });
  test.each(['inconclusive', 'error'] as const)('with the verdict %s keeps it', (verdict) => {
    expect(declare(record(verdict), listed, FILE)).toEqual({ record: record(verdict) });
  });
});

test('what is not listed stays as it is', () => {
  const failed = record('fail', 'service per weight differs by 8', 'FAIR-WAIT');
  expect(declare(failed, listed, FILE)).toEqual({ record: failed });
  expect(declare(failed, undefined, FILE)).toEqual({ record: failed });
});

describe('declared capabilities', () => {
  const told = (claims: string[], declared?: string[]): string | undefined =>
    capabilityProblem(
      { name: 'mine', capabilities: claims },
      { deviations: [], ...(declared && { capabilities: declared }) },
      FILE,
    );
  test('are compared only when they are there', () => {
    expect(told(['detail'])).toBeUndefined();
    expect(capabilityProblem({ name: 'mine', capabilities: ['detail'] }, undefined, FILE)).toBeUndefined();
  });
  test('are exactly what the drain claims, in any order', () => {
    expect(told(['detail', 'submit'], ['submit', 'detail'])).toBeUndefined();
    expect(told([], ['detail'])).toContain('it does not claim detail');
    expect(told(['detail'], [])).toContain('it claims detail, not listed');
    expect(told(['death'], ['wake'])).toMatch(/list\.json: it does not claim wake; it claims death, not listed$/);
  });
  test('leave out what this contract does not know', () => {
    expect(told(['detail', 'of-tomorrow'], ['detail'])).toBeUndefined();
  });
});

describe('--fix', () => {
  test('adds what failed, takes away what did not, mends messages, and keeps the rest', () => {
    const kept = { ...entry, note: 'mine' };
    const gone = { id: 'FAIR-WAIT', message: 'it waits too long', issue: ISSUE };
    const other = { id: 'FAIR-JAIN', message: 'it was something else', issue: 'J-1', note: 'keep' };
    const run = [
      record('fail', 'a quiet thread waited 9 visits', 'FAIR-QUIET'),
      record('fail', 'service per weight differs by 3', 'FAIR-LAG'),
      record('pass', '', 'FAIR-WAIT'),
      record('fail', "Jain's index is 0.5", 'FAIR-JAIN'),
    ];
    const { deviations, changes } = fixList(run, [other, gone, kept]);
    expect(deviations).toEqual([
      { ...other, message: "Jain's index is #" },
      kept,
      { id: 'FAIR-QUIET', message: 'a quiet thread waited # visits', issue: 'TODO' },
    ]);
    expect(changes.map((change) => change.split(':')[0])).toEqual([
      'changed FAIR-JAIN',
      'removed FAIR-WAIT',
      'added FAIR-QUIET',
    ]);
    const after = run.map((one) => declare(one, { deviations: [...deviations] }, FILE));
    expect(after.map(({ record: { verdict } }) => verdict)).not.toContain('fail');
    expect(fixList(run, deviations).changes).toEqual([]);
  });
  test('never lists the core', () => {
    expect(fixList([record('fail', 'event 1 was lost', 'LOSS-EXACTLY-ONCE')], []).deviations).toEqual([]);
  });
  test('writes nothing from verdicts that say nothing', () => {
    expect(unfitForFix([record('inconclusive')], listed)).toEqual(['mine: FAIR-LAG has the verdict inconclusive']);
    expect(unfitForFix([record('error')], undefined)).toHaveLength(1);
    const crash = record('fail', 'it ended with SIGSEGV', 'FAIR-LAG', 'crash');
    expect(unfitForFix([crash], listed)).toEqual([
      'mine: FAIR-LAG was not judged to its end (crash: it ended with SIGSEGV)',
    ]);
  });
  test('goes on where a crash is declared already, or is of the core, which is red anyway', () => {
    const crash = record('fail', 'it ended with SIGSEGV', 'FAIR-LAG', 'crash');
    expect(unfitForFix([crash], { deviations: [{ ...entry, message: 'it ended with' }] })).toEqual([]);
    expect(unfitForFix([record('fail', 'it ended', 'LANE-ORDER', 'crash'), record('pass')], undefined)).toEqual([]);
  });
});
