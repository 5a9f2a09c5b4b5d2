import { setImmediate as yieldToEvents } from 'node:timers/promises';
import {
  DEFAULT_SLEEP_MS,
  type Drain,
  type DrainConfig,
  type DrainMetrics,
  type FreeScenario,
  type HistoryRecord,
  type IterationResult,
} from '../../spec/index.js';
import { appendGiven, attempt, members, messageOf, mustGive, outcomeOf, threw, type Append } from './attempt.js';
import { isFruitless, iterationRecord, metricsRecord, stopRecord } from './drain-steps.js';
import { appendLife, lifeOrder, type BuriedLife } from './free-history.js';
import { MergingRecorder } from './merging-recorder.js';
import { pauseMs } from './produce.js';
import type { EndedLife, Producers } from './producers.js';
import { startProducers, type Helpers } from './start-producers.js';
import { declared, headerOf, type Hosted } from './stepped-host.js';

const STOP_DEADLINE_NS = 30_000_000_000;
const STALLED_STOP_DEADLINE_NS = 2_000_000_000;
/** Fruitless iterations after which nothing more is to come: longer than any back-off that a scenario uses. */
const SETTLED_AFTER = 200;
const SETTLE_ITERATIONS = 1_000_000;
/** Iterations without progress that a standstill takes: a host that was not given the processor for seconds has made none. */
const STALL_TURNS = 20;
/** Iterations between two turns of the event loop. */
const TURNS_PER_YIELD = 16;
const ENDING_MS = 15_000;

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;

/** True for a result of which every number is a count. Looked at in every turn of a free run: a schema would cost too much. */
function isCounted(result: IterationResult): boolean {
  const { visits, skips, delivered, batches, sinkFailures, reclaimed, truncated } = members(result);
  return [visits, skips, delivered, batches, sinkFailures, reclaimed].every(isCount) && typeof truncated === 'string';
}

/** One run of a free scenario. */
class FreeRun {
  readonly #hosted: Hosted;
  readonly #scenario: FreeScenario;
  readonly #drain: Drain;
  readonly #sink: MergingRecorder;
  readonly #producers: Producers;
  readonly #lives: BuriedLife[] = [];
  /** What comes after the lives and batches. */
  readonly #late: HistoryRecord[] = [];
  /** Events after which the window ends. */
  #windowEnds = 0;
  #stopped = false;
  #broken = false;

  constructor(hosted: Hosted, scenario: FreeScenario, drain: Drain, sink: MergingRecorder, producers: Producers) {
    this.#hosted = hosted;
    this.#scenario = scenario;
    this.#drain = drain;
    this.#sink = sink;
    this.#producers = producers;
  }

