import { expect, test } from 'vitest';
import { DrainError } from '../spec/index.js';
import { refusedBy } from './refused.js';

test('what was wrong, what was expected and what to do are said once', () => {
  const own = new DrainError('IMPL_SHAPE', "'/x/mine.mjs': 'name' is missing (string)");
  for (const message of [own.message, `${own.name}: ${own.message}`]) {
    const told = refusedBy('/x/mine.mjs', 'IMPL_SHAPE', message);
    expect(told.code).toBe('IMPL_SHAPE');
    expect(told.message).toBe(own.message);
  }
});

test('a program that says it in its own words is named', () => {
  expect(refusedBy('./mine', 'IMPL_UNREADABLE', 'no such drain').message).toBe(
    new DrainError('IMPL_UNREADABLE', './mine: no such drain').message,
  );
});
