import { describe, expect, it } from 'vitest';
import { RESULTS_VERSION, type ResultOf, type ResultRecord, type Verdict } from '../spec/results.js';
import { mergeResults, type Merged } from './merge.js';
import { buildReport } from './model.js';
import { ResultsError } from './results-error.js';
import { parseResults } from './results-file.js';
import { HOSTILE } from './sample-hostile.js';
import { sampleEnd, sampleRecords, sampleRequirements, sampleRun, sampleText } from './sample-results.js';
import { sampleCheckpoints, sampleStress, stressRecords } from './sample-stress.js';

const drains = sampleRun().drains.slice(0, 2);
const END: ResultOf<'end'> = { ...sampleEnd([]), ok: true, problems: [] };
const run = (more: Partial<ResultOf<'run'>> = {}): ResultOf<'run'> => ({ ...sampleRun(), drains, ...more });
const shard = (index: number, of = 3): Partial<ResultOf<'run'>> => ({ profile: 'standard', shard: { index, of } });

/** A part: a file with these records; `end` undefined: it was cut off. */
function part(
  source: string,
  head: ResultOf<'run'>,
  records: readonly ResultRecord[],
  end: ResultOf<'end'> | null = END,
) {
  const text = sampleText([head, ...records, ...(end === null ? [] : [end])]);
  return { source, results: parseResults(text, source) };
}
const load = (scenario: string, verdict: Verdict = 'pass', drain = 'native') =>
  sampleStress(scenario, drain, verdict, {});
const verdict = (id: string, kind: Verdict = 'pass', drain = 'native'): ResultOf<'verdict'> => {
  const zero = { seed: 1, scenarios: 1, events: 1, durationMs: 1 };
  return { type: 'verdict', id, drain, verdict: kind, reason: 'because', ...zero };
};
const ofType = <T extends ResultRecord['type']>({ records }: Merged, type: T): ResultOf<T>[] =>
  records.filter((record): record is ResultOf<T> => record.type === type);

describe('merged shards', () => {
  const parts = [
    part('a', run(shard(1)), [load('throughput'), ...stressRecords().slice(-6)]),
    part('b', run({ ...shard(2), startedAt: '2026-03-14T09:00:00.000Z' }), [
      load('burst'),
      load('burst', 'pass', 'reference'),
    ]),
    part('c', run(shard(3)), [load('soak'), ...sampleCheckpoints('native'), ...stressRecords().slice(-6)], {
      ...END,
      endedAt: '2026-03-14T10:00:00.000Z',
    }),
  ];
  const merged = mergeResults(parts);

  it('are one run, with every verdict once and the counts of all', () => {
    expect(merged.end).toMatchObject({ ok: true, problems: [], endedAt: '2026-03-14T10:00:00.000Z' });
    expect(merged.end.counts).toMatchObject({ pass: 4, fail: 0 });
    const [head] = ofType(merged, 'run');
    expect(head).toMatchObject({ mergedFrom: 3, profile: 'standard', startedAt: '2026-03-14T09:00:00.000Z', drains });
    expect(head!.shard).toBeUndefined();
    expect(ofType(merged, 'stress')).toHaveLength(4);
    expect(ofType(merged, 'checkpoint')).toEqual([]);
    expect(ofType(merged, 'benchmark')).toHaveLength(6);
    expect(merged.notes).toEqual([]);
  });

  it('make a results file that reads back, with nothing to find fault with', () => {
    const results = parseResults(sampleText(merged.records), 'merged');
    expect(buildReport(results)).toMatchObject({ status: 'ok', problems: [] });
    expect(mergeResults([{ source: 'merged', results }, parts[0]!]).records[0]).toMatchObject({ mergedFrom: 4 });
  });

  it('are told missing, or there twice', () => {
    const told = (...indices: (readonly [number, number])[]): readonly string[] =>
      mergeResults(indices.map(([index, of], i) => part(`p${i}`, run(shard(index, of)), [load(`s${i}`)]))).end.problems;
    expect(told([1, 3], [3, 3])).toEqual(['shard 2 of 3 is missing']);
    expect(told([2, 4])).toEqual(['shards 1, 3, 4 of 4 are missing']);
    expect(told([1, 2], [2, 2], [2, 2])).toEqual(['shard 2 of 2 is there twice: p1 and p2']);
    expect(told([1, 1e9])[0]).toMatch(/^shards 2, 3, .*, 11 and 999,999,989 more of 1000000000 are missing$/);
    expect(told([1, 1], [5, 1])).toEqual([]);
  });

  it('are not ok when a part was cut off, ended early or is not as declared', () => {
    const cut = mergeResults([part('a', run(shard(1, 1)), sampleCheckpoints('native'), null)]);
    expect(cut.end.problems).toEqual([
      'a: The run was cut off before its end: there is no `end` record.',
      'soak on native was interrupted',
      'no check was run',
    ]);
    expect(cut.end.endedAt).toBe(run().startedAt);
    expect(ofType(cut, 'checkpoint')).toHaveLength(sampleCheckpoints('native').length);
    const early = mergeResults([part('a', run(), [{ ...load('soak'), partial: true }])]);
    expect(early.end).toMatchObject({ ok: false, problems: ['a: soak on native was ended early'] });
    const red = mergeResults([part('a', run(), [load('soak')], { ...END, ok: false })]);
    expect(red.end.problems).toEqual(['a: it is not as declared']);
    const dead = mergeResults([part('a', run(), [load('soak')], { ...END, ok: false, problems: ['a worker died'] })]);
    expect(dead.end.problems).toEqual(['a: a worker died']);
  });

  it('count anew what is not as declared', () => {
    const end = { ...END, ok: false, problems: ['1 verdicts are not as declared'] };
    const merged = mergeResults([part('a', run(), [load('soak', 'fail')], end), part('b', run(), [load('churn')])]);
    expect(merged.end).toMatchObject({
      ok: false,
      problems: ['1 verdict is not as declared'],
      counts: { pass: 1, fail: 1 },
    });
  });
});

