import { HistoryError } from './history-error.js';

/** A line longer than this is no record: the longest that drainproof writes are metrics of 65,536 threads, some 20 MB. */
const LONGEST_LINE_BYTES = 64 << 20;

/** Lines of bytes that come in chunks. */
export class LineReader {
  readonly #source: string;
  readonly #take: (text: () => string, line: number) => boolean;
  #rest: Buffer[] = [];
  #restBytes = 0;
  /** Of the line that was told last, 1-based. */
  line = 0;

  /** @param take is told each line, to decode if it wants to. True: enough */
  constructor(source: string, take: (text: () => string, line: number) => boolean) {
    this.#source = source;
    this.#take = take;
  }

  /** @returns true when it is enough */
  chunk(chunk: Buffer): boolean {
    let from = 0;
    let newline = chunk.indexOf(10);
    if (newline >= 0 && this.#restBytes > 0) {
      this.#rest.push(chunk.subarray(0, newline));
      if (this.#tell(this.#takeRest())) return true;
      from = newline + 1;
      newline = chunk.indexOf(10, from);
    }
    for (; newline >= 0; newline = chunk.indexOf(10, from)) {
      const [start, end] = [from, newline];
      if (this.#tell(() => chunk.toString('utf8', start, end))) return true;
      from = newline + 1;
    }
    if (from === chunk.length) return false;
    this.#rest.push(chunk.subarray(from));
    this.#restBytes += chunk.length - from;
    if (this.#restBytes <= LONGEST_LINE_BYTES) return false;
    throw new HistoryError({
      source: this.#source,
      line: this.line + 1,
      wrong: `it is longer than ${LONGEST_LINE_BYTES} bytes`,
      expected: 'one record a line',
      action: 'end each record with a newline',
    });
  }

  /** What follows the last newline is a line too. */
  end(): void {
    if (this.#restBytes > 0) this.#tell(this.#takeRest());
  }

  #tell(text: () => string): boolean {
    this.line += 1;
    return this.#take(text, this.line);
  }

  #takeRest(): () => string {
    const whole = Buffer.concat(this.#rest);
    this.#rest = [];
    this.#restBytes = 0;
    return () => whole.toString('utf8');
  }
}
