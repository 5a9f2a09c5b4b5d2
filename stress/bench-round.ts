/**
 * One round of one drain, in a process of its own: what another drain or round left in the heap or taught the compiler changes nothing.
 *
 *     node bench-round.js <ms of processor time of each case> <module>
 *
 * Sends a RoundMessage to its parent, and ends.
 */
import { loadModule } from '../conformance/subject/load-module.js';
import { BENCHMARKS, CALIBRATION } from './benchmarks.js';
import { measureCase, median } from './case.js';

export interface RoundMessage {
  /** Of the machine, ns: measured between the drain's cases. */
  readonly calibration: number;
  readonly measured: readonly { readonly name: string; readonly ns: number }[];
  /** What could not be measured, and why. */
  readonly failed: readonly { readonly name: string; readonly why: string }[];
}

const timeMs = Number(process.argv[2]);
const drain = await loadModule(process.argv[3]!);
const measured: { name: string; ns: number }[] = [];
const failed: { name: string; why: string }[] = [];
const machine = CALIBRATION.make();
const calibrations: number[] = [];

for (const { name, needs, make } of BENCHMARKS) {
  if (!needs.every((need) => drain.capabilities.includes(need))) continue;
  globalThis.gc?.();
  calibrations.push(measureCase(machine, timeMs / 4));
  try {
    const one = make(drain);
    measured.push({ name, ns: measureCase(one, timeMs) });
    one.close();
  } catch (error) {
    failed.push({ name, why: error instanceof Error ? error.message : String(error) });
  }
}
const message: RoundMessage = { calibration: median(calibrations), measured, failed };
// a drain that still runs something must not keep the process
process.send?.(message, () => process.exit());
