/** The micro-benchmarks of a drain: what one operation costs, each on a drain of its own, in one thread. */
import {
  DEFAULT_CONFIG,
  INDEX_RECORD_BYTES,
  type Capability,
  type Drain,
  type DrainConfig,
  type DrainModule,
  type ThreadHandle,
} from '../spec/index.js';
import { fill, type Case, type Turns } from './case.js';
import { BACKLOGGED, MANY, SelectionCase } from './selection.js';

export interface Benchmark {
  readonly name: string;
  /** What one operation is. */
  readonly about: string;
  /** Without one of these it is skipped. */
  readonly needs: readonly Capability[];
  readonly make: (module: DrainModule) => Case;
}

const QUANTUM = DEFAULT_CONFIG.quantum;
/** Threads, and events of each, of the benchmarks. A drain may make its lanes half as large as asked: they are asked for twice as large. */
const EMIT = { events: 512 };
const VISIT = { threads: 16 };
const ITERATION = { threads: 64, events: 16 };
const SUBMIT = { groups: 64, events: 8 };
const IDLE = { threads: 64, iterations: 256 };

/** A drain whose sink takes everything, with so many threads that it knows. */
abstract class DrainCase implements Case {
  abstract readonly operations: number;
  protected readonly drain: Drain;
  protected readonly handles: readonly ThreadHandle[];
  protected readonly record = new Uint8Array(INDEX_RECORD_BYTES);

  constructor({ createDrain }: DrainModule, threads: number, config: Partial<DrainConfig> = {}) {
    this.drain = createDrain({
      config: { slots: threads, detailCapacity: 0, ...config },
      sink: { write: ({ count }) => count },
    });
    this.handles = Array.from({ length: threads }, (_, i) => this.drain.registry.register({ threadId: i + 1 }));
    fill(this.handles, this.record, 1);
    this.drain.drainIteration();
  }

  abstract prepare(): void;
  abstract turn(): void;

  close(): void {
    this.drain.close();
  }
}

/** @throws Error that says what was to be and what was */
function demand(what: string, seen: number, due: number): void {
  if (seen !== due) throw new Error(`${seen} ${what} where ${due} were due`);
}

class EmitCase extends DrainCase {
  readonly operations = EMIT.events;

  constructor(module: DrainModule) {
    super(module, 1, { indexCapacity: 2 * EMIT.events, quantum: EMIT.events });
  }
  prepare(): void {
    this.drain.drainIteration();
  }
  turn(): void {
    fill(this.handles, this.record, EMIT.events);
  }
}

class VisitCase extends DrainCase {
  readonly operations = VISIT.threads * QUANTUM;

  constructor(module: DrainModule) {
    super(module, VISIT.threads, { indexCapacity: 2 * QUANTUM });
  }
  prepare(): void {
    fill(this.handles, this.record, QUANTUM);
  }
  turn(): void {
    let delivered = 0;
    for (const { slot } of this.handles) {
      if (!this.drain.tryAcquireDrain(slot)) throw new Error('a submit queue was busy that nobody uses');
      delivered += this.drain.drainThreadLanes(slot, QUANTUM);
      this.drain.releaseDrain(slot);
    }
    demand('events', delivered, this.operations);
  }
}

class IterationCase extends DrainCase {
  readonly operations = ITERATION.threads * ITERATION.events;

  constructor(module: DrainModule) {
    super(module, ITERATION.threads, { indexCapacity: 2 * ITERATION.events });
  }
  prepare(): void {
    fill(this.handles, this.record, ITERATION.events);
  }
  turn(): void {
    demand('events', this.drain.drainIteration().delivered, this.operations);
  }
}

class SubmitCase extends DrainCase {
  readonly operations = SUBMIT.groups;
  readonly #group = { index: Array.from({ length: SUBMIT.events }, () => this.record), detail: [] };

  constructor(module: DrainModule) {
    const events = SUBMIT.groups * SUBMIT.events;
    super(module, 1, { indexCapacity: 2 * events, quantum: events });
  }
  prepare(): void {
    this.drain.drainIteration();
  }
  turn(): void {
    const handle = this.handles[0]!;
    let accepted = 0;
    for (let i = 0; i < SUBMIT.groups; i += 1) if (handle.submit(this.#group) === 'accepted') accepted += 1;
    demand('groups accepted', accepted, SUBMIT.groups);
  }
}

class IdleCase extends DrainCase {
  readonly operations = IDLE.iterations;

  constructor(module: DrainModule) {
    super(module, IDLE.threads);
  }
  prepare(): void {
    this.drain.drainIteration();
  }
  turn(): void {
    let delivered = 0;
    for (let i = 0; i < IDLE.iterations; i += 1) delivered += this.drain.drainIteration().delivered;
    demand('events', delivered, 0);
  }
}

/** In the order of reports. */
export const BENCHMARKS: readonly Benchmark[] = [
  { name: 'emit', about: 'emitIndex into a lane with room', needs: [], make: (module) => new EmitCase(module) },
  {
    name: 'submit',
    about: `submit of a group of ${SUBMIT.events} index events`,
    needs: ['submit'],
    make: (module) => new SubmitCase(module),
  },
  {
    name: 'visit',
    about: `an event of a visit: tryAcquireDrain, drainThreadLanes of ${QUANTUM} events, releaseDrain`,
    needs: ['submit'],
    make: (module) => new VisitCase(module),
  },
  {
    name: 'iteration',
    about: `an event of drainIteration over ${ITERATION.threads} threads with ${ITERATION.events} events each`,
    needs: [],
    make: (module) => new IterationCase(module),
  },
  {
    name: 'select',
    about: `a visit of one event when ${BACKLOGGED} threads of ${MANY} are backlogged`,
    needs: [],
    make: (module) => new SelectionCase(module, MANY),
  },
  {
    name: 'idle',
    about: `drainIteration over ${IDLE.threads} threads with nothing to do`,
    needs: [],
    make: (module) => new IdleCase(module),
  },
];

/** The name under which results have what is of no drain. */
export const MACHINE = 'machine';
const RECORDS = 1024;

/**
 * The same program everywhere and always: records written to a ring of its own. It is made of what drains are made of (calls, atomics, small
 * copies), because what slows a machine, a core that is shared with somebody for example, does not slow all code alike.
 */
class CalibrationCase implements Turns {
  readonly operations = RECORDS;
  readonly #cursors = new Int32Array(new SharedArrayBuffer(128));
  readonly #ring = new Uint8Array(new SharedArrayBuffer(RECORDS * INDEX_RECORD_BYTES));
  readonly #record = new Uint8Array(INDEX_RECORD_BYTES);

  prepare(): void {
    Atomics.store(this.#cursors, 16, Atomics.load(this.#cursors, 0));
  }
  turn(): void {
    let written = 0;
    for (let i = 0; i < RECORDS; i += 1) if (this.#write()) written += 1;
    demand('records', written, RECORDS);
  }
  #write(): boolean {
    const tail = Atomics.load(this.#cursors, 0);
    if (((tail - Atomics.load(this.#cursors, 16)) | 0) >= RECORDS) return false;
    this.#ring.set(this.#record, (tail & (RECORDS - 1)) * INDEX_RECORD_BYTES);
    Atomics.store(this.#cursors, 0, (tail + 1) | 0);
    return true;
  }
}

export const CALIBRATION = {
  name: 'calibration',
  about: 'a record written to a ring by a fixed program that is no drain: how fast the machine is',
  make: (): Turns => new CalibrationCase(),
} as const;
