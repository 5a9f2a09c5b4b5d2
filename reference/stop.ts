/** Stop: everybody leaves, everything accepted is delivered, and what the deadline leaves is counted. */
import { STOP_PAUSE_NS } from '../spec/config.js';
import type { StopResult } from '../spec/contract.js';
import { DrainError } from '../spec/errors.js';
import { HEADER, SLOT, STOP_STATE } from '../spec/layout.js';
import type { DrainIterator } from './drain-iterator.js';
import { distance } from './index-lane.js';
import { noteChange, setReady } from './ready-bits.js';
import { closedTail, generationOf, isState, loadState, swapState } from './slot-state.js';
import { revoke } from './submit-queue.js';

/** @throws INVALID_ARGUMENT unless `deadlineNs` is at least 0 */
export function stopDrain(drain: DrainIterator, deadlineNs: number): StopResult {
  if (!(deadlineNs >= 0)) throw new DrainError('INVALID_ARGUMENT', `deadlineNs is ${deadlineNs}`);
  const { environment } = drain;
  const started = environment.now();
  setStopState(drain, STOP_STATE.stopping);
  let delivered = 0;
  let pause: number = STOP_PAUSE_NS.first;
  while (!isEmpty(drain)) {
    sendAway(drain); // in each pass: a thread that died while it registered does not leave by itself
    const pass = drain.iterate({ limited: false });
    delivered += pass.delivered;
    if (Number(environment.now() - started) >= deadlineNs) break;
    if (pass.delivered + pass.reclaimed > 0) pause = STOP_PAUSE_NS.first;
    else {
      environment.pause(BigInt(pause));
      pause = Math.min(pause * 2, STOP_PAUSE_NS.longest);
    }
  }
  const left = countLeft(drain);
  setStopState(drain, STOP_STATE.stopped);
  return { delivered, ...left, complete: isEmpty(drain) };
}

function setStopState(drain: DrainIterator, state: number): void {
  // Pairs with register(), which looks at it after it became active: either it sees this, or sendAway() sees the thread.
  Atomics.store(drain.view.words, drain.view.header(HEADER.stopState), state);
}

/** Every ACTIVE thread leaves. Pairs with an emit's second look at the state, after it published. */
function sendAway({ view, config }: DrainIterator): void {
  for (let slot = 0; slot < config.slots; slot += 1) {
    const word = loadState(view, slot);
    if (isState(word, 'active') && swapState(view, slot, generationOf(word), 'active', 'leaving'))
      noteChange(view, slot);
    if (isState(word, 'leaving')) setReady(view, slot); // whoever left may have died before it noted that
  }
}

function isEmpty({ view, config }: DrainIterator): boolean {
  for (let slot = 0; slot < config.slots; slot += 1) if (!isState(loadState(view, slot), 'free')) return false;
  return true;
}

function countLeft({ view, parts }: DrainIterator): { leftIndex: number; leftDetail: number } {
  let leftIndex = 0;
  let leftDetail = 0;
  for (const thread of parts.discovery.tracked) {
    if (thread === undefined) continue;
    revoke(view, thread.slot);
    const { slot, lane, windows } = thread;
    leftIndex += distance(closedTail(view, slot, SLOT.indexClose, lane.tail), lane.head);
    leftDetail += thread.dueDetail(true, closedTail(view, slot, SLOT.detailClose, windows.tail));
  }
  return { leftIndex, leftDetail };
}
