/** Reads a recorded history line by line, plain or gzip-compressed, holding one chunk of it. */
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { HISTORY_VERSION, HistoryRecord } from '../../spec/index.js';
import { HistoryError } from './history-error.js';
import { quickRecord } from './quick-record.js';

const CHUNK_BYTES = 1 << 20;
/** A line longer than this is no record: the longest that drainproof writes are metrics of 65,536 threads, some 20 MB. */
const LONGEST_LINE_BYTES = 64 << 20;

/** One record, and the line that it stands on (1-based). */
export type Observer = (record: HistoryRecord, line: number) => void;

export interface ReadResult {
  readonly records: number;
  readonly lines: number;
  /** The history has no `end`: why, in words. */
  readonly cut?: string;
}

/**
 * Tells the records of a file in order.
 * @throws HistoryError for a file that cannot be read, is empty, is no history, or has a line that is no record
 */
export async function readHistory(source: string, observe: Observer): Promise<ReadResult> {
  const reader = new HistoryReader(source, observe);
  const broken = await feed(source, (chunk) => reader.chunk(chunk));
  return reader.finish(broken);
}

/** Feeds the file's bytes, unpacked; the result says why they broke off, if they did. */
async function feed(source: string, take: (chunk: Buffer) => void): Promise<string | undefined> {
  const file = createReadStream(source, { highWaterMark: CHUNK_BYTES });
  let packed: ReturnType<typeof createGunzip> | undefined;
  try {
    const stream = file.iterator({ destroyOnReturn: false });
    const first = (await stream.next()) as IteratorResult<Buffer, undefined>;
    if (first.done === true) return undefined;
    if (first.value[0] !== 0x1f || first.value[1] !== 0x8b) {
      take(first.value);
      for await (const chunk of stream) take(chunk as Buffer);
      return undefined;
    }
    packed = createGunzip({ chunkSize: CHUNK_BYTES });
    packed.write(first.value);
    file.pipe(packed);
    for await (const chunk of packed) take(chunk as Buffer);
    return undefined;
  } catch (error) {
    if (error instanceof HistoryError) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    if (code === 'Z_BUF_ERROR') return 'the gzip data breaks off';
    throw new HistoryError({ source, ...reasons(code) }, { cause: error });
  } finally {
    file.destroy();
    packed?.destroy();
  }
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
  #rest: Buffer[] = [];
  #restBytes = 0;
  #line = 0;
  #records = 0;
  #ended = false;

  constructor(source: string, observe: Observer) {
    this.#source = source;
    this.#observe = observe;
  }

  chunk(chunk: Buffer): void {
    let from = 0;
    let newline = chunk.indexOf(10);
    if (newline >= 0 && this.#restBytes > 0) {
      const whole = Buffer.concat([...this.#rest, chunk.subarray(0, newline)]);
      this.#rest = [];
      this.#restBytes = 0;
      this.#text(whole.toString('utf8'));
      from = newline + 1;
      newline = chunk.indexOf(10, from);
    }
    for (; newline >= 0; newline = chunk.indexOf(10, from)) {
      this.#text(chunk.toString('utf8', from, newline));
      from = newline + 1;
    }
    if (from === chunk.length) return;
    this.#rest.push(chunk.subarray(from));
    this.#restBytes += chunk.length - from;
    if (this.#restBytes > LONGEST_LINE_BYTES) {
      this.#line += 1;
      this.#refuse(
        `it is longer than ${LONGEST_LINE_BYTES} bytes`,
        'one record a line',
        'end each record with a newline',
      );
    }
  }

  finish(broken: string | undefined): ReadResult {
    let cut = broken;
    if (this.#restBytes > 0) {
      const text = Buffer.concat(this.#rest).toString('utf8').trim();
      if (text !== '' && parse(text) === undefined && this.#records > 0) {
        this.#line += 1;
        cut ??= `line ${this.#line} is cut off`;
      } else this.#text(text);
    }
    if (this.#records === 0) {
      const wrong = broken ?? 'it is empty';
      const expected = 'a `history` record on line 1';
      throw new HistoryError({
        source: this.#source,
        wrong,
        expected,
        action: 'record the run again (docs/history.md)',
      });
    }
    if (!this.#ended) cut ??= 'there is no `end` record';
    return { records: this.#records, lines: this.#line, ...(cut === undefined ? {} : { cut }) };
  }

  #text(text: string): void {
    this.#line += 1;
    const value = parse(this.#line === 1 ? text.replace(/^\ufeff/, '') : text);
    if (value === undefined) {
      if (text.trim() === '') return;
      this.#refuse('it is no JSON', 'one JSON object a line', 'write each record whole, on a line of its own');
    }
    const record = quickRecord(value) ?? this.#schema(value);
    this.#place(record);
    this.#records += 1;
    this.#observe(record, this.#line);
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
        this.#records === 0 ? `the history begins with a \`${record.type}\` record` : 'it is a second `history` record';
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
    const name = typeof type === 'string' ? `a \`${type}\` record` : 'a record';
    const wrong = `${path === '' ? name : `${name}, its \`${path}\``}: ${issue.message}`;
    return this.#refuse(
      wrong,
      'a record of the history format',
      'see docs/history.md and spec/schemas/history-record.schema.json',
    );
  }

  #refuse(wrong: string, expected: string, action: string): never {
    throw new HistoryError({ source: this.#source, line: this.#line, wrong, expected, action });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
