import { expect, test } from 'vitest';
import { QUEUE_STATE, SLOT_STATE, WINDOW_STATE } from './layout.js';
import { QUEUE_TRANSITIONS, SLOT_TRANSITIONS, WINDOW_TRANSITIONS, mayFollow } from './states.js';

test('every state of the layout has its transitions, and nothing else has', () => {
  expect(Object.keys(SLOT_TRANSITIONS).sort()).toEqual(Object.keys(SLOT_STATE).sort());
  expect(Object.keys(QUEUE_TRANSITIONS).sort()).toEqual(Object.keys(QUEUE_STATE).sort());
  expect(Object.keys(WINDOW_TRANSITIONS).sort()).toEqual(Object.keys(WINDOW_STATE).sort());
});

test('a slot goes round in one direction, and a marked window is never evicted', () => {
  expect(mayFollow(SLOT_TRANSITIONS, 'active', 'leaving')).toBe(true);
  expect(mayFollow(SLOT_TRANSITIONS, 'active', 'free')).toBe(false);
  expect(mayFollow(WINDOW_TRANSITIONS, 'sealed', 'open')).toBe(true);
  expect(mayFollow(WINDOW_TRANSITIONS, 'sealedMarked', 'open')).toBe(false);
});
