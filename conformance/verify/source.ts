/** Where the bytes of a history come from. */
import { closeSync, createReadStream, mkdtempSync, openSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { HistoryError } from './history-error.js';

/** Stands for standard input. */
export const STANDARD_INPUT = '-';
const CHUNKS = { highWaterMark: 1 << 20 } as const;
const KEPT = 'history';

/** A history's bytes, as often as they are asked for: pipes and the like are kept in a temporary file. Close it at the end. */
export class Source {
  /** As errors tell it. */
  readonly name: string;
  readonly #path: string;
  readonly #stdin: Readable;
  #folder: string | undefined;
  #reading: Readable | undefined;
  /** Open while it is kept. */
  #kept: number | undefined;

  constructor(path: string, stdin: Readable = process.stdin) {
    this.#path = path;
    this.#stdin = stdin;
    this.name = path === STANDARD_INPUT ? 'standard input' : path;
  }

  /** From its first byte on, one reader at a time. */
  chunks(): AsyncGenerator<Buffer, undefined> {
    if (this.#folder !== undefined) return this.#all(createReadStream(join(this.#folder, KEPT), CHUNKS));
    if (this.#path === STANDARD_INPUT) return this.#all(this.#stdin, true);
    return this.#all(createReadStream(this.#path, CHUNKS), this.#isReadOnce());
  }

  /** Enough is read: what is still awaited comes no more. */
  stop(): void {
    this.#reading?.destroy();
    if (this.#kept !== undefined) closeSync(this.#kept);
    this.#kept = undefined;
  }

  close(): void {
    this.stop();
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true });
    this.#folder = undefined;
  }

  /** What is not there, or a folder, is told when it is read. */
  #isReadOnce(): boolean {
    try {
      const found = statSync(this.#path);
      return !found.isFile() && !found.isDirectory();
    } catch {
      return false;
    }
  }

  async *#all(stream: Readable, keep = false): AsyncGenerator<Buffer, undefined> {
    this.#reading = stream;
    if (!stream.readable) return; // standard input that was read before
    if (keep)
      this.#keep(() => {
        this.#folder = mkdtempSync(join(tmpdir(), 'drainproof-'));
        this.#kept = openSync(join(this.#folder, KEPT), 'w');
      });
    for await (const chunk of stream) {
      const kept = this.#kept;
      if (keep && kept === undefined) return;
      if (kept !== undefined)
        this.#keep(() => {
          writeFileSync(kept, chunk as Buffer);
        });
      yield chunk as Buffer;
    }
  }

  #keep(write: () => void): void {
    try {
      write();
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      throw new HistoryError(
        {
          source: this.name,
          wrong: `it can be read only once, and cannot be kept in ${tmpdir()} (${code ?? String(error)})`,
          expected: 'room for it there',
          action: 'make room, name another folder with TMPDIR, or verify a file',
        },
        { cause: error },
      );
    }
  }
}
