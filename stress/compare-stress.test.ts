import { describe, expect, test } from 'vitest';
import { StressLoad, type TargetVerdict } from '../spec/index.js';
import { compareResults, type Compared, type ComparedResults } from './compare.js';
import { NOISE, about, results } from './testing.js';

const only = ({ compared }: { compared: readonly Compared[] }): Compared => compared[0]!;

describe('stress targets', () => {
  function stress(
    relation: TargetVerdict['relation'],
    samples: readonly number[],
    load: Partial<StressLoad> = {},
    limit = 10,
  ): ComparedResults {
    const groups = [{ threads: 2, arrivals: { kind: 'closed' as const } }];
    return results({
      stress: [
        {
          type: 'stress',
          scenario: 'steady',
          title: '',
          about: '',
          drain: 'mine',
          verdict: 'pass',
          reason: '',
          seed: 1,
          durationMs: 1,
          partial: false,
          load: StressLoad.parse({ version: 1, groups, durationMs: 10, ...load }),
          targets: [
            { metric: 'metric', unit: 'u', relation, limit, samples: [...samples], verdict: 'pass', reason: '' },
            { metric: 'unmeasured', unit: '', relation, limit, samples: [], verdict: 'inconclusive', reason: '' },
          ],
          results: [],
          replay: '',
        },
      ],
    });
  }

  test.each([
    ['at least', 'better'],
    ['above', 'better'],
    ['at most', 'worse'],
    ['below', 'worse'],
  ] as const)('%s: more is %s', (relation, verdict) => {
    const { compared } = compareResults(stress(relation, about(5)), stress(relation, about(8)));
    expect(compared).toHaveLength(1);
    expect(only({ compared })).toMatchObject({
      kind: 'stress',
      name: 'steady: metric',
      unit: 'u',
      ratio: 1.6,
      verdict,
    });
  });
  test.each([
    [[0], [0, 0], 'same'],
    [[0, 0], [0, 3], 'worse'],
    [[4], [-2], 'better'],
  ] as const)('exactly 0: %j, then %j is %s, without a thought of noise', (before, after, verdict) => {
    const change = only(compareResults(stress('exactly', before, {}, 0), stress('exactly', after, {}, 0)));
    expect(change.verdict).toBe(verdict);
    expect(change.reason).toMatch(/^at most \d away from 0 in A, \d in B$/);
  });
  test('a slope about 0 is told by its limit', () => {
    const slope = (middle: number): ComparedResults =>
      stress(
        'below',
        NOISE.map((one) => one - 1 + middle),
        {},
        1,
      );
    expect(only(compareResults(slope(0), slope(0.01))).verdict).toBe('same');
    expect(only(compareResults(slope(0), slope(0.5))).verdict).toBe('worse');
  });
  test('of another load tell nothing; seed and length make none', () => {
    const before = stress('at least', about(5));
    expect(only(compareResults(before, stress('at least', about(8), { gatherMs: 7 })))).toMatchObject({
      verdict: 'cannot tell',
      reason: 'the loads are not the same',
    });
    expect(only(compareResults(before, stress('at least', about(8), { seed: 7, durationMs: 20 }))).verdict).toBe(
      'better',
    );
  });
});
