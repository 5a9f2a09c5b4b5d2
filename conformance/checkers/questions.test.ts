import { describe, expect, test } from 'vitest';
import type { HistoryInput } from '../../spec/index.js';
import { finding } from './finding.js';
import { Answers, settle, type Question } from './questions.js';
import { batch, detail, detailBatch, emit, group, stepped } from './testing.js';

const ask = (kind: Question['kind'], sequence: number, more: Partial<Question> = {}): Question => ({
  kind,
  thread: 1,
  lane: 'index',
  sequence,
  ...more,
});

/** The record and the outcome that each question is answered with. */
function answers(questions: readonly Question[], ...records: HistoryInput[]): (string | undefined)[] {
  let told: (string | undefined)[] = [];
  const tell = (given: readonly ({ record: number; outcome: string } | undefined)[]) => {
    told = given.map((one) => (one === undefined ? undefined : `${one.record} ${one.outcome}`));
    return finding('r', 'm', 'e', 's', []);
  };
  settle(stepped({}, ...records), [{ questions, tell }]);
  return told;
}

describe('which record was the first to tell it', () => {
  test('of an emit: accepted, or rejected and with which code', () => {
    const records = [emit(1, 0, 2), emit(1, 2, 2, 'LANE_FULL'), emit(1, 2, 2), detail(1, 2, 1)];
    const asked = [0, 1, 2, 3, 4].map((sequence) => ask('accepted', sequence));
    expect(answers(asked, ...records)).toEqual(['1 accepted', '1 accepted', '3 accepted', '3 accepted', undefined]);
    const refused = [1, 2, 3, 4].map((sequence) => ask('rejected', sequence));
    expect(answers(refused, ...records)).toEqual([undefined, '2 LANE_FULL', '2 LANE_FULL', undefined]);
  });

  test('of a group: staged by its begin, accepted by its commit, in both lanes', () => {
    const records = [group(1, 'begin', [0, 2], [4, 1]), group(1, 'commit', [0, 2], [4, 1])];
    const of = (kind: Question['kind']): Question[] => [ask(kind, 1), ask(kind, 2), ask(kind, 4, { lane: 'detail' })];
    expect(answers(of('staged'), ...records)).toEqual(['1 accepted', undefined, '1 accepted']);
    expect(answers(of('accepted'), ...records)).toEqual(['2 accepted', undefined, '2 accepted']);
    expect(answers(of('rejected'), ...records)).toEqual([undefined, undefined, undefined]);
    const refused = [group(1, 'begin', [0, 2], [4, 1], 'QUEUE_BUSY')];
    expect(answers(of('rejected'), ...refused)).toEqual(['1 QUEUE_BUSY', undefined, '1 QUEUE_BUSY']);
    expect(answers(of('staged'), ...refused)).toEqual([undefined, undefined, undefined]);
    expect(answers([ask('accepted', 0)], group(1, 'submit', [0, 1]))).toEqual(['1 accepted']);
  });

  test('of a batch: delivered, and taken as far as it was acknowledged', () => {
    const records = [
      batch(
        1,
        [
          [0, 2],
          [5, 2],
        ],
        { acknowledged: 3 },
      ),
      batch(1, [[6, 1]]),
    ];
    const of = (kind: Question['kind']): Question[] => [0, 1, 2, 5, 6, 7].map((sequence) => ask(kind, sequence));
    expect(answers(of('delivered'), ...records)).toEqual([
      '1 delivered',
      '1 delivered',
      undefined,
      '1 delivered',
      '1 delivered',
      undefined,
    ]);
    expect(answers(of('acknowledged'), ...records)).toEqual([
      '1 delivered',
      '1 delivered',
      undefined,
      '1 delivered',
      '2 delivered',
      undefined,
    ]);
  });

  test('a torn record takes its place in what was acknowledged', () => {
    const torn = batch(1, [{ torn: true, at: 0, hex: '' }, [0, 2]], { acknowledged: 2 });
    expect(answers([ask('acknowledged', 0), ask('acknowledged', 1), ask('delivered', 1)], torn)).toEqual([
      '1 delivered',
      undefined,
      '1 delivered',
    ]);
    const nothing = batch(1, [{ torn: true, at: 0, hex: '' }, [0, 2]], { acknowledged: 0 });
    expect(answers([ask('acknowledged', 0)], nothing)).toEqual([undefined]);
  });

  test('bytes of another thread are that thread’s; lanes and threads are apart', () => {
    const foreign = batch(1, [{ from: 0, count: 1, thread: 2 }]);
    expect(answers([ask('delivered', 0), ask('delivered', 0, { thread: 2 })], foreign)).toEqual([
      undefined,
      '1 delivered',
    ]);
    expect(answers([ask('delivered', 0), ask('delivered', 0, { lane: 'detail' })], detailBatch(1, [[0, 1]]))).toEqual([
      undefined,
      '1 delivered',
    ]);
  });
});

test('each suspicion gets the answers to its own questions', () => {
  const suspicion = (sequence: number) => ({
    questions: [ask('accepted', sequence)],
    tell: ([answer]: readonly ({ record: number } | undefined)[]) => finding('r', `${answer?.record}`, 'e', 's', []),
  });
  const history = stepped({}, emit(1, 0, 1), emit(1, 1, 1));
  expect(settle(history, [suspicion(1), suspicion(0), suspicion(9)]).map(({ message }) => message)).toEqual([
    '2',
    '1',
    'undefined',
  ]);
});

test('without a question there is nothing to ask the history', () => {
  expect(new Answers([]).open).toBe(0);
  const answers = new Answers([ask('accepted', 0), ask('accepted', 5)]);
  expect(answers.open).toBe(2);
  stepped({}, emit(1, 0, 2)).forEach((record, at) => answers.observe(record, at));
  expect(answers.open).toBe(1);
  expect(settle([], [])).toEqual([]);
});
