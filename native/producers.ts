/** Native producer threads (capability `producer-threads`). */
import type { ProducerThreads } from '../spec/contract.js';
import { DrainError, outcomeOfNumber } from '../spec/errors.js';
import { OpenProgram } from '../spec/load.js';
import type { LifeResult } from '../spec/load.js';
import { addon, translated } from './addon.js';
import { Reader } from './metrics.js';
import { viewOf } from './registry.js';

const ENDINGS = ['leave', 'vanish', 'terminate', 'stay', 'stopped', 'stale'] as const;

function encode(programs: readonly OpenProgram[]): Float64Array {
  const fields = programs.flatMap((p) => [
    p.threadId,
    p.threadIdStep,
    p.lives,
    p.weight,
    p.events,
    p.detailEvery,
    p.markEvery,
    p.pauseUs,
    p.whenFull === 'drop' ? 1 : 0,
    ENDINGS.indexOf(p.ending),
    p.open?.ratePerSecond ?? 0,
    p.open?.tickNs ?? 0,
    p.open?.beginNs ?? 0,
    p.open?.endNs ?? 0,
  ]);
  return Float64Array.from(fields);
}

function life(numbers: Reader): LifeResult {
  const [threadId, slot, generation] = [numbers.next(), numbers.next(), numbers.next()];
  const registered = outcomeOfNumber(numbers.next());
  const ended = ENDINGS[numbers.next()]!;
  const [startedNs, endedNs] = [numbers.next(), numbers.next()];
  const run = () => ({
    from: numbers.next(),
    count: numbers.next(),
    outcome: outcomeOfNumber(numbers.next()),
    retries: numbers.next(),
  });
  const index = numbers.list(run);
  const detail = numbers.list(run);
  const joins = numbers.list((): [number, number] => [numbers.next(), numbers.next()]);
  const marks = numbers.list(() => numbers.next());
  return { threadId, slot, generation, registered, index, detail, joins, marks, ended, startedNs, endedNs };
}

/**
 * Starts one native thread for each program (or for the one given) on the arena `shared`; all begin together.
 * With `open` a program is played at its own pace, for stress. `poll` then returns the LifeResults, program by program.
 * @throws DrainError INVALID_ARGUMENT for a bad program, ARENA_* for a bad arena
 */
export function startProducers(shared: unknown, program: unknown): ProducerThreads {
  const view = viewOf(shared);
  const parsed = OpenProgram.array().safeParse(Array.isArray(program) ? program : [program]);
  if (!parsed.success) throw new DrainError('INVALID_ARGUMENT', `the program is not sound: ${parsed.error.message}`);
  const group = translated(() => addon().startProducers(view, encode(parsed.data)));
  return {
    poll(): LifeResult[] | null {
      const encoded = translated(() => addon().pollProducers(group));
      if (encoded === null) return null;
      const numbers = new Reader(encoded);
      const lives: LifeResult[] = [];
      while (!numbers.done) lives.push(life(numbers));
      return lives;
    },
    halt(): void {
      addon().haltProducers(group);
    },
    close(): void {
      addon().closeProducers(group);
    },
  };
}
