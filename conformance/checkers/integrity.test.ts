import { expect, test } from 'vitest';
import { findMalformed, findMisattribution, findTorn } from './integrity.js';
import { batch, register, said, stepped } from './testing.js';

test('torn records are found at their place, sound ones are not', () => {
  const torn = stepped({}, batch(1, [[0, 2], { torn: true, at: 2, hex: 'ab'.repeat(40) }]));
  expect(findTorn(torn)).toMatchObject([{ rule: 'torn', evidence: [1], seen: 'ab'.repeat(40) }]);
  expect(said(findTorn(torn))[0]).toContain('thread 1, index lane: record 2 of a batch');
  expect(findTorn(stepped({}, register(1), batch(1, [[0, 2]])))).toEqual([]);
});

test('records behind a torn one keep their place in the acknowledgement', () => {
  expect(findMalformed(stepped({}, batch(1, [{ torn: true, at: 0, hex: '' }, [0, 2]])))).toEqual([]);
});

test('records of another thread, and slots or generations that the thread does not have', () => {
  const found = (...more: Parameters<typeof batch>): string[] =>
    said(findMisattribution(stepped({}, register(1), batch(...more))));
  expect(found(1, [[0, 1]])).toEqual([]);
  expect(found(1, [{ from: 0, count: 1, thread: 1 }])).toEqual([]);
  expect(found(1, [{ from: 3, count: 1, thread: 2 }])).toEqual([
    'misattribution: event 3 of thread 2 was delivered in a batch of thread 1 (index lane)',
  ]);
  expect(found(1, [[0, 1]], { slot: 2 })).toEqual(['misattribution: a batch of thread 1 names slot 2, generation 1']);
  expect(found(1, [[0, 1]], { generation: 2 })).toHaveLength(1);
  expect(found(2, [[0, 1]], { slot: 9 })).toEqual([]);
  expect(found(1, [{ torn: true, at: 0, hex: '' }])).toEqual([]);
});

test('a registration that failed, or tells no slot, binds nothing', () => {
  const refused = register(1, { outcome: 'REGISTRY_FULL' });
  expect(findMisattribution(stepped({}, refused, batch(1, [[0, 1]], { slot: 7 })))).toEqual([]);
  const silent = { type: 'register', thread: 1, outcome: 'accepted', slot: 1 } as const;
  expect(findMisattribution(stepped({}, silent, batch(1, [[0, 1]], { slot: 7 })))).toEqual([]);
});

test('batches that are none', () => {
  const wrong = (...more: Parameters<typeof batch>): string | undefined =>
    findMalformed(stepped({}, register(1), batch(...more)))[0]?.seen;
  expect(wrong(1, [[0, 2]])).toBeUndefined();
  expect(wrong(1, [])).toBe('it is empty');
  expect(wrong(1, [[0, 2]], { malformed: 'spans are none' })).toBe('spans are none');
  expect(wrong(1, [[0, 2]], { count: 3 })).toBe('it says 3 records and holds 2');
  expect(wrong(1, [[0, 2]], { acknowledged: 3 })).toBe('3 of its 2 records were acknowledged');
});
