import type { EmitRun } from '../../spec/load.js';

/** Attempts at consecutive sequences, equal outcomes joined. */
export class RunLog {
  readonly runs: EmitRun[] = [];

  add(sequence: number, outcome: string, retries: number): void {
    const last = this.runs.at(-1);
    if (last?.outcome === outcome) {
      last.count += 1;
      last.retries += retries;
    } else this.runs.push({ from: sequence, count: 1, outcome, retries });
  }

  /** Retries whose place is not known. */
  retried(retries: number): void {
    const first = this.runs[0];
    if (first !== undefined) first.retries += retries;
  }
}
