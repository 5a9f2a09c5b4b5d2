/** Fairness bounds as functions (field-tested deficit round robin results). q: quantum, k: maxSkips, events unless stated. */
import { PRIORITY_CLASSES } from './config.js';

/** Largest difference of service per weight between two backlogged threads over any interval, with at most k skips in a row. */
export function serviceLagBound(quantum: number, maxSkips: number): number {
  return (2 * maxSkips + 1) * quantum;
}

/** The same when no skip happened. */
export function serviceLagBoundWithoutSkips(quantum: number): number {
  return quantum;
}

/** Longest wait of a backlogged thread, in visits of other threads, among n threads. */
export function longestWaitVisits(threads: number, maxSkips: number): number {
  return (maxSkips + 1) * threads;
}

/**
 * Longest wait of a backlogged thread in events of the others: each may take its turn (K + 1) times, and what it had
 * kept of earlier skips. `weights`: of the others.
 */
export function longestWaitEvents(weights: readonly number[], quantum: number, maxSkips: number): number {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return (2 * maxSkips + 1) * sum * quantum;
}

/** What the longest wait under the policy `priority` follows from. */
export interface PriorityWait {
  /** Backlogged threads. */
  readonly threads: number;
  /** The most visits that any iteration made. */
  readonly visitsPerIteration: number;
  readonly ageAfter: number;
  readonly maxSkips: number;
  /** The thread's own class. */
  readonly priority: number;
}

/**
 * Longest wait under `priority`, in visits of others: after A missed iterations a class it is in the top class, where everybody
 * who was there before has one turn, final drains every other one; each skip may cost as much again.
 */
export function longestWaitPriority({
  threads,
  visitsPerIteration,
  ageAfter,
  maxSkips,
  priority,
}: PriorityWait): number {
  const ageing = ageAfter * (PRIORITY_CLASSES - 1 - priority) * visitsPerIteration;
  return (maxSkips + 1) * (ageing + 2 * threads + visitsPerIteration);
}

/** Largest credit of a thread. */
export function creditCap(weight: number, quantum: number, maxSkips: number): number {
  return (maxSkips + 1) * weight * quantum;
}

/** Back-off after `failures` sink failures in a row, in iterations. */
export function backoffIterations(failures: number, longest: number): number {
  return failures === 0 ? 0 : Math.min(2 ** (failures - 1), longest);
}

/** Jain's index of x (zeros included): 1 is equal, 1/n is one thread only; 1 for no threads or all zero. */
export function jainIndex(x: readonly number[]): number {
  let sum = 0;
  let squares = 0;
  for (const value of x) {
    sum += value;
    squares += value * value;
  }
  return squares === 0 ? 1 : (sum * sum) / (x.length * squares);
}

/**
 * Weighted max-min shares of `capacity`: nobody gets more than its demand, and what one leaves is shared by
 * weight among the rest. Shapes: demands and weights of one length; the result too.
 */
export function maxMinShares(demands: readonly number[], weights: readonly number[], capacity: number): number[] {
  const shares = demands.map(() => 0);
  let left = capacity;
  let open = demands.map((_, i) => i).filter((i) => demands[i]! > 0);
  while (open.length > 0 && left > 0) {
    let weight = 0;
    for (const i of open) weight += weights[i]!;
    const level = left / weight;
    const full = open.filter((i) => demands[i]! <= level * weights[i]!);
    if (full.length === 0) {
      for (const i of open) shares[i] = level * weights[i]!;
      break;
    }
    for (const i of full) {
      shares[i] = demands[i]!;
      left -= demands[i]!;
    }
    open = open.filter((i) => demands[i]! > level * weights[i]!);
  }
  return shares;
}

/** Jain's index of delivered / ideal over the threads with demand, rounded half up to 6 decimals. */
export function fairnessIndex(threads: readonly { demand: number; weight: number; delivered: number }[]): number {
  const total = threads.reduce((sum, thread) => sum + thread.delivered, 0);
  const ideal = maxMinShares(
    threads.map((thread) => thread.demand),
    threads.map((thread) => thread.weight),
    total,
  );
  const x: number[] = [];
  threads.forEach((thread, i) => {
    if (thread.demand > 0 && ideal[i]! > 0) x.push(thread.delivered / ideal[i]!);
  });
  return Math.floor(jainIndex(x) * 1e6 + 0.5) / 1e6;
}
