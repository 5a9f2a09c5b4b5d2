/**
 * What a visit costs when thousands of threads are registered and few have work, by what it costs when only those few are there.
 * Choosing must not look at who is idle. Both are measured in one run, turn and turn about: only the ratio means anything.
 */
import { Bench } from 'tinybench';
import { INDEX_RECORD_BYTES, type Drain, type DrainModule, type ThreadHandle } from '../spec/index.js';

export const MANY = 4096;
export const BACKLOGGED = 8;
/** The most that a visit among many may cost, by one among few. */
export const MOST_RATIO = 2;

/** Iterations of one sample: long enough for the clock. */
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
  /** Of one case in one round, ms. */
  readonly timeMs?: number;
}

/** A drain with so many threads, of which the backlogged ones are spread over all slots. */
class Setting {
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
    this.#emit(RESERVE);
    this.#drain.drainIteration();
    this.#emit(1);
  }

  #emit(each: number): void {
    for (const handle of this.#backlogged)
      for (let i = 0; i < each; i += 1)
        if (handle.emitIndex(this.#record) !== 'accepted') throw new Error('the benchmark filled a lane');
  }

  refill(): void {
    this.#emit(ITERATIONS);
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
export async function selectionCost(
  drain: string,
  module: DrainModule,
  { rounds = 5, timeMs = 300 }: SelectionOptions = {},
): Promise<SelectionCost> {
  const settings = { few: new Setting(module, BACKLOGGED), many: new Setting(module, MANY) };
  const medians = { few: [] as number[], many: [] as number[] };
  for (let round = 0; round < rounds; round += 1) {
    const bench = new Bench({ time: timeMs, iterations: 4, warmupTime: timeMs / 5, warmupIterations: 2, throws: true });
    for (const [name, setting] of Object.entries(settings))
      bench.add(name, () => setting.turn(), { beforeEach: () => setting.refill() });
    for (const { name, result } of await bench.run()) {
      if (result.state !== 'completed') throw new Error(`${drain}, ${name}: the benchmark ended as ${result.state}`);
      medians[name as 'few' | 'many'].push((result.latency.p50 * 1e6) / VISITS);
    }
  }
  for (const setting of Object.values(settings)) setting.close();
  const [few, many] = [median(medians.few), median(medians.many)];
  return { drain, few, many, ratio: many / few };
}

/** The middle one, or the upper of two. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

/** One line for a drain. */
export function renderCost({ drain, few, many, ratio }: SelectionCost): string {
  const mark = ratio <= MOST_RATIO ? '✓' : '✗';
  return `${mark} ${drain}: a visit costs ${few.toFixed(0)} ns with ${BACKLOGGED} threads registered, ${many.toFixed(0)} ns with ${MANY}: ${ratio.toFixed(2)} times as much (at most ${MOST_RATIO})`;
}
