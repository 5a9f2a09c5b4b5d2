/** What a run says while it goes: one line that changes on a terminal, one line per verdict elsewhere. */
import pc from 'picocolors';
import type { ResultOf } from '../spec/results.js';
import { MARKS } from './marks.js';
import { paint } from './terminal-matrix.js';
import { columns, cut, duration, pad, plain } from './text.js';

export interface ProgressOptions {
  readonly stream: { write(text: string): unknown; readonly columns?: number };
  readonly isTTY: boolean;
  /** Verdicts to come, when known. */
  readonly total?: number;
  readonly color?: boolean;
  /** Milliseconds; a test may own it. */
  readonly now?: () => number;
}

export interface Progress {
  running(id: string, drain: string): void;
  verdict(record: Pick<ResultOf<'verdict'>, 'id' | 'drain' | 'verdict' | 'durationMs' | 'reason'>): void;
  /** The suite itself failed. */
  problem(text: string): void;
  finish(): void;
}

/** The line is drawn at most this often. */
const EVERY_MS = 80;
const CLEAR = '\r\u001b[2K';

export function createProgress(options: ProgressOptions): Progress {
  const { stream, isTTY, total } = options;
  const now = options.now ?? ((): number => performance.now());
  const colors = pc.createColors(options.color ?? (isTTY && pc.isColorSupported));
  const started = now();
  let done = 0;
  let troubles = 0;
  let current = '';
  let drawnAt = -Infinity;
  let drawn = false;
  let finished = false;

  const draw = (): void => {
    if (!isTTY || finished || now() - drawnAt < EVERY_MS) return;
    drawnAt = now();
    drawn = true;
    const elapsed = now() - started;
    const parts = [total === undefined ? `${done}` : `${done}/${total}`, current];
    if (troubles > 0) parts.push(`${troubles} not passed`);
    parts.push(duration(elapsed));
    if (total !== undefined && done > 0 && done < total)
      parts.push(`${duration((elapsed / done) * (total - done))} left`);
    const line = cut(parts.filter((part) => part !== '').join('  '), Math.max(20, (stream.columns ?? 80) - 1));
    stream.write(CLEAR + (troubles > 0 ? colors.yellow(line) : line));
  };
  const print = (line: string): void => {
    stream.write(`${drawn ? CLEAR : ''}${line}\n`);
    drawn = false;
    drawnAt = -Infinity;
  };

  return {
    running(id, drain) {
      current = plain(`${id} ${drain}`);
      draw();
    },
    verdict(record) {
      const { verdict } = record;
      const bad = verdict === 'fail' || verdict === 'error' || verdict === 'inconclusive';
      done += 1;
      if (bad) troubles += 1;
      const { mark, word } = MARKS[verdict];
      const name = plain(`${record.id} ${record.drain}`);
      if (!isTTY) {
        print(`${paint(colors, verdict, pad(word, 15))}  ${name}  ${duration(record.durationMs)}`);
      } else if (bad) {
        const room = (stream.columns ?? 80) - columns(name) - 6;
        print(
          `${paint(colors, verdict, mark)} ${name}  ${colors.dim(cut(plain(record.reason), Math.max(0, room)))}`.trimEnd(),
        );
      }
      draw();
    },
    problem(text) {
      print(paint(colors, 'error', `! ${plain(text)}`));
      draw();
    },
    finish() {
      if (finished) return;
      finished = true;
      if (drawn) stream.write(CLEAR);
    },
  };
}
