/** Odd drains pass all that they claim; lying ones pass nothing that they lie about. `npm run odd` runs every check on all of them. */
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { REQUIREMENTS, type ScenarioInput } from '../../spec/index.js';
import type { Check } from '../check.js';
import { buildVariant } from '../broken/build.js';
import { judgeDrain, loadChecks } from '../broken/trial.js';
import type { Limits } from '../client/limits.js';
import type { VerdictRecord } from '../judge.js';
import { DIST } from '../runner/drains.js';
import { LYING_DRAINS } from './lying-drains.js';
import { ODD_DRAINS } from './odd-drains.js';
import { believed, countOf, falseAlarms, isLiedAbout, sampled } from './trial.js';

const ROOT = dirname(DIST);
/** Each odd drain is judged here by one of so many checks, its neighbour in the list by the next one; `npm run odd` judges it by all. */
const PART = 3;
/** Of every so many checks one is run whole, with its generated scenarios; another one for each drain. */
const NTH = 48;
/** Oddness that only real threads meet, and the check that meets it. */
const AMONG_THREADS: Readonly<Record<string, string>> = { polls: 'QUEUE-WAKE', 'scattered-slots': 'THREAD-CHURN' };
/** Handles of its own threads: each step goes to a worker, so a few checks must do. */
const SLOW: Readonly<Record<string, readonly string[]>> = {
  'bound-handles': ['LANE-ORDER', 'QUEUE-SKIP-COUNTED', 'THREAD-DOUBLE-LEAVE', 'STOP-TWICE'],
};
const LIMITS: Limits = { openMs: 30_000, steppedMs: 60_000, freeMs: 60_000, closeMs: 500 };

let checks: ReadonlyMap<string, Check>;
beforeAll(async () => {
  checks = await loadChecks();
});

describe('the drains', () => {
  test('have names of their own', () => {
    const names = [...ODD_DRAINS, ...LYING_DRAINS].map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of [...Object.keys(AMONG_THREADS), ...Object.keys(SLOW)]) expect(names).toContain(name);
  });
  test('lie about requirements that exist', () => {
    for (const { lies } of LYING_DRAINS) {
      expect(lies).not.toEqual([]);
      for (const lie of lies)
        expect(
          REQUIREMENTS.some(({ id }) => isLiedAbout({ lies: [lie] }, id)),
          lie,
        ).toBe(true);
    }
  });
});

describe.concurrent('passes all that it claims:', () => {
  test.each(ODD_DRAINS.map((drain, at) => [drain.name, drain, at] as const))('%s', async (name, drain, at) => {
    const wanted = [
      ...sampled(checks.values(), NTH, at).filter(({ id }, i) => SLOW[name]?.includes(id) ?? (i + at) % PART === 0),
      ...[...checks.values()].filter(({ id }) => id === AMONG_THREADS[name]),
    ];
    const verdicts = await judgeDrain(buildVariant(drain, ROOT, 'odd'), name, wanted, { limits: LIMITS });
    expect(falseAlarms(verdicts), drain.what).toEqual([]);
    expect(countOf(verdicts, 'pass')).toBeGreaterThan(3);
  });
});

describe.concurrent('is not believed:', () => {
  test.each(LYING_DRAINS.map((drain, at) => [drain.name, drain, at] as const))('%s', async (name, drain, at) => {
    const wanted = sampled(checks.values(), NTH, at).filter(({ id }) => isLiedAbout(drain, id));
    const path = buildVariant(drain, ROOT, 'lying');
    const first = await judgeDrain(path, name, wanted, { limits: LIMITS });
    const passed = first.filter(({ verdict }) => verdict === 'pass').map(({ id }) => checks.get(id)!);
    const whole = await judgeDrain(path, name, passed, { limits: LIMITS }); // what the written scenarios do not show
    const verdicts = [...first.filter(({ verdict }) => verdict !== 'pass'), ...whole];
    expect(believed(drain, verdicts), drain.what).toEqual([]);
    expect(countOf(verdicts, 'fail')).toBeGreaterThan(0);
  });
});

describe('what is asked of them', () => {
  const verdict = (id: string, name: VerdictRecord['verdict']): VerdictRecord => ({
    ...{ type: 'verdict', drain: 'mine', reason: 'why', seed: 1, scenarios: 1, events: 1, durationMs: 1 },
    id,
    verdict: name,
  });

  test('an odd drain passes or does not claim', () => {
    const verdicts = [
      verdict('A-1', 'pass'),
      verdict('A-2', 'not-applicable'),
      verdict('A-3', 'fail'),
      verdict('A-4', 'inconclusive'),
    ];
    expect(falseAlarms(verdicts)).toEqual(['A-3 fail: why', 'A-4 inconclusive: why']);
    expect(countOf(verdicts, 'pass', 'fail')).toBe(2);
  });

  test('a liar fails what it lies about, and never the suite', () => {
    const liar = { lies: ['FAIR', 'LOSS-NOT-TORN'] };
    const verdicts = [
      verdict('FAIR-LAG', 'fail'),
      verdict('FAIR-WAIT', 'pass'),
      verdict('FAIR-QUIET', 'not-applicable'),
      verdict('LOSS-NOT-TORN', 'inconclusive'),
      verdict('LOSS-NO-PHANTOM', 'pass'),
      verdict('SINK-PARTIAL', 'error'),
    ];
    expect(believed(liar, verdicts)).toEqual([
      'FAIR-WAIT pass: why',
      'FAIR-QUIET not-applicable: why',
      'SINK-PARTIAL error: why',
    ]);
  });

  test('a sample holds every check, and every n-th of them whole', () => {
    const scenario: ScenarioInput = { mode: 'stepped', steps: [] };
    const generated = checks.get('LANE-ORDER')!.generated!;
    const check = (more: Partial<Check>): Check => ({ id: 'LANE-ORDER', judge: () => [], ...more });
    const few = sampled(
      [
        check({ scenarios: [scenario], generated }),
        check({ scenarios: [scenario], generated }),
        check({ generated: { ...generated, runs: 9 } }),
        check({ scenarios: [scenario] }),
        check({ also: [{ needs: [], scenarios: [{ mode: 'free', programs: [{ threadId: 1, events: 1 }] }] }] }),
      ],
      4,
      5,
    );
    expect(few.map((one) => one.generated?.runs)).toEqual([undefined, generated.runs, 3, undefined]);
  });
});

describe('the commands', () => {
  const start = (script: string, ...args: string[]): { status: number | null; stdout: string } =>
    spawnSync(process.execPath, [join(DIST, 'conformance', script), ...args], { encoding: 'utf8' });
  const run = (...args: string[]): { status: number | null; stdout: string } => start('odd/run-odd.js', ...args);

  test('npm run odd prints a row for each drain, and fails when there is none', () => {
    const { stdout, status } = run('half-capacity', 'stops-in-words', '--id', 'LANE-FULL-EMPTY', '--id', 'STOP-TWICE');
    expect(stdout).toMatch(/half-capacity +│ odd +│ 2 +│ 2 +│ 0 /);
    expect(stdout).toMatch(/stops-in-words +│ lies about 1 +│ 2 +│ 1 +│ 1 /);
    expect(status).toBe(0);
    const none = run('nobody');
    expect(none.stdout).toContain('no drain called nobody');
    expect(none.status).toBe(1);
  });

  test('try-check judges one of them', () => {
    const { stdout } = start('broken/try-check.js', 'lying', 'stops-in-words', 'STOP-DELIVERS-ALL');
    expect(stdout).toMatch(/^fail +STOP-DELIVERS-ALL +stops-in-words /);
  });
});
