/** What a stress run says while it goes: one line that changes on a terminal, one line per verdict elsewhere. */
import pc from 'picocolors';
import type { StressProgress } from '../spec/index.js';
import type { StressRecord } from '../stress/run.js';
import type { SaturationRecord } from '../stress/saturation.js';
import type { Streams } from './program.js';

const CLEAR = '\r\u001b[2K';
const number = new Intl.NumberFormat('en');

const MARKS: Partial<Record<StressRecord['verdict'], string>> = { pass: pc.green('✓'), 'not-applicable': pc.dim('-') };
const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

export class StressProgressLine {
  readonly #out: Streams['out'];
  readonly #total: number;
  readonly #started = performance.now();
  #done = 0;
  #what = '';
  #drawn = false;

  constructor(out: Streams['out'], total: number) {
    this.#out = out;
    this.#total = total;
  }

  begin(what: string, drain: string): void {
    this.#what = `${what}, ${drain}`;
    this.#draw('');
  }

  /** Figures of the load under way. */
  live({ elapsedMs, eventsPerSecond, threads, delivered }: StressProgress): void {
    this.#draw(
      `${seconds(elapsedMs)}  ${number.format(Math.round(eventsPerSecond))} events/s  ${threads} threads  ${number.format(delivered)} delivered`,
    );
  }

  step({ offeredEventsPerSecond, p99Ms }: SaturationRecord['steps'][number]): void {
    this.#draw(`${number.format(Math.round(offeredEventsPerSecond))} events/s  P99 ${p99Ms.toFixed(2)} ms`);
  }

  verdict({ verdict, scenario, drain, durationMs, reason }: StressRecord): void {
    this.#done += 1;
    const mark = MARKS[verdict] ?? pc.red('✗');
    const why = verdict === 'pass' ? '' : `  ${verdict}: ${reason}`;
    this.#print(`${mark} ${scenario.padEnd(20)} ${drain.padEnd(12)} ${seconds(durationMs)}${why}`);
  }

  knee({ threads, drain, kneeEventsPerSecond }: SaturationRecord): void {
    this.#done += 1;
    const knee = kneeEventsPerSecond === 0 ? 'none' : `${number.format(Math.round(kneeEventsPerSecond))} events/s`;
    this.#print(`  ${`knee at ${threads} threads`.padEnd(20)} ${drain.padEnd(12)} ${knee}`);
  }

  finish(): void {
    if (this.#drawn) this.#out.write(CLEAR);
    this.#drawn = false;
  }

  #print(line: string): void {
    this.finish();
    this.#out.write(`${line}\n`);
  }

  #draw(figures: string): void {
    if (this.#out.isTTY !== true) return;
    const elapsed = performance.now() - this.#started;
    const left = this.#done === 0 ? '' : `  about ${seconds((elapsed / this.#done) * (this.#total - this.#done))} left`;
    const line = `${this.#done}/${this.#total}  ${this.#what}  ${figures}${left}`;
    const columns = (this.#out as { columns?: number }).columns ?? 100;
    this.#out.write(CLEAR + line.slice(0, Math.max(20, columns - 1)));
    this.#drawn = true;
  }
}
