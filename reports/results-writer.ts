/** Writes a results file record by record; whatever kills the run, the lines before are whole. */
import { appendFileSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import type { z } from 'zod';
import { ResultRecord } from '../spec/results.js';
import { ResultsError } from './results-error.js';

export class ResultsWriter {
  readonly path: string;
  readonly #fd: number;
  #closed = false;

  /** Makes the file, and its folder where missing; a file that was there is replaced. */
  constructor(path: string) {
    this.path = path;
    try {
      mkdirSync(dirname(path), { recursive: true });
      this.#fd = openSync(path, 'w');
    } catch (cause) {
      const code = (cause as NodeJS.ErrnoException).code ?? 'unknown';
      throw new ResultsError(
        {
          source: path,
          wrong: `the results file cannot be made (${code})`,
          expected: 'a folder that can be written to',
          action: 'choose another output folder',
        },
        { cause },
      );
    }
  }

  /** One record, one line, on disk (in the page cache) when this returns. Returns it with its defaults filled in. */
  append(record: z.input<typeof ResultRecord>): ResultRecord {
    if (this.#closed) {
      throw new ResultsError({
        source: this.path,
        wrong: `a \`${record.type}\` record came after close()`,
        expected: 'all records before close()',
        action: 'close the writer last',
      });
    }
    const checked = ResultRecord.safeParse(record);
    if (!checked.success) {
      const issue = checked.error.issues[0]!;
      throw new ResultsError({
        source: this.path,
        wrong: `a \`${record.type}\` record has a bad ${issue.path.map(String).join('.')}: ${issue.message}`,
        expected: 'a record of the results format (spec/results.ts)',
        action: 'report this: it is a defect of drainproof',
      });
    }
    appendFileSync(this.#fd, `${JSON.stringify(checked.data)}\n`);
    return checked.data;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    closeSync(this.#fd);
  }
}
