import { describe, expect, test } from 'vitest';
import { StressLoad, type StressLoadInput } from '../../spec/stress.js';
import { Board, COUNT, GATE, IDS_OF_A_THREAD, membersOf, slotsFor } from './board.js';

const load = (...groups: StressLoadInput['groups']): StressLoad =>
  StressLoad.parse({ version: 1, durationMs: 1, groups });
const closed = { kind: 'closed' } as const;
const life = { least: 1, most: 2 };

describe('members', () => {
  test('have ids of their own, which count from 1; threads of many lives have as many ids as they use in turn', () => {
    const members = membersOf(
      load({ threads: 2, arrivals: closed }, { threads: 2, arrivals: closed, life }, { threads: 1, arrivals: closed }),
    );
    expect(members).toEqual([
      { group: 0, place: 0, firstId: 1, ids: 1 },
      { group: 0, place: 1, firstId: 2, ids: 1 },
      { group: 1, place: 0, firstId: 3, ids: IDS_OF_A_THREAD },
      { group: 1, place: 1, firstId: 3 + IDS_OF_A_THREAD, ids: IDS_OF_A_THREAD },
      { group: 2, place: 0, firstId: 3 + 2 * IDS_OF_A_THREAD, ids: 1 },
    ]);
  });
  test('take a slot each, and another for a life that is not yet drained', () => {
    expect(slotsFor(load({ threads: 5, arrivals: closed }))).toBe(5);
    expect(slotsFor(load({ threads: 5, arrivals: closed }, { threads: 3, arrivals: closed, life }))).toBe(11);
  });
});

describe('the board', () => {
  test('keeps each count of each id apart', () => {
    const board = Board.make(4);
    expect(board.ids).toBe(4);
    const fields = [COUNT.accepted, COUNT.rejected, COUNT.retries, COUNT.lives, COUNT.delivered];
    for (let id = 0; id < 4; id += 1) for (const field of fields) board.set(id, field, 10 * id + field);
    for (let id = 0; id < 4; id += 1) for (const field of fields) expect(board.get(id, field)).toBe(10 * id + field);
    board.add(2, COUNT.rejected, 5);
    board.add(2, COUNT.rejected, 1);
    expect(board.get(2, COUNT.rejected)).toBe(20 + COUNT.rejected + 6);
    expect(fields.map((field) => board.sum(field))).toEqual([60, 60 + 4 + 6, 68, 72, 76]);
  });
  test('sums what one thread counted under its ids', () => {
    const board = Board.make(6);
    for (let id = 0; id < 6; id += 1) board.set(id, COUNT.accepted, 10 ** id);
    expect(board.sumOf({ group: 0, place: 0, firstId: 2, ids: 3 }, COUNT.accepted)).toBe(11_100);
    expect(board.sumOf({ group: 0, place: 0, firstId: 5, ids: 1 }, COUNT.accepted)).toBe(100_000);
  });
  test('counts beyond 2^32', () => {
    const board = Board.make(2);
    board.set(1, COUNT.delivered, 2 ** 40);
    board.add(1, COUNT.delivered, 1);
    expect(board.get(1, COUNT.delivered)).toBe(2 ** 40 + 1);
  });
  test('is one for all who have its memory', () => {
    const board = Board.make(3);
    const other = new Board(board.shared);
    other.add(2, COUNT.lives, 3);
    other.begin[0] = 123_456_789.5;
    Atomics.store(other.gate, GATE.ready, 7);
    expect(board.get(2, COUNT.lives)).toBe(3);
    expect(board.begin[0]).toBe(123_456_789.5);
    expect([...board.gate]).toEqual([7, 0, 0, 0]);
    expect(other.ids).toBe(3);
  });
  test('is halted by the word of the gate for that and by no other', () => {
    const board = Board.make(1);
    for (const word of [GATE.ready, GATE.go, GATE.done]) Atomics.store(board.gate, word, 1);
    expect(board.halted).toBe(false);
    Atomics.store(board.gate, GATE.halt, 1);
    expect(board.halted).toBe(true);
  });
});
