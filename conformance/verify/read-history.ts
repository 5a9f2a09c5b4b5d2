/** Reads a recorded history line by line, plain or gzip-compressed, holding one chunk of it. */
import { Readable, pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { HISTORY_VERSION, HistoryRecord } from '../../spec/index.js';
import { HistoryError } from './history-error.js';
import { LineReader } from './line-reader.js';
import { quickRecord } from './quick-record.js';
import { Source } from './source.js';

const CHUNK_BYTES = 1 << 20;
/** One record, and the line that it stands on (1-based). True: enough, read no further. */
export type Observer = (record: HistoryRecord, line: number) => unknown;

export interface ReadResult {
  readonly records: number;
  readonly lines: number;
  /** The history has no `end`: why, in words. */
  readonly cut?: string;
}

/**
 * Tells the records of a history in order.
 * @throws HistoryError for a file that cannot be read, is empty, is no history, or has a line that is no record
 */
export async function readHistory(source: Source, observe: Observer): Promise<ReadResult> {
  const reader = new HistoryReader(source.name, observe);
  const broken = await feed(source, (chunk) => reader.chunk(chunk));
  return reader.finish(broken);
}

/**
 * Reads a history that readHistory accepted once more, for the records on these lines only.
 * @param lines 1-based; lines without a record give none
 */
export async function readLines(source: Source, lines: ReadonlySet<number>): Promise<Map<number, HistoryRecord>> {
  const found = new Map<number, HistoryRecord>();
  const last = Math.max(0, ...lines);
  const reader = new LineReader(source.name, (text, line) => {
    const value = lines.has(line) ? parse(text(), line) : undefined;
    if (value !== undefined) found.set(line, HistoryRecord.parse(value));
    return line >= last;
  });
  await feed(source, (chunk) => reader.chunk(chunk));
  reader.end();
  return found;
}

/** Feeds the source's bytes, unpacked, until `take` says that it is enough; the result says why they broke off, if they did. */
async function feed(source: Source, take: (chunk: Buffer) => boolean): Promise<string | undefined> {
  const chunks = source.chunks();
  try {
    const first = await chunks.next();
    if (first.done === true) return undefined;
    const [one, two] = first.value;
    for await (const chunk of one === 0x1f && two === 0x8b ? unpacked(first.value, chunks) : all(first.value, chunks))
      if (take(chunk)) break;
    return undefined;
  } catch (error) {
    if (error instanceof HistoryError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    if (code === 'Z_BUF_ERROR') return 'the gzip data breaks off';
    throw new HistoryError({ source: source.name, ...reasons(code) }, { cause: error });
  } finally {
    source.stop();
  }
}

async function* all(first: Buffer, others: AsyncIterator<Buffer, undefined>): AsyncGenerator<Buffer, undefined> {
  for (let chunk: Buffer | undefined = first; chunk !== undefined; chunk = (await others.next()).value) yield chunk;
}

function unpacked(first: Buffer, others: AsyncIterator<Buffer, undefined>): AsyncIterable<Buffer> {
  const packed = createGunzip({ chunkSize: CHUNK_BYTES });
  // What fails on the way, its reader is told.
  pipeline(Readable.from(all(first, others)), packed, () => undefined);
  return packed;
}

function reasons(code: string): { wrong: string; expected: string; action: string } {
  if (code === 'ENOENT')
    return { wrong: 'there is no such file', expected: 'a recorded history', action: 'check the path' };
  if (code.startsWith('Z_')) {
    return { wrong: `the gzip data is damaged (${code})`, expected: 'whole gzip data', action: 'record it again' };
  }
  const wrong = code === 'EISDIR' ? 'it is a folder' : `the file cannot be read (${code})`;
  return { wrong, expected: 'a readable file', action: 'name a file that drainproof may read' };
}

class HistoryReader {
  readonly #source: string;
  readonly #observe: Observer;
  readonly #lines: LineReader;
  #records = 0;
  #ended = false;
  /** The last line, when it has no newline and is no JSON. */
  #open = false;
  #enough = false;
  #cut: string | undefined;

  constructor(source: string, observe: Observer) {
    this.#source = source;
    this.#observe = observe;
    this.#lines = new LineReader(source, (text) => this.#text(text()));
  }

  chunk(chunk: Buffer): boolean {
    return (this.#enough = this.#lines.chunk(chunk));
  }

  finish(broken: string | undefined): ReadResult {
    if (!this.#enough) {
      this.#open = true;
      this.#lines.end();
    }
    if (this.#records === 0) {
      const wrong = broken ?? 'it is empty';
      const expected = 'a `history` record on line 1';
      const action = 'record the run again (docs/history.md)';
      throw new HistoryError({ source: this.#source, wrong, expected, action });
    }
    const cut = broken ?? this.#cut ?? (this.#ended || this.#enough ? undefined : 'there is no `end` record');
    return { records: this.#records, lines: this.#lines.line, ...(cut === undefined ? {} : { cut }) };
  }

  #text(text: string): boolean {
    if (isBlank(text)) return false;
    const value = parse(text, this.#lines.line);
    if (value === undefined) {
      if (this.#open && this.#records > 0) {
        this.#cut = `line ${this.#lines.line} is cut off`;
        return false;
      }
      this.#refuse('it is no JSON', 'one JSON object a line', 'write each record whole, on a line of its own');
    }
    const record = quickRecord(value) ?? this.#schema(value);
    this.#place(record);
    this.#records += 1;
    return this.#observe(record, this.#lines.line) === true;
  }

  /** The header comes first and once, nothing follows the end. */
  #place(record: HistoryRecord): void {
    if (this.#ended)
      this.#refuse(
        `a \`${record.type}\` record follows the \`end\``,
        'nothing after it',
        'keep each history in a file of its own',
      );
    if ((record.type === 'history') !== (this.#records === 0)) {
      const wrong =
        this.#records === 0
          ? `the history begins with the record \`${record.type}\``
          : 'it is a second `history` record';
      this.#refuse(
        wrong,
        'one `history` record, on line 1',
        'keep each history in a file of its own, with its header first',
      );
    }
    this.#ended = record.type === 'end';
  }

  #schema(value: unknown): HistoryRecord {
    const { type, version } = (value ?? {}) as { type?: unknown; version?: unknown };
    if (type === 'history' && version !== HISTORY_VERSION) {
      const wrong = `its version is ${JSON.stringify(version) ?? 'missing'}`;
      this.#refuse(wrong, `history version ${HISTORY_VERSION}`, 'verify it with the drainproof of that version');
    }
    const checked = HistoryRecord.safeParse(value);
    if (checked.success) return checked.data;
    const issue = checked.error.issues[0]!;
    const path = issue.path.map(String).join('.');
    const name = typeof type === 'string' ? `the \`${type}\` record` : 'the record';
    const wrong = `${path === '' ? name : `${name}, its \`${path}\``}: ${issue.message}`;
    return this.#refuse(
      wrong,
      'a record of the history format',
      'see docs/history.md and spec/schemas/history-record.schema.json',
    );
  }

  #refuse(wrong: string, expected: string, action: string): never {
    throw new HistoryError({ source: this.#source, line: this.#lines.line, wrong, expected, action });
  }
}

/** Before it is parsed: JSON.parse() makes an error of each blank line, and there may be millions. */
const isBlank = (text: string): boolean => text === '' || text.trim() === '';

/** The value on a line (1-based); undefined where there is none: a blank line, or one that is cut off. */
function parse(text: string, line: number): unknown {
  try {
    return JSON.parse(line === 1 ? text.replace(/^\ufeff/, '') : text) as unknown;
  } catch {
    return undefined;
  }
}
