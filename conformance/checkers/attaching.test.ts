import { expect, test } from 'vitest';
import type { HistoryInput } from '../../spec/index.js';
import { findAttachFaults } from './attaching.js';
import { stepped } from './testing.js';

const attach = (change: string, outcome: string): HistoryInput => ({ type: 'attach', change, outcome });
const faults = (...records: HistoryInput[]) => findAttachFaults(stepped({}, ...records), { magic: 'ARENA_FOREIGN' });
const sound = attach('none', 'accepted');

test('each kind of a change is refused with the code of the change', () => {
  expect(faults(sound, attach('magic', 'ARENA_FOREIGN'), attach('magic: byte 7', 'ARENA_FOREIGN'))).toEqual([]);
  expect(
    faults(sound, attach('magic', 'accepted'), attach('magic: byte 7', 'ARENA_CORRUPT')).map(({ message }) => message),
  ).toEqual([
    "an arena with the change 'magic' was answered with 'accepted'",
    "an arena with the change 'magic: byte 7' was answered with 'ARENA_CORRUPT'",
  ]);
  expect(faults(sound, attach('magic', 'accepted'))).toEqual([
    {
      rule: 'attach',
      message: "an arena with the change 'magic' was answered with 'accepted'",
      expected: 'ARENA_FOREIGN',
      seen: 'accepted',
      evidence: [2],
    },
  ]);
});

test('a change that no code is known for is a fault whatever the answer', () => {
  expect(faults(sound, attach('colour', 'ARENA_FOREIGN'))).toMatchObject([{ expected: '', seen: 'ARENA_FOREIGN' }]);
});

test('a sound arena is accepted', () => {
  expect(faults(attach('magic', 'ARENA_FOREIGN'), sound)).toEqual([]);
  expect(faults(attach('magic', 'accepted'), attach('none', 'ARENA_CORRUPT'))).toEqual([
    {
      rule: 'attach',
      message: 'a sound arena was refused with ARENA_CORRUPT',
      expected: 'accepted',
      seen: 'ARENA_CORRUPT',
      evidence: [2],
    },
  ]);
  expect(faults()).toMatchObject([
    { message: 'a sound arena was refused with no answer', seen: 'nothing', evidence: [0] },
  ]);
});
