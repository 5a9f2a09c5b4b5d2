/** How noisy the machine is, with nothing of a drain running. */
import type { Calibration } from '../spec/stress.js';
import { median } from './case.js';

const CHUNKS = 20;
const SLEEPS = 60;

/** Waited on; and where the work's result goes. */
const cells = new Int32Array(new SharedArrayBuffer(8));

/** Some arithmetic that the compiler cannot leave out. */
function work(): number {
  let x = 1;
  for (let i = 0; i < 1_000_000; i += 1) x = (Math.imul(x, 1_103_515_245) + 12_345) | 0;
  return x;
}

/** Takes about 150 ms. Blocks this thread. */
export function calibrate(): Calibration {
  const slowdowns = Array.from({ length: CHUNKS }, () => {
    const [cpu, wall] = [process.cpuUsage(), performance.now()];
    cells[1] = work();
    const used = process.cpuUsage(cpu);
    return ((performance.now() - wall) * 1000) / Math.max(1, used.user + used.system);
  });
  const oversleeps = Array.from({ length: SLEEPS }, () => {
    const from = performance.now();
    Atomics.wait(cells, 0, 0, 1);
    return Math.max(0, performance.now() - from - 1);
  }).sort((a, b) => a - b);
  return {
    slowdown: Math.max(1, median(slowdowns)),
    sleepP50Ms: median(oversleeps),
    sleepP99Ms: oversleeps.at(-1)!,
  };
}
