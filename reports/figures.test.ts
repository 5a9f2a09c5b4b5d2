import { describe, expect, it } from 'vitest';
import { besideLimit, figure, marginText, median, metricWords, number, samplesText, spreadText } from './figures.js';

describe('numbers', () => {
  it.each([
    [0, '', '0'],
    [0.98765, '', '0.988'],
    [-0.5, 'MB/h', '-0.5 MB/h'],
    [1234.5, 'ms', '1,235 ms'],
    [9999, 'events', '9,999 events'],
    [12_345, 'events', '12.3 k events'],
    [41_700_000, 'events/s', '41.7 M events/s'],
    [2.5e10, 'events/s', '25 G events/s'],
    [1e300, 'ms', '1e+300 ms'],
    [1e-9, '', '1e-9'],
  ])('%d with %j is %s', (value, unit, text) => expect(figure(value, unit)).toBe(text));

  it('name what is measured', () => {
    expect(metricWords('latencyP99Ms')).toBe('latency, P99');
    expect(metricWords('toString')).toBe('toString');
    expect(number(1234567)).toBe('1,234,567');
    expect(median([])).toBeNaN();
    expect(median([3, 1, 2])).toBe(2);
  });
});

describe('beside a limit', () => {
  const limit = { limit: 110, unit: 'ms' };

  it('no value reads like the limit unless it is', () => {
    expect(besideLimit(110.0004, limit)).toBe('110.0004 ms');
    expect(besideLimit(110, limit)).toBe('110 ms');
    expect(besideLimit(70, limit)).toBe('70 ms');
    expect(besideLimit(110 + 1e-14, limit)).toBe('110 ms'); // no digits are left to tell them apart
    expect(besideLimit(undefined, limit)).toBe('–');
    expect(besideLimit(1 + 1e-15, { limit: 1, unit: '' })).toBe('1');
  });

  it.each([
    [undefined, 1, ''],
    [0, 0, '±0'],
    [-3, 0, '−3'],
    [0.2399, 1, '+23 %'],
    [0.0341, 1, '+3.4 %'],
    [-0.0341, 1, '−3.5 %'],
    [0.0001, 1, '+<0.1 %'],
    [-0.0001, 1, '−0.1 %'],
    [0, 1, '±0.0 %'],
    [59, 1, '+5,900 %'],
  ])('a margin of %d by %d is %s, never told better than it is', (margin, by, text) =>
    expect(marginText({ limit: by, ...(margin !== undefined && { margin }) })).toBe(text),
  );

  it('repeats are told one by one, or from least to most', () => {
    expect(samplesText({ ...limit, samples: [1, 2, 3] }, 2)).toBe('1 ms, 2 ms and 1 more');
    expect(spreadText({ ...limit, samples: [3, 1, 2] })).toBe('1 ms to 3 ms');
    expect(spreadText({ ...limit, samples: [2, 2] })).toBe('2 ms');
    expect(spreadText({ ...limit, samples: [2] })).toBe('');
  });
});