  async run(append: Append): Promise<void> {
    await this.#untilAccepted();
    const complete = await this.#whileProducing();
    if (!complete) {
      const stop = (): void => {
        if (!this.#stopped) this.#stop(STALLED_STOP_DEADLINE_NS);
      };
      this.#bury(await this.#producers.halt(stop));
    }
    if (!this.#stopped && complete) this.#settle();
    if (this.#claims('metrics') && !this.#stopped) this.#metrics();
    if (!this.#stopped) this.#stop(complete ? STOP_DEADLINE_NS : STALLED_STOP_DEADLINE_NS);
    else if (this.#claims('metrics')) this.#metrics();
    for (const failure of this.#producers.failures) this.#late.push(threw('producers', failure));
    const order = lifeOrder(this.#scenario.programs);
    const place = (one: BuriedLife): number => order.get(one.life.threadId)?.place ?? order.size;
    for (const life of this.#lives.sort((a, b) => place(a) - place(b)))
      appendLife(append, life, order.get(life.life.threadId)?.weight ?? 1);
    for (const record of [...this.#sink.finish(), ...this.#late]) append(record);
    append({ type: 'end', reason: complete ? 'complete' : 'stalled' });
  }

  #claims(capability: string): boolean {
    return (this.#hosted.module.capabilities as readonly string[]).includes(capability);
  }

  /** Turns the drain while producers live. @returns false when the run came to a standstill */
  async #whileProducing(): Promise<boolean> {
    const { stopAfter, stallMs } = this.#scenario;
    let progressAt = performance.now();
    let progressTurn = 0;
    let delivered = -1;
    for (let turns = 1; ; turns += 1) {
      const fruitless = this.#stopped ? true : this.#iterate();
      const ended = await this.#producers.poll();
      this.#bury(ended);
      if (!this.#producers.running) return !this.#broken;
      if (this.#broken) return false;
      if (!this.#stopped && stopAfter > 0 && this.#sink.delivered >= stopAfter) {
        this.#stop(STOP_DEADLINE_NS);
        [progressAt, progressTurn] = [performance.now(), turns];
      }
      const now = performance.now();
      const patienceMs = this.#stopped ? Math.max(stallMs, ENDING_MS) : stallMs;
      if (this.#sink.delivered !== delivered || ended.length > 0) [progressAt, progressTurn] = [now, turns];
      else if (now - progressAt > patienceMs && turns - progressTurn >= STALL_TURNS) return false;
      delivered = this.#sink.delivered;
      this.#window();
      if (fruitless) this.#rest();
      if (fruitless || turns % TURNS_PER_YIELD === 0) await yieldToEvents();
    }
  }

  /** @returns true when the iteration changed nothing */
  #iterate(): boolean {
    const result = mustGive(this.#take, 'drainIteration', () => this.#drain.drainIteration());
    if (result !== undefined && isCounted(result)) return isFruitless(result);
    // what is no result is told once, in words; the run ends
    if (result !== undefined) appendGiven(this.#take, 'drainIteration', iterationRecord(0, result));
    this.#broken = true;
    return true;
  }

  #rest(): void {
    if (this.#scenario.pace === 'turn' && !this.#stopped) return;
    if (this.#stopped || !this.#claims('wake')) pauseMs(1);
    else this.#sleep();
  }

  #sleep(): void {
    const woken = attempt<unknown>(() => this.#drain.waitForWork(DEFAULT_SLEEP_MS));
    if (woken.ok && typeof woken.value === 'boolean') return;
    this.#take(threw('waitForWork', woken.ok ? `it returned ${String(woken.value)}` : woken.message));
    this.#broken = true;
  }

  /** Declares dead whose death is proved: the code of the life has ended without leave(). */
  #bury(ended: readonly EndedLife[]): void {
    for (const one of ended) {
      const { slot, generation, ended: how, registered } = one.life;
      if ((how !== 'vanish' && how !== 'terminate') || registered !== 'accepted' || !this.#claims('death')) {
        this.#lives.push(one);
        continue;
      }
      const dead = outcomeOf(this.#take, 'declareDead', () => {
        this.#drain.declareDead(slot, generation);
      });
      this.#lives.push(dead === undefined ? one : { ...one, dead });
    }
  }

  #settle(): void {
    let fruitless = 0;
    for (let i = 0; i < SETTLE_ITERATIONS && fruitless < SETTLED_AFTER && !this.#broken; i += 1) {
      fruitless = this.#iterate() ? fruitless + 1 : 0;
      this.#window();
    }
  }

  #stop(deadlineNs: number): void {
    this.#stopped = true;
    const result = mustGive(this.#take, 'stop', () => this.#drain.stop({ deadlineNs }));
    if (result !== undefined) appendGiven(this.#take, 'stop', stopRecord(0, result));
  }

  /** Lets producers come ahead of the drain, so that every lane is backlogged when it begins; not for longer than a stall. */
  async #untilAccepted(): Promise<void> {
    const { startAfter, stallMs } = this.#scenario;
    if (startAfter === 0 || !this.#claims('metrics')) return;
    const end = performance.now() + stallMs;
    while (this.#producers.running && performance.now() < end) {
      this.#bury(await this.#producers.poll());
      const told = attempt(() => this.#drain.metrics().index.accepted);
      if (!told.ok || told.value >= startAfter) return;
      pauseMs(1);
      await yieldToEvents();
    }
  }

  /** Ends a window of so many events, if it is time. */
  #window(): void {
    const { windowEvents } = this.#scenario;
    if (windowEvents === 0 || this.#stopped || !this.#claims('metrics')) return;
    if (this.#sink.delivered < this.#windowEnds) return;
    this.#windowEnds = this.#sink.delivered + windowEvents;
    const result = mustGive(this.#take, 'metrics', () => this.#drain.metrics());
    const told = members(result ?? ({} as DrainMetrics)).threads;
    const threads = Array.isArray(told) ? (told as DrainMetrics['threads']) : [];
    appendGiven(this.#take, 'metrics', {
      type: 'window',
      threads: threads.map(({ threadId: thread, index, detail }) => ({
        thread,
        delivered: this.#sink.deliveredOf.get(thread) ?? 0,
        accepted: index.accepted + detail.accepted,
      })),
    });
  }

  #metrics(): void {
    const result = mustGive(this.#take, 'metrics', () => this.#drain.metrics());
    if (result !== undefined) appendGiven(this.#take, 'metrics', metricsRecord(0, result));
  }

  readonly #take = (record: HistoryRecord): void => {
    this.#late.push(record);
  };
}

/** Runs a free scenario: threads race while this thread turns the drain. */
export async function runFree(hosted: Hosted, helpers: Helpers, scenario: FreeScenario, append: Append): Promise<void> {
  const { header, config } = headerOf(scenario);
  const { detailRecordBytes } = config;
  const { throwEvery, partialEvery } = scenario;
  const sink = new MergingRecorder({ detailRecordBytes, throwEvery, partialEvery });
  const made = attempt(() => hosted.module.createDrain({ config: scenario.config as Partial<DrainConfig>, sink }));
  append(declared(header, made.ok ? made.value : undefined));
  if (!made.ok) {
    if (made.code === undefined) append(threw('createDrain', made.message));
    else append({ type: 'create', outcome: made.code, drain: 0, message: made.message });
    append({ type: 'end', reason: 'complete' });
    return;
  }
  append({ type: 'create', outcome: 'accepted', drain: 0 });
  let producers: Producers | undefined;
  try {
    producers = await startProducers(hosted, helpers, scenario, made.value, detailRecordBytes);
    await new FreeRun(hosted, scenario, made.value, sink, producers).run(append);
  } finally {
    for (const resource of [producers, made.value]) {
      try {
        resource?.close();
      } catch (error) {
        process.stderr.write(`close() threw ${messageOf(error)}\n`);
      }
    }
  }
}
