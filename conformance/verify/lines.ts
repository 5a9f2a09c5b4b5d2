/** Lines of a history: its records are one a line, blank lines apart. Gaps that come regularly cost as much as one. */
export class Lines {
  /** Where each stretch begins, and how many lines its records are apart: three numbers a stretch. */
  readonly #records: number[] = [];
  readonly #lines: number[] = [];
  readonly #steps: number[] = [];

  /** @param record 0-based, each once, in order. @param line 1-based */
  observe(record: number, line: number): void {
    const last = this.#records.length - 1;
    if (last >= 0) {
      const since = record - this.#records[last]!;
      const lines = line - this.#lines[last]!;
      if (since === 1) this.#steps[last] = lines;
      if (lines === since * this.#steps[last]!) return;
    }
    this.#records.push(record);
    this.#lines.push(line);
    this.#steps.push(1);
  }

  /** Beyond the last record: a line after all others. */
  of(record: number): number {
    let low = 0;
    let high = this.#records.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.#records[middle]! <= record) low = middle;
      else high = middle;
    }
    return (this.#lines[low] ?? 1) + (record - (this.#records[low] ?? 0)) * (this.#steps[low] ?? 1);
  }

  get stretches(): number {
    return this.#records.length;
  }
}
