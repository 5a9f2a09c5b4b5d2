import type { Requirement } from '../../spec/index.js';

/** A promise that a history breaks: the first one that the model meets. */
export class Violation extends Error {
  override readonly name = 'Violation';
  /** The requirement, as far as one can be named. */
  readonly requirement: Requirement['id'];
  readonly expected: string;
  readonly seen: string;
  /** The record that shows it. */
  readonly at: number;

  constructor(requirement: Requirement['id'], message: string, expected: string, seen: string, at: number) {
    super(message);
    this.requirement = requirement;
    this.expected = expected;
    this.seen = seen;
    this.at = at;
  }
}

/** @throws Violation */
export function violated(
  requirement: Requirement['id'],
  message: string,
  expected: unknown,
  seen: unknown,
  at: number,
): never {
  throw new Violation(requirement, message, String(expected), String(seen), at);
}

/** @throws Violation unless `seen` is one of `allowed` */
export function expectOutcome(
  requirement: Requirement['id'],
  who: string,
  seen: string,
  allowed: readonly string[],
  at: number,
): void {
  if (allowed.includes(seen)) return;
  const expected = allowed.join(' or ');
  violated(requirement, `${who} was told '${seen}'; expected ${expected}`, expected, seen, at);
}
