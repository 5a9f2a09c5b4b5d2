import { expect, test } from 'vitest';
import { DrainError, ERROR_TABLE, errorNumber, isErrorCode, outcomeOfNumber } from './errors.js';

test('names and numbers are unique, and 0 is free for accepted', () => {
  expect(new Set(ERROR_TABLE.map(({ name }) => name)).size).toBe(ERROR_TABLE.length);
  expect(new Set(ERROR_TABLE.map(({ number }) => number)).size).toBe(ERROR_TABLE.length);
  expect(ERROR_TABLE.every(({ number }) => number > 0)).toBe(true);
});

test('a code goes to its number and back', () => {
  for (const { name, number } of ERROR_TABLE) {
    expect(errorNumber(name)).toBe(number);
    expect(outcomeOfNumber(number)).toBe(name);
  }
  expect(outcomeOfNumber(0)).toBe('accepted');
  expect(() => outcomeOfNumber(9999)).toThrow(RangeError);
});

test('only names of the table are codes', () => {
  expect(isErrorCode('LANE_FULL')).toBe(true);
  expect(isErrorCode('NOPE')).toBe(false);
  expect(isErrorCode(1)).toBe(false);
});

test('an error carries its code, and says what was expected and what to do', () => {
  const error = new DrainError('RECORD_SIZE', 'the record has 31 bytes');
  expect(error).toBeInstanceOf(Error);
  expect(error).toMatchObject({ name: 'DrainError', code: 'RECORD_SIZE' });
  expect(error.message).toBe(`RECORD_SIZE: the record has 31 bytes; expected ${error.expected}; ${error.action}`);
});