describe('a conformance run and a stress run', () => {
  it('stand in one file, requirements in the order of the spec', () => {
    const [one, two, three] = sampleRequirements();
    const conformance = part('run', run(), [three!, one!, verdict(three!.id), verdict(one!.id)]);
    const family = part('family', run(), [two!, verdict(two!.id), one!]);
    const stress = part('stress', run(shard(1, 1)), [load('throughput')]);
    const merged = mergeResults([conformance, family, stress]);
    expect(ofType(merged, 'requirement').map(({ id }) => id)).toEqual([one!.id, two!.id, three!.id]);
    expect(merged.end).toMatchObject({ ok: true, counts: { pass: 4 } });
    expect(ofType(merged, 'run')[0]).toMatchObject({ mergedFrom: 3, profile: 'standard' });
    const strange = { ...one!, id: 'NEW-ONE' };
    expect(ofType(mergeResults([part('x', run(), [strange, one!])]), 'requirement').at(-1)).toEqual(strange);
  });

  it('may both be shards', () => {
    const own = { shard: { index: 1, of: 2 } };
    const merged = mergeResults([
      part('a', run(own), [load('x')]),
      part('b', run({ shard: { index: 2, of: 2 } }), [load('y')]),
      part('c', run({ ...own, profile: 'quick' }), [load('z')]),
    ]);
    expect(merged.end.problems).toEqual(['shard 2 of 2 is missing']);
  });

  it('keep drains that only one has', () => {
    const tracer = sampleRun().drains.slice(2);
    const merged = mergeResults([part('a', run(), [load('x')]), part('b', run({ drains: tracer }), [])]);
    expect(ofType(merged, 'run')[0]!.drains.map(({ name }) => name)).toEqual(['reference', 'native', 'tracer']);
  });
});

