/** What a stress run keeps of its measured part: windows, times, processor time, shares. */
import { monotonicNs } from '../../conformance/subject/produce.js';
import type { StressLoad, StressResult, StressSoFar, StressWindow } from '../../spec/stress.js';
import { COUNT, type Board, type Member } from './board.js';
import { ownTime, type ThreadTime } from './cpu.js';
import { Histogram } from './histogram.js';
import { collectedHeapBytes, isLong, heapBytes } from './memory.js';
import { Shares, type Accepted } from './shares.js';
import type { Tally } from './tally.js';

/** So long before the measured part the drain's thread collects, ms: what waits for it meanwhile is delivered before anything is measured. */
const COLLECT_BEFORE_MS = 200;

type Mark = ReturnType<Shares['mark']>;

/** Where the measured part began. */
interface From {
  readonly ns: number;
  readonly delivered: number;
  readonly mark: Mark;
  readonly time: ThreadTime | undefined;
}

/** Of the measured part until some moment. */
type Figures = Pick<StressResult, 'wallMs' | 'eventsPerSecond' | 'cpu' | 'jain' | 'minShare'>;

export class Recording {
  onWindow: (window: StressWindow) => void = () => undefined;
  readonly #load: StressLoad;
  readonly #board: Board;
  readonly #tally: Tally;
  readonly #shares: Shares;
  readonly #windows: StressWindow[] = [];
  readonly #recoveriesMs: number[] = [];
  readonly #beginNs: number;
  readonly #measureNs: number;
  readonly #endNs: number;
  readonly #latency = new Histogram();
  readonly #scheduled = new Histogram();
  /** Of the window under way. */
  #since: { ns: number; delivered: number; mark: Mark };
  /** Of the measured part. */
  #from: From | undefined;
  /** Collected heap before the measured part. */
  #heapBefore: number | undefined;
  /** When the burst came that is not wholly delivered; Infinity: there are none. */
  #burstNs = Infinity;
  #closed: Figures | undefined;

  constructor(load: StressLoad, members: readonly Member[], board: Board, tally: Tally, accepted: Accepted) {
    this.#load = load;
    this.#board = board;
    this.#tally = tally;
    this.#shares = new Shares(load, members, board, accepted);
    this.#beginNs = board.begin[0]!;
    this.#measureNs = this.#beginNs + load.warmupMs * 1e6;
    this.#endNs = this.#measureNs + load.durationMs * 1e6;
    this.#since = { ns: this.#beginNs, delivered: 0, mark: this.#shares.mark() };
    this.#awaitBurst(0, members.length);
    if (load.warmupMs === 0) this.#start(monotonicNs());
  }

  /** To be called often: windows end when it notices. */
  look(nowNs: number): void {
    const { warmupMs, windowMs } = this.#load;
    if (this.#from === undefined && nowNs >= this.#measureNs) {
      this.#window(nowNs, this.#heapBefore ?? collectedHeapBytes());
      this.#start(nowNs);
    }
    const collectNs = this.#measureNs - Math.min(warmupMs / 2, COLLECT_BEFORE_MS) * 1e6;
    if (this.#from === undefined && nowNs >= collectNs) this.#heapBefore ??= collectedHeapBytes();
    if (this.#closed !== undefined) return;
    if (nowNs >= this.#endNs) this.close(nowNs);
    else if (nowNs - this.#since.ns >= windowMs * 1e6)
      this.#window(nowNs, isLong(this.#load) ? collectedHeapBytes() : heapBytes());
  }

  /** The measured part ends. */
  close(nowNs: number): void {
    if (this.#closed !== undefined) return;
    const from = this.#from;
    if (from === undefined) {
      this.#closed = { wallMs: 0, eventsPerSecond: 0 };
      return;
    }
    // a burst that is not over has taken this long at least
    const burstNs = Math.max(this.#burstNs, this.#measureNs);
    if (burstNs < nowNs) this.#recoveriesMs.push((nowNs - burstNs) / 1e6);
    this.#closed = this.#figures(from, nowNs);
    this.#window(nowNs, collectedHeapBytes());
  }

  result(): Omit<StressResult, 'complete' | 'threads' | 'lives' | 'ledger' | 'problems'> {
    return { ...this.#closed!, ...this.#times(), windows: this.#windows };
  }

  /** As it would be if the measured part ended now; undefined before it. */
  soFar(nowNs: number): Omit<StressSoFar, 'complete' | 'threads' | 'lives' | 'problems'> | undefined {
    const from = this.#from;
    return from && { ...(this.#closed ?? this.#figures(from, nowNs)), ...this.#times() };
  }

  #figures(from: From, nowNs: number): Figures {
    const time = ownTime();
    const wallMs = (nowNs - from.ns) / 1e6;
    return {
      wallMs,
      eventsPerSecond: wallMs > 0 ? ((this.#tally.delivered - from.delivered) / wallMs) * 1000 : 0,
      ...(time &&
        from.time && {
          cpu: {
            drainMs: (time.runNs - from.time.runNs) / 1e6,
            waitedMs: (time.waitedNs - from.time.waitedNs) / 1e6,
            wallMs,
          },
        }),
      ...this.#shares.since(from.mark),
    };
  }

  #times(): Pick<StressResult, 'latency' | 'scheduled' | 'lateness' | 'recoveriesMs'> {
    const latency = this.#latency.distribution();
    const scheduled = this.#scheduled.distribution();
    const lateness = this.#tally.lateness.distribution();
    return {
      ...(latency && { latency }),
      ...(scheduled && { scheduled }),
      ...(lateness && { lateness }),
      recoveriesMs: [...this.#recoveriesMs],
    };
  }

  #start(nowNs: number): void {
    this.#latency.reset();
    this.#scheduled.reset();
    this.#tally.lateness.reset();
    this.#from = { ns: nowNs, delivered: this.#tally.delivered, mark: this.#shares.mark(), time: ownTime() };
  }

  #window(nowNs: number, heap: number): void {
    const { latency, scheduled, delivered } = this.#tally;
    const { ns, delivered: before, mark } = this.#since;
    const times = latency.distribution();
    const at = (percentile: number): number => times!.percentiles.find(([p]) => p === percentile)![1];
    const window: StressWindow = {
      atMs: (nowNs - this.#beginNs) / 1e6,
      delivered: delivered - before,
      eventsPerSecond: nowNs > ns ? ((delivered - before) / (nowNs - ns)) * 1e9 : 0,
      ...this.#shares.since(mark),
      ...(times && { p50Ms: at(50), p99Ms: at(99) }),
      rssBytes: process.memoryUsage.rss(),
      heapBytes: heap,
      lives: this.#board.sum(COUNT.lives),
    };
    this.#latency.add(latency);
    this.#scheduled.add(scheduled);
    latency.reset();
    scheduled.reset();
    this.#since = { ns: nowNs, delivered, mark: this.#shares.mark() };
    this.#windows.push(window);
    this.onWindow(window);
  }

  /** Where all threads burst together, the time from each burst to its last event. */
  #awaitBurst(number: number, threads: number): void {
    const { groups } = this.#load;
    const [first] = groups;
    if (groups.length !== 1 || first!.arrivals.kind !== 'burst') return;
    const { events, everyMs } = first!.arrivals;
    const dueNs = this.#beginNs + number * everyMs * 1e6;
    this.#burstNs = dueNs;
    this.#tally.milestone = (number + 1) * events * threads;
    this.#tally.reached = (nowNs) => {
      if (dueNs >= this.#measureNs) this.#recoveriesMs.push((nowNs - dueNs) / 1e6);
      this.#awaitBurst(number + 1, threads);
    };
  }
}
