import { describe, expect, test } from 'vitest';
import type { HistoryRecord } from '../../spec/index.js';
import { batch, group as submit, iteration, leave, ledger, metrics, register, stepped } from '../checkers/testing.js';
import { judged } from './testing.js';

test('an iteration reclaims what is reported, where reclaims are', async () => {
  const event = (name: 'registered' | 'reclaimed', thread: number) =>
    ({ type: 'thread-event', drain: 0, event: name, thread, slot: thread, generation: 1 }) as const;
  const reclaims = [leave(1), iteration({ reclaimed: 1 })];
  const quiet = await judged(stepped({}, register(1), event('registered', 1), ...reclaims));
  expect(quiet('ITER-RESULT-EXACT')).toBe('pass');
  const told = [leave(2), event('reclaimed', 2), iteration({ reclaimed: 1 })];
  const hidden = await judged(stepped({}, register(1), register(2), ...told, ...reclaims));
  expect(hidden('ITER-RESULT-EXACT')).toBe('fail: an iteration says reclaimed 1, and it was 0');
});

test('the metrics count registrations, each at the latest by the iteration after it', async () => {
  const told = async (registered: number, ...records: Parameters<typeof stepped>[1][]): Promise<string> => {
    const iterations = records.filter(({ type }) => type === 'iteration').length;
    const counted = metrics(ledger(0, 0), ledger(0, 0), [], { registered, iterations });
    return (await judged(stepped({}, ...records, counted)))('METRIC-EXACT');
  };
  const two = [register(1), iteration(), register(2), register(3, { outcome: 'REGISTRY_FULL' })];
  expect(await told(9, ...two)).toBe('fail: the metrics say registered 9, and it was 2');
  expect([await told(2, ...two), await told(1, ...two), await told(0, ...two)]).toEqual(['pass', 'pass', 'pass']);
  expect(await told(0, ...two, iteration())).toBe('fail: the metrics say registered 0, and it was 1');
  expect(await told(1, ...two, iteration(), iteration())).toBe('fail: the metrics say registered 1, and it was 2');
  expect(await told(4, iteration())).toBe('pass');
});

describe('joins', () => {
  const group = submit(1, 'submit', [0, 2], [0, 2]);
  const marked = { type: 'mark', thread: 1, at: 2, outcome: 'accepted' } as const;
  const say = async (run: object, ...more: Parameters<typeof stepped>[1][]): Promise<string> => {
    const delivered = batch(1, [{ from: 0, count: 2, ...run }]);
    const all = [register(1), group, ...more, delivered, iteration()];
    return (await judged(stepped({}, ...all)))('LANE-JOIN');
  };

  test('are undecided where no batch tells any', async () => {
    expect(await say({})).toBe('undecided: no batch tells the detail of an index event (`join`)');
    expect(await say({ join: 0 })).toBe('pass');
    expect(await say({ join: 1 })).toContain('fail: thread 1: index event 0');
  });

  test('of marked detail need the sizes of windows, unless they are wrong anyway', async () => {
    expect(await say({ join: 0 }, marked)).toContain("undecided: the header's config does not give windowRecords");
    expect(await say({ join: 1 }, marked)).toContain('fail: thread 1: index event 0');
  });
});

describe('the registry', () => {
  const refused = (outcome: string): HistoryRecord[] =>
    stepped({ slots: 2 }, register(1), register(2, { outcome, slot: undefined }), iteration());

  test('a refusal for want of room is judged; one for another reason says nothing about room', async () => {
    expect((await judged(refused('REGISTRY_FULL')))('THREAD-REGISTRY-FULL')).toContain(
      'fail: thread 2 could not register',
    );
    for (const code of ['INVALID_WEIGHT', 'NO_SLOT'])
      expect((await judged(refused(code)))('THREAD-REGISTRY-FULL')).toContain('undecided: nobody registered');
  });

  test('a full registry says that it is full, unless what was asked for is wrong anyway', async () => {
    const full = async (outcome: string): Promise<string> => {
      const third = register(3, { outcome, slot: undefined });
      return (await judged(stepped({ slots: 2 }, register(1), register(2), third, iteration())))(
        'THREAD-REGISTRY-FULL',
      );
    };
    expect(await full('REGISTRY_FULL')).toBe('pass');
    expect(await full('NO_SLOT')).toBe("fail: thread 3 registered and was told 'NO_SLOT'");
    expect(await full('INVALID_WEIGHT')).toContain('undecided: nobody registered');
    expect(await full('unknown')).toContain('undecided: nobody registered');
  });
});
