/** For the tests of the command line: it runs as a user runs it, in a process of its own. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Writable } from 'node:stream';
import { DIST } from '../conformance/runner/drains.js';
import { readResults, type Results } from '../reports/index.js';
import { runCli } from './program.js';

const MAIN = join(DIST, 'cli', 'main.js');

/** A stream that keeps what it is told. */
export class Text extends Writable {
  text = '';
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

/** The command line in this process. */
export async function runText(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const out = new Text();
  const err = new Text();
  const code = await runCli(['node', 'drainproof', ...args], { out, err });
  return { code, out: out.text, err: err.text };
}

export interface Ended {
  readonly code: number;
  readonly text: string;
  readonly results: Results;
}

/** A folder of its own for drains and results; `remove()` when done. */
export class RunFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'drainproof-run-'));

  /** `drainproof run` with results under `name`. */
  async run(name: string, args: readonly string[]): Promise<Ended> {
    const out = join(this.path, name);
    const { code, text } = await this.start([...args, '--out', out]);
    return { code, text, results: readResults(join(out, 'results.jsonl')) };
  }

  /** `drainproof run` that may end without results. */
  start(args: readonly string[]): Promise<{ code: number; text: string }> {
    return new Promise((resolve) => {
      execFile(
        process.execPath,
        [MAIN, 'run', ...args],
        {
          cwd: dirname(DIST),
          maxBuffer: 1 << 28,
          timeout: 390_000,
          env: { ...process.env, NO_COLOR: '1' },
        },
        (error, stdout, stderr) =>
          resolve({ code: error === null ? 0 : Number(error.code ?? 255), text: stdout + stderr }),
      );
    });
  }

  /** Writes a drain's module. @returns its path */
  write(name: string, source: string): string {
    const path = join(this.path, name);
    writeFileSync(path, source);
    return path;
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** A drain that accepts everything and does nothing; `turn` is what an iteration does. */
export const nothing = (turn: string): string => `
const none = { visits: 0, skips: 0, delivered: 0, batches: 0, sinkFailures: 0, reclaimed: 0, truncated: 'no' };
const ledger = { attempted: 0, accepted: 0, rejected: 0, delivered: 0, pending: 0, evicted: 0, left: 0 };
const handle = (threadId) => ({ slot: 0, generation: 1, threadId, emitIndex: () => 'accepted', emitDetail: () => 'accepted',
  beginSubmit: () => 'accepted', commitSubmit: () => 'accepted', submit: () => 'accepted', mark: () => 'accepted', seal: () => 'accepted', leave() {} });
const registry = { register: ({ threadId }) => handle(threadId) };
export const contractVersion = 1, name = 'nothing', version = '0';
export const capabilities = ['detail', 'submit', 'weights', 'movable-handles', 'arena', 'threads', 'death', 'metrics', 'thread-events', 'wake'];
export function createDrain({ config }) {
  return { config, arena: new SharedArrayBuffer(1 << 16), registry, shareRegistry: () => 0, drainIteration() { ${turn}; return none; },
    tryAcquireDrain: () => true, releaseDrain() {}, drainThreadLanes: () => 0, waitForWork: () => false, declareDead() {},
    stop: () => ({ delivered: 0, leftIndex: 0, leftDetail: 0, complete: true }),
    metrics: () => ({ iterations: 0, visits: 0, skips: 0, batches: 0, sinkFailures: 0, registered: 0, reclaimed: 0, wakeups: 0, iterationNs: 0,
      longestIterationNs: 0, jain: 1, index: ledger, detail: ledger, threads: [] }), close() {} };
}
export const openRegistry = () => registry;
`;
