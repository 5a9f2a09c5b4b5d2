import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HistoryRecord, type HistoryInput } from '../../spec/index.js';
import { batch, emit } from '../checkers/testing.js';
import { quickRecord } from './quick-record.js';

const copy = (value: unknown): unknown => JSON.parse(JSON.stringify(value)) as unknown;
const FULL: HistoryInput[] = [
  emit(1, 0, 3),
  { ...(emit(1, 3, 1, 'LANE_FULL', 'detail') as object), retries: 4 } as HistoryInput,
  batch(1, [[0, 3]]),
  batch(2, [{ from: 4, count: 1, thread: 3, join: 9 }], { drain: 1, batches: 2, slot: -1, lane: 'detail' }),
];

test('sound emits and batches are told as the schema tells them', () => {
  for (const record of FULL) expect(quickRecord(copy(record))).toEqual(HistoryRecord.parse(copy(record)));
});

test('what it does not know it leaves to the schema', () => {
  const strange = [undefined, null, 3, 'x', [], {}, { type: 'leave', thread: 1, outcome: 'accepted' }];
  for (const value of strange) expect(quickRecord(value)).toBeUndefined();
  expect(quickRecord(copy(batch(1, [{ torn: true, at: 0, hex: '00' }])))).toBeUndefined();
  expect(quickRecord(copy({ ...(batch(1, [[0, 1]]) as object), malformed: 'odd' }))).toBeUndefined();
});

test('whatever is changed in a record, it never tells one that the schema refuses, or tells otherwise', () => {
  const values = fc.constantFrom<unknown>(-1, 0, 1.5, 2 ** 53, NaN, '1', 'index', 'detail', null, true, [], {}, [{}]);
  const runs = fc.constantFrom<unknown>(
    [null],
    [7],
    [{ from: 0 }],
    [{ count: 1 }],
    [{ from: 0, count: -1 }],
    [{ from: 0, count: 1, at: 0 }],
  );
  const change = fc.record({
    record: fc.constantFrom(...FULL),
    key: fc.constantFrom(
      'type',
      'thread',
      'lane',
      'from',
      'count',
      'outcome',
      'retries',
      'slot',
      'generation',
      'runs',
      'acknowledged',
      'batches',
      'drain',
      'other',
    ),
    value: fc.oneof(values, runs),
    drop: fc.boolean(),
  });
  fc.assert(
    fc.property(change, ({ record, key, value, drop }) => {
      const changed = copy(record) as Record<string, unknown>;
      if (drop) Reflect.deleteProperty(changed, key);
      else changed[key] = value;
      const checked = HistoryRecord.safeParse({ ...changed });
      const quick = quickRecord({ ...changed });
      if (quick !== undefined) expect(quick).toEqual(checked.data);
    }),
    { numRuns: 2000 },
  );
});
