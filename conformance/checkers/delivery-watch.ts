/** Deliveries of all lanes as a history passes by: what delivery.ts and integrity.ts say, in memory that does not grow with the history. */
import type { HistoryRecord, Lane, RecordOf } from '../../spec/index.js';
import { MOST_FINDINGS, finding, merged, type Finding } from './finding.js';
import { LaneWatch } from './lane-watch.js';
import type { Suspicion } from './questions.js';

type Batch = RecordOf<'batch'>;
interface Holder {
  readonly slot: number;
  readonly generation: number;
  readonly record: number;
}

export class DeliveryWatch {
  readonly torn: Finding[] = [];
  /** Batches of no records, and those of wrong sizes or counts: each may be many. */
  readonly empty: Finding[] = [];
  readonly missized: Finding[] = [];
  /** What the last stop() says it left, if it gave up: so much of each lane may be missing at the end. */
  left: Readonly<Record<Lane, number>> = { index: 0, detail: 0 };
  records = 0;
  readonly #lanes = new Map<number, { index?: LaneWatch; detail?: LaneWatch }>();
  readonly #misattributed: Finding[] = [];
  /** By thread: the slot that it registered under last; and, where lines have no order, all that batches named. */
  readonly #holders = new Map<number, Holder>();
  readonly #named = new Map<number, Holder[]>();
  #ordered = true;

  get malformed(): Finding[] {
    return merged(this.empty, this.missized);
  }

  observe(record: HistoryRecord, at: number): void {
    this.records = at + 1;
    switch (record.type) {
      case 'history':
        this.#ordered = record.mode === 'stepped';
        break;
      case 'register':
        this.#registered(record, at);
        break;
      case 'emit':
        this.lane(record.thread, record.lane).attempt(record.from, record.count, record.outcome);
        break;
      case 'submit':
        if (record.phase === 'begin' && record.outcome === 'accepted') break;
        for (const lane of ['index', 'detail'] as const) {
          const [from, count] = record[lane];
          this.lane(record.thread, lane).attempt(from, count, record.outcome);
        }
        break;
      case 'batch':
        this.#batch(record, at);
        break;
      case 'stop':
        this.left = record.complete ? { index: 0, detail: 0 } : { index: record.leftIndex, detail: record.leftDetail };
        break;
      default:
    }
  }

  lane(thread: number, lane: Lane): LaneWatch {
    let lanes = this.#lanes.get(thread);
    if (lanes === undefined) this.#lanes.set(thread, (lanes = {}));
    return (lanes[lane] ??= new LaneWatch(thread, lane, this.#ordered));
  }

  /** Accepted and not taken, beyond what a stop() says it left: of all threads, or of these. */
  losses(lanes: readonly Lane[] = ['index'], isOne: (thread: number) => boolean = () => true): Suspicion[] {
    const missing = { index: 0, detail: 0 };
    const lost: { lane: LaneWatch; suspicion: Suspicion }[] = [];
    for (const lane of this.#all()) {
      const { events, first } = lane.missing();
      missing[lane.lane] += events;
      if (first !== undefined) lost.push({ lane, suspicion: lane.loss(first, this.records - 1) });
    }
    return lost
      .filter(
        ({ lane }) => lanes.includes(lane.lane) && isOne(lane.thread) && missing[lane.lane] > this.left[lane.lane],
      )
      .map(({ suspicion }) => suspicion)
      .slice(0, MOST_FINDINGS);
  }

  duplicates(): Suspicion[] {
    return this.#suspicions((lane) => lane.duplicate);
  }

  disorders(): Suspicion[] {
    return this.#suspicions((lane) => lane.disorder);
  }

  phantoms(): Suspicion[] {
    return this.#suspicions((lane) => lane.phantom());
  }

  /** Records in a batch of another thread; batches under a slot or generation that their thread did not have. */
  misattributed(): Finding[] {
    const found = [...this.#misattributed];
    for (const [thread, names] of this.#named) {
      const held = this.#holders.get(thread);
      for (const name of held === undefined ? [] : names) {
        if (name.slot !== held!.slot || name.generation !== held!.generation)
          found.push(otherSlot(thread, held!, name));
      }
    }
    return found.slice(0, MOST_FINDINGS);
  }

  *#all(): Generator<LaneWatch> {
    for (const { index, detail } of this.#lanes.values()) {
      if (index !== undefined) yield index;
      if (detail !== undefined) yield detail;
    }
  }

  #suspicions(of: (lane: LaneWatch) => Suspicion | undefined): Suspicion[] {
    const found: Suspicion[] = [];
    for (const lane of this.#all()) {
      const one = of(lane);
      if (one !== undefined && found.push(one) === MOST_FINDINGS) break;
    }
    return found;
  }

  #registered({ thread, outcome, slot, generation }: RecordOf<'register'>, record: number): void {
    if (outcome !== 'accepted') return;
    if (slot === undefined || generation === undefined) this.#holders.delete(thread);
    else this.#holders.set(thread, { slot, generation, record });
  }

