/** Waiting for room, or for the queue, by looking again. */
import type { EmitOutcome } from '../spec/errors.js';
import { pauseMs } from './wake.js';

/** Pause between two looks, ms. */
const POLL_MS = 0.2;

/** Tries until it is not for lack of room or of the queue, at most `timeoutMs`; 0 tries once. */
export function patiently(timeoutMs: number, attempt: () => EmitOutcome): EmitOutcome {
  const first = attempt();
  if (!(timeoutMs > 0 && isTransient(first))) return first;
  for (const deadline = performance.now() + timeoutMs; performance.now() < deadline;) {
    pauseMs(POLL_MS);
    const outcome = attempt();
    if (!isTransient(outcome)) return outcome;
  }
  return 'TIMED_OUT';
}

function isTransient(outcome: EmitOutcome): boolean {
  return outcome === 'LANE_FULL' || outcome === 'DETAIL_FULL' || outcome === 'QUEUE_BUSY';
}
