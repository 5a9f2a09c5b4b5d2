/** A recorded history that cannot be judged: where, what was wrong, what was expected and what to do. */
export interface HistoryProblem {
  readonly source: string;
  /** 1-based; absent when the file as a whole is meant. */
  readonly line?: number;
  readonly wrong: string;
  readonly expected: string;
  readonly action: string;
}

export class HistoryError extends Error {
  override readonly name = 'HistoryError';
  readonly problem: HistoryProblem;

  constructor(problem: HistoryProblem, options?: ErrorOptions) {
    const { source, line, wrong, expected, action } = problem;
    const place = line === undefined ? source : `${source}, line ${line}`;
    super(`${place}: ${wrong}; expected ${expected}; ${action}`, options);
    this.problem = problem;
  }
}
