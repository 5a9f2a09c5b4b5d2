/** Slots of the registry: who may have one, and when (stepped histories). */
import type { HistoryRecord, RecordOf } from '../../spec/index.js';
import { analyse } from './analysis.js';
import { MOST_FINDINGS, finding, type Finding } from './finding.js';
import { acknowledged } from './judging.js';

interface Holder {
  readonly thread: number;
  /** Undefined where the history does not tell it: then nothing is said about it. */
  readonly slot: number | undefined;
  readonly generation: number | undefined;
  readonly at: number;
}

export interface SlotFaults {
  /** Registrations that were refused though fewer than `slots` threads were alive and all who left were drained; or with another code. */
  readonly refused: readonly Finding[];
  /** Registrations that succeeded though every slot was taken, and slots with two live threads. */
  readonly overfull: readonly Finding[];
  /** Slots given away before their thread's events were delivered, or under an old generation. */
  readonly early: readonly Finding[];
  /** Registrations refused because the registry was full, and slots given to another thread. */
  readonly full: number;
  readonly reused: number;
}

/** True for an iteration after which every thread that has left is reclaimed, unless it backs off. */
const isRest = ({ delivered, skips, reclaimed, sinkFailures, truncated }: RecordOf<'iteration'>): boolean =>
  truncated === 'no' && [delivered, skips, reclaimed, sinkFailures].every((count) => count === 0);

/** What threads are still owed, as records pass by. */
class Dues {
  /** Index events by thread: accepted and not taken by the sink. */
  readonly #owed = new Map<number, number>();
  /** Their last batch was not taken whole: the drain may be backing off, and turn for nothing. */
  readonly #refused = new Set<number>();

  observe(record: HistoryRecord): void {
    if (record.type === 'emit') {
      if (record.lane === 'index' && record.outcome === 'accepted') this.#add(record.thread, record.count);
    } else if (record.type === 'submit') {
      if (record.phase !== 'begin' && record.outcome === 'accepted') this.#add(record.thread, record.index[1]);
    } else if (record.type === 'batch') this.#deliver(record);
  }

  /** Index events that the sink has not taken. */
  of(thread: number): number {
    return this.#owed.get(thread) ?? 0;
  }

  /** Its slot may be taken still, though nothing is delivered. */
  waits(thread: number): boolean {
    return this.of(thread) > 0 || this.#refused.has(thread);
  }

  #add(thread: number, count: number): void {
    this.#owed.set(thread, this.of(thread) + count);
  }

  #deliver({ thread, lane, count, runs, acknowledged }: RecordOf<'batch'>): void {
    if (acknowledged < count) this.#refused.add(thread);
    else this.#refused.delete(thread);
    if (lane !== 'index') return;
    let left = acknowledged;
    for (const run of runs) {
      if ('torn' in run) left -= 1;
      else {
        this.#add(run.thread ?? thread, -Math.max(0, Math.min(run.count, left)));
        left -= run.count;
      }
    }
  }
}

export function slotFaults(history: readonly HistoryRecord[]): SlotFaults {
  const analysis = analyse(history);
  const slots = analysis.config('slots', 64);
  const alive = new Map<number, Holder>();
  const leaving = new Set<number>();
  const dues = new Dues();
  const holders: Holder[] = [];
  const found = { refused: [] as Finding[], overfull: [] as Finding[], early: [] as Finding[], full: 0, reused: 0 };
  history.forEach((record, at) => {
    dues.observe(record);
    if ((record.type === 'leave' || record.type === 'dead') && record.outcome === 'accepted') {
      if (alive.delete(record.thread)) leaving.add(record.thread);
    } else if (record.type === 'iteration' && isRest(record)) {
      for (const thread of leaving) if (!dues.waits(thread)) leaving.delete(thread);
    } else if (record.type === 'register') {
      if (record.outcome === 'accepted') given(record, at);
      else refused(record, at);
    }
  });
  const short = (faults: Finding[]): Finding[] => faults.slice(0, MOST_FINDINGS);
  return { ...found, refused: short(found.refused), overfull: short(found.overfull), early: short(found.early) };

  function refused({ thread, outcome }: RecordOf<'register'>, at: number): void {
    if (outcome === 'REGISTRY_FULL') found.full += 1;
    const why =
      outcome !== 'REGISTRY_FULL'
        ? `thread ${thread} registered and was told '${outcome}'`
        : `thread ${thread} could not register (REGISTRY_FULL) though ${alive.size} of ${slots} slots were in use`;
    const expected = alive.size < slots ? 'accepted' : 'REGISTRY_FULL';
    if (outcome === expected || (outcome === 'REGISTRY_FULL' && leaving.size > 0)) return;
    found.refused.push(finding('slots', why, expected, outcome, [at]));
  }

  function given({ thread, slot, generation }: RecordOf<'register'>, at: number): void {
    if (alive.size >= slots)
      found.overfull.push(
        finding(
          'slots',
          `thread ${thread} was registered though all ${slots} slots were taken`,
          'REGISTRY_FULL',
          'accepted',
          [at],
        ),
      );
    if (slot !== undefined) placed(thread, slot, generation, at);
    const holder = { thread, slot, generation, at };
    alive.set(thread, holder);
    holders.push(holder);
  }

  function placed(thread: number, slot: number, generation: number | undefined, at: number): void {
    const sharing = [...alive.values()].find((other) => other.slot === slot);
    if (sharing !== undefined)
      found.overfull.push(
        finding(
          'slots',
          `thread ${thread} was given slot ${slot}, which live thread ${sharing.thread} has`,
          'a free slot',
          `slot ${slot}`,
          [sharing.at, at],
        ),
      );
    const before = holders.filter((holder) => holder.slot === slot);
    if (before.length > 0) found.reused += 1;
    for (const holder of before) {
      const owed =
        accepted(holder.thread, at) - acknowledged(history, { thread: holder.thread, lane: 'index', before: at });
      if (owed > 0)
        found.early.push(
          finding(
            'reuse',
            `thread ${thread} was given slot ${slot} while ${owed} events of thread ${holder.thread}, which had it before, were not delivered`,
            'a slot whose events are all delivered',
            `${owed} events not delivered`,
            [holder.at, at],
          ),
        );
      if (generation !== undefined && holder.generation === generation)
        found.early.push(
          finding(
            'reuse',
            `thread ${thread} was given slot ${slot} under generation ${generation}, which thread ${holder.thread} had`,
            'a new generation',
            `${generation}`,
            [holder.at, at],
          ),
        );
    }
  }

  function accepted(thread: number, before: number): number {
    const runs = analysis.lane(thread, 'index').accepted;
    return runs.reduce((sum, { count, record }) => sum + (record < before ? count : 0), 0);
  }
}
