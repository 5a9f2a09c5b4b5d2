import { describe, expect, test } from 'vitest';
import { beginsAs, stableMessage } from './stable-message.js';

describe('a stable message', () => {
  test.each([
    [
      'thread 1, index lane: events 256 to 299 were delivered twice',
      'thread #, index lane: event # was delivered twice',
    ],
    ['thread 1, index lane: event 7 was delivered twice', 'thread #, index lane: event # was delivered twice'],
    ['offered again after 1, 1, 2,4 iterations: no back-off', 'offered again after # iterations: no back-off'],
    ['torn or foreign bytes (be190100000000003b41...)', 'torn or foreign bytes (#...)'],
    ['it took 12.5 ms at 0x7f3a, seed 88, event 3.', 'it took # ms at #, seed #, event #.'],
    ['windows 3–7 of lane.js: LANE_FULL', 'windows # of lane.js: LANE_FULL'],
  ])('of %j leaves out what a seed changes', (message, stable) => {
    expect(stableMessage(message)).toBe(stable);
    expect(stableMessage(stable)).toBe(stable);
  });
});

describe('a declared beginning', () => {
  test('fits whatever the numbers are, written out or not', () => {
    for (const declared of [
      'thread #, index lane',
      'thread 9, index lane: event 4',
      'thread 1, index lane: events 2 to 3 were',
    ])
      expect(beginsAs('thread 12, index lane: event 4 was lost', declared), declared).toBe(true);
  });
  test('does not fit other words, or words further on', () => {
    expect(beginsAs('thread 1, detail lane: event 4', 'thread 1, index lane')).toBe(false);
    expect(beginsAs('in all, thread 1, index lane', 'thread 1, index lane')).toBe(false);
    expect(beginsAs('thread 1', 'thread 1, index lane')).toBe(false);
  });
});
