import { readFileSync } from 'node:fs';

/** What the operating system has counted of the calling thread, ns. */
export interface ThreadTime {
  /** On a processor. */
  readonly runNs: number;
  /** Ready to run, while others had the processor. */
  readonly waitedNs: number;
}

/** Of the calling thread alone; undefined where the operating system does not tell. */
export function ownTime(): ThreadTime | undefined {
  try {
    const [runNs, waitedNs] = readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ').map(Number);
    return { runNs: runNs!, waitedNs: waitedNs! };
  } catch {
    return undefined;
  }
}
