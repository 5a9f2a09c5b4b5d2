import { expect, test } from 'vitest';
import { StressLedger } from '../../spec/stress.js';
import { Board, COUNT } from './board.js';
import { ledgerOf } from './ledger.js';

/** Of each id from 1 on: accepted, rejected, retries, delivered. */
function boardOf(...counts: (readonly [number, number, number, number])[]): Board {
  const board = Board.make(counts.length + 1);
  counts.forEach(([accepted, rejected, retries, delivered], i) => {
    board.set(i + 1, COUNT.accepted, accepted);
    board.set(i + 1, COUNT.rejected, rejected);
    board.set(i + 1, COUNT.retries, retries);
    board.set(i + 1, COUNT.delivered, delivered);
  });
  return board;
}
const SEEN = { duplicated: 3, wrong: 4 };

test('sums what producers were told and what the sink was handed', () => {
  const ledger = ledgerOf(boardOf([10, 1, 5, 10], [20, 2, 7, 20]), SEEN, { whole: true });
  expect(ledger).toEqual({
    attempted: 33,
    accepted: 30,
    rejected: 3,
    retries: 12,
    delivered: 30,
    lost: 0,
    duplicated: 3,
    wrong: 4,
  });
  expect(StressLedger.parse(ledger)).toEqual(ledger);
});

test('what one thread got too much does not make up for what another lost', () => {
  const board = boardOf([10, 0, 0, 7], [10, 0, 0, 13], [5, 0, 0, 4]);
  expect(ledgerOf(board, SEEN, { whole: true })).toMatchObject({ accepted: 25, delivered: 24, lost: 4 });
});

test('while it runs, what is not yet delivered is no loss', () => {
  expect(ledgerOf(boardOf([10, 0, 0, 7]), SEEN, { whole: false })).toMatchObject({ delivered: 7, lost: 0 });
});

test("the drain's own counts stand beside them, and nothing else that it says", () => {
  const told = { attempted: 1, accepted: 2, rejected: 3, delivered: 4, pending: 5, evicted: 6, left: 7 };
  expect(ledgerOf(boardOf([1, 0, 0, 1]), SEEN, { whole: true, told }).told).toEqual({
    accepted: 2,
    rejected: 3,
    delivered: 4,
    pending: 5,
    evicted: 6,
    left: 7,
  });
});