  #batch(batch: Batch, at: number): void {
    let before = 0;
    for (const run of batch.runs) {
      if ('torn' in run) {
        before += 1;
        this.#torn(batch, run, at);
        continue;
      }
      const { from, count } = run;
      const taken = Math.max(0, Math.min(count, batch.acknowledged - before));
      this.lane(run.thread ?? batch.thread, batch.lane).deliver(from, count, taken, at);
      before += count;
      if (run.thread !== undefined && run.thread !== batch.thread) this.#foreign(batch, run.from, run.thread, at);
    }
    this.#held(batch, at);
    const wrong = batch.malformed ?? miscounted(batch, before);
    const list = wrong === EMPTY_BATCH ? this.empty : this.missized;
    if (wrong !== undefined && list.length < MOST_FINDINGS) {
      const message = `a batch of thread ${batch.thread} (${batch.lane} lane) is malformed: ${wrong}`;
      list.push(finding('malformed', message, 'whole records, at least one', wrong, [at]));
    }
  }

  #torn({ thread, lane }: Batch, run: { at: number; hex: string }, at: number): void {
    if (this.torn.length === MOST_FINDINGS) return;
    const message = `thread ${thread}, ${lane} lane: record ${run.at} of a batch has torn or foreign bytes (${run.hex.slice(0, 32)}${run.hex.length > 32 ? '...' : ''})`;
    this.torn.push(finding('torn', message, 'the bytes that the producer gave', run.hex, [at]));
  }

  #foreign({ thread, lane }: Batch, event: number, owner: number, at: number): void {
    if (this.#misattributed.length === MOST_FINDINGS) return;
    const message = `event ${event} of thread ${owner} was delivered in a batch of thread ${thread} (${lane} lane)`;
    this.#misattributed.push(
      finding('misattribution', message, `a batch of thread ${owner}`, `a batch of thread ${thread}`, [at]),
    );
  }

  /** The batch must name the slot and generation that its thread registered under. */
  #held({ thread, slot, generation }: Batch, record: number): void {
    const name = { slot, generation, record };
    if (!this.#ordered) {
      const names = this.#named.get(thread);
      if (names === undefined) this.#named.set(thread, [name]);
      else if (!names.some((one) => one.slot === slot && one.generation === generation)) names.push(name);
      return;
    }
    const held = this.#holders.get(thread);
    if (held === undefined || (held.slot === slot && held.generation === generation)) return;
    if (this.#misattributed.length < MOST_FINDINGS) this.#misattributed.push(otherSlot(thread, held, name));
  }
}

function otherSlot(thread: number, held: Holder, named: Holder): Finding {
  const words = ({ slot, generation }: Holder): string => `slot ${slot}, generation ${generation}`;
  const message = `a batch of thread ${thread} names ${words(named)}`;
  return finding('misattribution', message, words(held), words(named), [held.record, named.record]);
}

/** What is wrong with a batch of no records. */
const EMPTY_BATCH = 'it is empty';

function miscounted({ count, acknowledged }: Batch, held: number): string | undefined {
  if (count === 0) return EMPTY_BATCH;
  if (held !== count) return `it says ${count} records and holds ${held}`;
  return acknowledged > count ? `${acknowledged} of its ${count} records were acknowledged` : undefined;
}
