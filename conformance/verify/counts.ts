/** Refuses a configuration that no system can have had: with such numbers nothing can be judged. */
import { impossibleCount, type HistoryRecord } from '../../spec/index.js';
import { HistoryError, type HistoryProblem } from './history-error.js';

export class CountsWatch {
  readonly #source: string;
  /** The header's: a drain may have refused it. */
  #pending: HistoryProblem | undefined;
  #refused = false;

  constructor(source: string) {
    this.#source = source;
  }

  /** @throws HistoryError once a drain was at work, or was configured, with a count that cannot be */
  observe(record: HistoryRecord, line: number): void {
    if (record.type === 'history') this.#pending = this.#problem(record.type, record.config, line);
    else if (record.type === 'configure' && record.outcome === 'accepted') {
      const problem = this.#problem(record.type, record.changes, line);
      if (problem !== undefined) throw new HistoryError(problem);
    } else if (record.type === 'create' && record.outcome !== 'accepted') this.#refused = true;
    else if (!this.#refused || isWork(record)) this.#tell();
  }

  /** The history has ended. @throws HistoryError unless a drain refused what the header gives */
  end(): void {
    if (!this.#refused) this.#tell();
  }

  #tell(): void {
    if (this.#pending !== undefined) throw new HistoryError(this.#pending);
  }

  #problem(type: string, config: Readonly<Record<string, unknown>>, line: number): HistoryProblem | undefined {
    const found = impossibleCount(config);
    if (found === undefined) return undefined;
    const { field, value, least } = found;
    return {
      source: this.#source,
      line,
      wrong: `the \`${type}\` record gives ${field} ${value}`,
      expected: `a whole number from ${least}`,
      action: 'write what the system was configured with, and leave out what is not known',
    };
  }
}

/** Of a drain that there is. */
const isWork = (record: HistoryRecord): boolean =>
  record.type === 'batch' || record.type === 'iteration' || ('outcome' in record && record.outcome === 'accepted');
