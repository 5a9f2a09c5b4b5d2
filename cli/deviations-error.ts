/** A deviations file that cannot be used: what is wrong, what was expected, what to do. */
export class DeviationsError extends Error {
  override readonly name = 'DeviationsError';
  readonly file: string;
  readonly wrong: string;
  readonly expected: string;
  readonly action: string;

  constructor(
    file: string,
    problem: { readonly wrong: string; readonly expected: string; readonly action: string },
    options?: ErrorOptions,
  ) {
    super(`${file}: ${problem.wrong}; expected ${problem.expected}; ${problem.action}`, options);
    this.file = file;
    this.wrong = problem.wrong;
    this.expected = problem.expected;
    this.action = problem.action;
  }
}
