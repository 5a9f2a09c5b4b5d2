/** Slots of the registry: who may have one, and when (stepped histories). */
import { MAX_WEIGHT, type HistoryRecord, type RecordOf } from '../../spec/index.js';
import { analyse } from './analysis.js';
import { Dues } from './dues.js';
import { MOST_FINDINGS, finding, type Finding } from './finding.js';

interface Holder {
  readonly thread: number;
  /** Undefined where the history does not tell it: then nothing is said about it. */
  readonly slot: number | undefined;
  readonly at: number;
}

/** What a slot has seen. */
class Slot {
  readonly alive = new Map<number, Holder>();
  /** Those who had it and are owed events, by thread. */
  readonly owing = new Map<number, Holder>();
  /** The first that had each generation. */
  readonly generations = new Map<number, Holder>();
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

export function slotFaults(history: readonly HistoryRecord[]): SlotFaults {
  const size = analyse(history).config('slots', 64);
  const alive = new Map<number, Holder>();
  const leaving = new Set<number>();
  const slots = new Map<number, Slot>();
  /** Of each thread, the last slot that it was given. */
  const holders = new Map<number, Holder>();
  const dues = new Dues((thread, owed) => {
    const holder = holders.get(thread);
    if (holder?.slot !== undefined) owes(slots.get(holder.slot)!, holder, owed);
  });
  const found = { refused: [] as Finding[], overfull: [] as Finding[], early: [] as Finding[], full: 0, reused: 0 };
  history.forEach((record, at) => {
    dues.observe(record);
    if ((record.type === 'leave' || record.type === 'dead') && record.outcome === 'accepted') left(record.thread);
    else if (record.type === 'iteration' && isRest(record)) {
      for (const thread of leaving) if (!dues.waits(thread)) leaving.delete(thread);
    } else if (record.type === 'register') {
      if (record.outcome === 'accepted') given(record, at);
      else refused(record, at);
    }
  });
  return found;

  function tell(kind: 'refused' | 'overfull' | 'early', ...[message, expected, seen, evidence]: Told): void {
    if (found[kind].length === MOST_FINDINGS) return;
    found[kind].push(finding(kind === 'early' ? 'reuse' : 'slots', message, expected, seen, evidence));
  }

  function left(thread: number): void {
    const holder = alive.get(thread);
    if (holder === undefined) return;
    alive.delete(thread);
    leaving.add(thread);
    if (holder.slot !== undefined) slots.get(holder.slot)!.alive.delete(thread);
  }

  function refused({ thread, outcome, weight }: RecordOf<'register'>, at: number): void {
    // a weight that nobody may have is refused whatever is free
    if (outcome === 'INVALID_WEIGHT' && (weight < 1 || weight > MAX_WEIGHT)) return;
    if (outcome === 'REGISTRY_FULL') found.full += 1;
    const why =
      outcome !== 'REGISTRY_FULL'
        ? `thread ${thread} registered and was told '${outcome}'`
        : `thread ${thread} could not register (REGISTRY_FULL) though ${alive.size} of ${size} slots were in use`;
    const expected = alive.size < size ? 'accepted' : 'REGISTRY_FULL';
    if (outcome === expected || (outcome === 'REGISTRY_FULL' && leaving.size > 0)) return;
    tell('refused', why, expected, outcome, [at]);
  }

  function given({ thread, slot, generation }: RecordOf<'register'>, at: number): void {
    if (alive.size >= size) {
      const message = `thread ${thread} was registered though all ${size} slots were taken`;
      tell('overfull', message, 'REGISTRY_FULL', 'accepted', [at]);
    }
    const holder = { thread, slot, at };
    const other = alive.get(thread)?.slot;
    if (other !== undefined) slots.get(other)!.alive.delete(thread);
    alive.set(thread, holder);
    holders.set(thread, holder);
    if (slot !== undefined) placed(holder, slot, generation);
  }

  function placed(holder: Holder, number: number, generation: number | undefined): void {
    const { thread, at } = holder;
    const slot = slots.get(number);
    if (slot !== undefined) {
      found.reused += 1;
      const [sharing] = slot.alive.values();
      if (sharing !== undefined) {
        const message = `thread ${thread} was given slot ${number}, which live thread ${sharing.thread} has`;
        tell('overfull', message, 'a free slot', `slot ${number}`, [sharing.at, at]);
      }
      early(slot, holder, generation);
    }
    const next = slot ?? new Slot();
    slots.set(number, next);
    next.alive.set(thread, holder);
    owes(next, holder, dues.of(thread));
    if (generation !== undefined && !next.generations.has(generation)) next.generations.set(generation, holder);
  }

  function early(slot: Slot, { thread, slot: number, at }: Holder, generation: number | undefined): void {
    const expected = 'a slot whose events are all delivered';
    for (const before of slot.owing.values()) {
      if (found.early.length === MOST_FINDINGS) return;
      const owed = dues.of(before.thread);
      if (owed <= 0) continue; // it was delivered while the thread had another slot
      const message = `thread ${thread} was given slot ${number} while ${owed} events of thread ${before.thread}, which had it before, were not delivered`;
      tell('early', message, expected, `${owed} events not delivered`, [before.at, at]);
    }
    const same = generation === undefined ? undefined : slot.generations.get(generation);
    if (same === undefined) return;
    const message = `thread ${thread} was given slot ${number} under generation ${generation}, which thread ${same.thread} had`;
    tell('early', message, 'a new generation', `${generation}`, [same.at, at]);
  }
}

type Told = [message: string, expected: string, seen: string, evidence: readonly number[]];

function owes(slot: Slot, holder: Holder, owed: number): void {
  if (owed > 0) slot.owing.set(holder.thread, holder);
  else slot.owing.delete(holder.thread);
}
