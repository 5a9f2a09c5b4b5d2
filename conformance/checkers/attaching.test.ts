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
  expect(faults(sound, attach('magic', 'accepted'))[0]).toMatchObject({ expected: 'ARENA_FOREIGN', evidence: [2] });
});

test('a sound arena is accepted', () => {
  const refused = faults(attach('none', 'ARENA_CORRUPT'), attach('magic', 'ARENA_FOREIGN'));
  expect(refused.map(({ message }) => message)).toEqual(['a sound arena was refused with ARENA_CORRUPT']);
  expect(faults()[0]).toMatchObject({ message: 'a sound arena was refused with no answer', seen: 'nothing' });
});
