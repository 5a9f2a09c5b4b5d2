/**
 * What a visit costs when thousands of threads are registered and few have work, by what it costs when only those few are there.
 * Choosing must not look at who is idle. Both are measured in one run, turn and turn about: only the ratio means anything.
 */
import { INDEX_RECORD_BYTES, type Drain, type DrainModule, type ThreadHandle } from '../spec/index.js';
import { fill, measureCase, median, type Case } from './case.js';

export const MANY = 4096;
export const BACKLOGGED = 8;
/** The most that a visit among many may cost, by one among few. */
export const MOST_RATIO = 2;

/** Iterations of one turn. */
const ITERATIONS = 64;
const VISITS = ITERATIONS * BACKLOGGED;
/** Events that stay in a lane, so that nobody ever leaves the list. */
const RESERVE = 64;

export interface SelectionCost {
  readonly drain: string;
  /** ns of one visit: the median of the rounds' medians. */
  readonly few: number;
  readonly many: number;
  readonly ratio: number;
}

export interface SelectionOptions {
  readonly rounds?: number;
  /** Processor time of one case in one round, ms. */
  readonly timeMs?: number;
}

/** Visits of a drain with so many threads, of which the backlogged ones are spread over all slots. */
export class SelectionCase implements Case {
  readonly operations = VISITS;
  readonly #drain: Drain;
  readonly #backlogged: readonly ThreadHandle[];
  readonly #record = new Uint8Array(INDEX_RECORD_BYTES);

  constructor({ createDrain }: DrainModule, registered: number) {
    this.#drain = createDrain({
      // one event a visit: what is left is choosing, taking and giving back
      config: { slots: registered, indexCapacity: 256, detailCapacity: 0, quantum: 1 },
      sink: { write: ({ count }) => count },
    });
    const handles = Array.from({ length: registered }, (_, i) => this.#drain.registry.register({ threadId: i + 1 }));
    this.#backlogged = handles.filter((_, i) => i % (registered / BACKLOGGED) === 0);
    fill(this.#backlogged, this.#record, RESERVE);
    this.#drain.drainIteration();
    fill(this.#backlogged, this.#record, 1);
  }

  prepare(): void {
    fill(this.#backlogged, this.#record, ITERATIONS);
  }

  turn(): void {
    let visits = 0;
    for (let i = 0; i < ITERATIONS; i += 1) visits += this.#drain.drainIteration().visits;
    if (visits !== VISITS) throw new Error(`${visits} visits where ${VISITS} were due`);
  }

  close(): void {
    this.#drain.close();
  }
}

/** Measures one drain. @throws Error when it did not make the visits that it should have */
export function selectionCost(
  drain: string,
  module: DrainModule,
  { rounds = 5, timeMs = 300 }: SelectionOptions = {},
): SelectionCost {
  const cases = { few: new SelectionCase(module, BACKLOGGED), many: new SelectionCase(module, MANY) };
  const medians = { few: [] as number[], many: [] as number[] };
  for (let round = 0; round < rounds; round += 1) {
    for (const name of ['few', 'many'] as const) medians[name].push(measureCase(cases[name], timeMs));
  }
  for (const one of Object.values(cases)) one.close();
  const [few, many] = [median(medians.few), median(medians.many)];
  return { drain, few, many, ratio: many / few };
}

/** One line for a drain. */
export function renderCost({ drain, few, many, ratio }: SelectionCost): string {
  const mark = ratio <= MOST_RATIO ? '✓' : '✗';
  return `${mark} ${drain}: a visit costs ${few.toFixed(0)} ns with ${BACKLOGGED} threads registered, ${many.toFixed(0)} ns with ${MANY}: ${ratio.toFixed(2)} times as much (at most ${MOST_RATIO})`;
}