describe('what is there twice', () => {
  it('keeps the worse of two verdicts, and says so', () => {
    for (const kinds of [
      ['pass', 'fail'],
      ['fail', 'pass'],
    ] as const) {
      const records = kinds.map((kind) => [verdict('LANE-ORDER', kind), load('burst', kind)]);
      const merged = mergeResults([part('a', run(), records[0]!), part('b', run(), records[1]!)]);
      expect([...ofType(merged, 'verdict'), ...ofType(merged, 'stress')].map((one) => one.verdict)).toEqual([
        'fail',
        'fail',
      ]);
      expect(merged.end.problems).toEqual([
        'There are two verdicts on LANE-ORDER for native; the worse is kept.',
        'There are two verdicts on burst for native; the worse is kept.',
        '2 verdicts are not as declared',
      ]);
    }
    const whole = { source: 'a', results: parseResults(sampleText(sampleRecords()), 'a') };
    const [told] = mergeResults([whole, whole]).end.problems.filter((problem) => problem.includes('two verdicts'));
    expect(told).toMatch(/^There are two verdicts on LANE-\S+, .* and 111 more for reference; the worse is kept\.$/);
  });

  it('is kept once, and noted where it differs', () => {
    const broken: ResultOf<'broken'> = {
      ...{ type: 'broken', name: 'swapped', what: 'w', base: 'native', requirement: 'LANE-ORDER', phrase: 'p' },
      ...{ racy: false, runs: 1, caught: 1, failedBy: [], notRun: [] },
    };
    const covered = (n: number, file = 'a.ts'): ResultOf<'coverage'> => {
      const lines = { covered: n, total: 9 };
      return { type: 'coverage', drain: 'native', file, lines, branches: lines, functions: lines, uncovered: [] };
    };
    const knee = stressRecords().find((one) => one.type === 'saturation')!;
    const records = [load('x'), broken, covered(3), covered(9, 'b.ts'), knee];
    const same = mergeResults([part('a', run(), records), part('b', run(), records.slice(1))]);
    expect(same.notes).toEqual([]);
    expect(['broken', 'coverage', 'saturation'].map((type) => ofType(same, type as 'broken').length)).toEqual([
      1, 2, 1,
    ]);
    const other = [{ ...broken, caught: 0 }, covered(5), covered(4, 'b.ts'), { ...knee, limitP99Ms: 5 }];
    const differing = mergeResults([part('a', run(), records), part('b', run(), other)]);
    expect(differing.end.ok).toBe(true);
    expect(ofType(differing, 'coverage').map(({ lines }) => lines.covered)).toEqual([5, 9]);
    expect(ofType(differing, 'broken')).toEqual([broken]);
    expect(differing.notes).toEqual([
      'There are two different saturation curves 1 thread of reference; the first is kept.',
      'There are two different counts of the broken drain swapped of native; the first is kept.',
      'The coverage differs between the parts; of each file the largest is kept.',
    ]);
  });
});

describe('what differs between the parts', () => {
  const two = (more: Partial<ResultOf<'run'>>): Merged =>
    mergeResults([part('a', run({ profile: 'quick' }), [load('x')]), part('b', run(more), [load('y')])]);

  it('is noted where it is no fault: seed, machine, version', () => {
    expect(two({ seed: 2 })).toMatchObject({
      end: { ok: true },
      notes: ['The parts have different seeds: 20260314, 2; the first is told.'],
    });
    const machine = { ...run().machine, cores: 2 };
    expect(two({ machine }).notes).toEqual(['The parts are of 2 different machines; the first is told.']);
    const tool = { name: 'drainproof', version: '9' };
    expect(two({ tool }).notes).toEqual(['The parts are of drainproof 0.1.0, 9; the first is told.']);
    expect(two({ startedAt: 'yesterday', version: RESULTS_VERSION }).end.ok).toBe(true);
  });

  it('is a problem of profiles', () => {
    expect(two({ profile: 'soak' }).end.problems).toEqual(['the parts are of different profiles: quick, soak']);
  });

  it.each([
    [{ version: '0.2.0' }, "its drain 'native' is version 0.2.0, with "],
    [
      { capabilities: ['wake', 'arena'] },
      "its drain 'native' is version 0.1.0, with arena, wake; that of a is version 0.1.0",
    ],
    [{ capabilities: [] }, 'with no capability; that of a'],
    [{ version: HOSTILE }, 'is version </script>'],
  ])('is refused of drains of one name: %j', (more, wrong) => {
    const other = drains.map((drain) => (drain.name === 'native' ? { ...drain, ...more } : drain));
    let error: unknown;
    try {
      two({ drains: other });
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(ResultsError);
    expect((error as ResultsError).message).toContain(wrong);
    expect((error as ResultsError).message).not.toMatch(/\p{Cc}/u);
    expect(error).toMatchObject({ source: 'b', expected: 'one drain of that name in all results' });
    expect((error as ResultsError).action).toContain('names of their own');
  });

  it('is no difference where only the order is another', () => {
    const other = drains.map((drain) => ({ ...drain, capabilities: [...drain.capabilities].reverse(), path: '/x' }));
    expect(two({ drains: other }).end.ok).toBe(true);
  });
});
