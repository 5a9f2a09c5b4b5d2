/** A described load that cannot be used: what is wrong, what was expected, what to do. */
export class LoadError extends Error {
  override readonly name = 'LoadError';
  readonly source: string;
  readonly wrong: string;
  readonly expected: string;
  readonly action: string;

  constructor(
    source: string,
    problem: { readonly wrong: string; readonly expected: string; readonly action: string },
    options?: ErrorOptions,
  ) {
    super(`${source}: ${problem.wrong}; expected ${problem.expected}; ${problem.action}`, options);
    this.source = source;
    this.wrong = problem.wrong;
    this.expected = problem.expected;
    this.action = problem.action;
  }
}
