/** The drain's thread of a stress run: turns the drain until all producers have ended and nothing is left. */
import { monotonicNs, pauseMs } from '../../conformance/subject/produce.js';
import type { Capability, Drain, DrainModule } from '../../spec/contract.js';
import type { StressLedger, StressLoad, StressResult, StressSoFar } from '../../spec/stress.js';
import { Board, COUNT, GATE, membersOf, slotsFor, type Member, type SharedBoard } from './board.js';
import type { DrainNews } from './drain-worker.js';
import { ledgerOf } from './ledger.js';
import { Recording } from './recording.js';
import { Tally } from './tally.js';

export interface DrainJob {
  readonly load: StressLoad;
  readonly board: SharedBoard;
}

/** After the last producer: no event for so long, and nothing more is to come, ms. */
const SETTLED_MS = 3000;
const STOP_DEADLINE_NS = 20_000_000_000;
/** Longest wait for producers to stand at the gate, ms. */
const GATHER_MS = 120_000;
/** Shorter windows do not tell the result so far. */
const LEAST_SO_FAR_MS = 1000;

export class DrainLoop {
  readonly #load: StressLoad;
  readonly #module: DrainModule;
  readonly #board: Board;
  readonly #members: readonly Member[];
  readonly #send: (news: DrainNews) => void;
  readonly #tally: Tally;
  readonly #problems: string[] = [];
  #drain!: Drain;
  #recording!: Recording;

  constructor(module: DrainModule, { load, board }: DrainJob, send: (news: DrainNews) => void) {
    this.#load = load;
    this.#module = module;
    this.#board = new Board(board);
    this.#members = membersOf(load);
    this.#send = send;
    const closed = load.groups.every(({ arrivals }) => arrivals.kind === 'closed');
    this.#tally = new Tally({
      board: this.#board,
      sink: load.sink,
      format: closed && load.producers === 'native' ? 'pattern' : 'stamped',
      timed: load.groups.some(({ arrivals, life }) => arrivals.kind !== 'closed' && life === undefined),
    });
  }

  /** @throws whatever the drain throws where it must not */
  run(): StressResult {
    const { config } = this.#load;
    const slots = Math.max(64, slotsFor(this.#load));
    this.#drain = this.#module.createDrain({ config: { slots, detailCapacity: 0, ...config }, sink: this.#tally });
    try {
      return this.#measure();
    } finally {
      this.#drain.close();
    }
  }

  #measure(): StressResult {
    const { arena } = this.#drain;
    this.#send({ type: 'ready', shared: this.#drain.shareRegistry(), ...(arena && { arena }) });
    Atomics.wait(this.#board.gate, GATE.go, 0, GATHER_MS);
    this.#recording = new Recording(this.#load, this.#members, this.#board, this.#tally, (members) =>
      this.#accepted(members),
    );
    this.#recording.onWindow = (window) => {
      const soFar = this.#soFar();
      this.#send({ type: 'window', window, ledger: this.#ledger(false), ...(soFar && { soFar }) });
    };
    this.#turnUntilDone();
    this.#recording.close(monotonicNs());
    this.#settle();
    const stopped = this.#drain.stop({ deadlineNs: STOP_DEADLINE_NS });
    if (!stopped.complete) this.#problems.push(`stop() left ${stopped.leftIndex} events at its deadline`);
    const ledger = this.#ledger(true);
    return {
      complete: !this.#board.halted && this.#problems.length === 0,
      threads: this.#members.length,
      lives: this.#board.sum(COUNT.lives),
      ledger,
      problems: this.#problems,
      ...this.#recording.result(),
    };
  }

  #turnUntilDone(): void {
    const { gatherMs } = this.#load;
    for (;;) {
      const fruitless = this.#turn();
      this.#recording.look(monotonicNs());
      if (Atomics.load(this.#board.gate, GATE.done) === 1) return;
      if (fruitless) this.#rest(this.#load.sleepMs);
      else if (gatherMs > 0) pauseMs(gatherMs);
    }
  }

  /** @returns true when the iteration changed nothing */
  #turn(): boolean {
    const { delivered, batches, visits } = this.#drain.drainIteration();
    return delivered === 0 && batches === 0 && visits === 0;
  }

  /** Sleeps until there is work, at most so long. */
  #rest(longestMs: number): void {
    if (this.#claims('wake')) this.#drain.waitForWork(longestMs);
    else pauseMs(Math.min(1, longestMs));
  }

  /** Delivers what is left. */
  #settle(): void {
    const accepted = this.#board.sum(COUNT.accepted);
    let delivered = -1;
    let since = monotonicNs();
    while (this.#tally.delivered < accepted) {
      if (this.#tally.delivered !== delivered) since = monotonicNs();
      else if (monotonicNs() - since > SETTLED_MS * 1e6) return;
      delivered = this.#tally.delivered;
      if (this.#turn()) this.#rest(1);
    }
  }

  /** Events accepted so far. What native threads were told is known when they have ended: until then the drain is asked. */
  #accepted(members: readonly Member[]): readonly number[] {
    if (this.#load.producers === 'workers' || !this.#claims('metrics'))
      return members.map((member) => this.#board.sumOf(member, COUNT.accepted));
    const told = new Map(this.#drain.metrics().threads.map(({ threadId, index }) => [threadId, index.accepted]));
    return members.map((member) => told.get(member.firstId) ?? this.#board.sumOf(member, COUNT.accepted));
  }

  #claims(capability: Capability): boolean {
    return this.#module.capabilities.includes(capability);
  }

  /** It takes time of the drain's thread: not in short windows. */
  #soFar(): StressSoFar | undefined {
    const measured = this.#load.windowMs >= LEAST_SO_FAR_MS ? this.#recording.soFar(monotonicNs()) : undefined;
    const lives = this.#board.sum(COUNT.lives);
    return measured && { complete: false, threads: this.#members.length, lives, problems: this.#problems, ...measured };
  }

  #ledger(whole: boolean): StressLedger {
    const told = whole && this.#claims('metrics') ? this.#drain.metrics().index : undefined;
    return ledgerOf(this.#board, this.#tally, { whole, told });
  }
}
