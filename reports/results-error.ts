/** Why a results file could not be read or written. */
export interface ResultsProblem {
  /** Where the file is, or `text`. */
  readonly source: string;
  /** Line number from 1; absent when no single line is to blame. */
  readonly line?: number;
  readonly wrong: string;
  readonly expected: string;
  readonly action: string;
}

export class ResultsError extends Error implements ResultsProblem {
  override readonly name = 'ResultsError';
  readonly source: string;
  declare readonly line?: number;
  readonly wrong: string;
  readonly expected: string;
  readonly action: string;

  constructor(problem: ResultsProblem, options?: ErrorOptions) {
    const where = problem.line === undefined ? problem.source : `${problem.source}:${problem.line}`;
    super(`${where}: ${problem.wrong}; expected ${problem.expected}; ${problem.action}`, options);
    this.source = problem.source;
    if (problem.line !== undefined) this.line = problem.line;
    this.wrong = problem.wrong;
    this.expected = problem.expected;
    this.action = problem.action;
  }
}
