import { writeSync } from 'node:fs';
import type { HistoryRecord, SubjectMessage } from '../../spec/index.js';

/** Longest wait for a reader that takes nothing, ms. */
const PATIENCE_MS = 60_000;
const FLUSH_RECORDS = 256;
/** Runs weigh too: a batch of many runs is a long line. */
const RUNS_PER_RECORD = 64;

const cell = new Int32Array(new SharedArrayBuffer(4));

/** Writes all bytes before it returns, so that they are out even if the next call of the drain crashes the process. */
export function writeFully(fd: number, bytes: Uint8Array, patienceMs = PATIENCE_MS): void {
  let waited = 0;
  for (let at = 0; at < bytes.length;) {
    try {
      at += writeSync(fd, bytes, at);
      waited = 0;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN' || waited >= patienceMs) throw error;
      Atomics.wait(cell, 0, 0, 1);
      waited += 1;
    }
  }
}

/** The subject's end of the wire: one JSON line a message. */
export function sendMessage(message: SubjectMessage): void {
  writeFully(1, Buffer.from(`${JSON.stringify(message)}\n`));
}

/** Collects the records of one run and sends them in chunks. */
export class HistoryWriter {
  readonly #id: number;
  readonly #send: (message: SubjectMessage) => void;
  #records: HistoryRecord[] = [];
  #weight = 0;

  constructor(id: number, send: (message: SubjectMessage) => void) {
    this.#id = id;
    this.#send = send;
  }

  readonly append = (record: HistoryRecord): void => {
    this.#records.push(record);
    this.#weight += 1 + (record.type === 'batch' ? record.runs.length / RUNS_PER_RECORD : 0);
    if (this.#weight >= FLUSH_RECORDS) this.flush();
  };

  flush(): void {
    if (this.#records.length === 0) return;
    this.#send({ type: 'history', id: this.#id, records: this.#records });
    this.#records = [];
    this.#weight = 0;
  }
}
