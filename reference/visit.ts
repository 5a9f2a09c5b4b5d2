/** One visit: a thread's turn, from the snapshot of its cursors to the release of what the sink took. */
import { SLOT, WINDOW_STATE } from '../spec/layout.js';
import { backoffIterations } from '../spec/bounds.js';
import type { SchedulingConfig } from '../spec/config.js';
import type { Batch, Lane, Sink } from '../spec/contract.js';
import type { Arena } from './arena.js';
import { distance } from './index-lane.js';
import { closeLane } from './slot-state.js';
import type { ThreadDrainState } from './thread-drain-state.js';

/** The rules of a visit, as they are now. */
export interface VisitRules {
  /** Records of one batch at most; 0: no limit. */
  readonly batch: number;
  readonly config: Pick<SchedulingConfig, 'maxBackoffIterations'>;
}

/** What a visit did. */
export interface VisitResult {
  /** Records that were deliverable in the snapshot. */
  pending: number;
  delivered: number;
  batches: number;
  sinkFailures: number;
  /** All that the snapshot held was delivered. */
  exhausted: boolean;
  /** A final drain found nothing more: the slot may be reclaimed. */
  finished: boolean;
}

/** Cursors as they were at one moment; events that come later belong to a later visit. */
interface Snapshot {
  readonly final: boolean;
  readonly indexTail: number;
  readonly detailTail: number;
}

function takeSnapshot(arena: Arena, thread: ThreadDrainState): Snapshot {
  const final = thread.isLeaving;
  const { tail: indexTail } = thread.lane;
  const { tail: detailTail } = thread.windows;
  if (!final) return { final, indexTail, detailTail };
  return {
    final,
    indexTail: closeLane(arena, thread.slot, SLOT.indexClose, indexTail),
    detailTail: closeLane(arena, thread.slot, SLOT.detailClose, detailTail),
  };
}

/** How many records of the `offered` the sink took; whatever is no such number is none. */
function offer(sink: Sink, batch: Batch): number {
  try {
    const taken: unknown = sink.write(batch);
    return Number.isInteger(taken) && (taken as number) >= 0 && (taken as number) <= batch.count
      ? (taken as number)
      : 0;
  } catch {
    return 0;
  }
}

/** Delivers up to `allowance` events of a thread whose queue this drain holds. */
export class Visit {
  readonly #sink: Sink;
  readonly #thread: ThreadDrainState;
  readonly #at: Snapshot;
  readonly #batch: number;
  readonly #maxBackoff: number;
  readonly result: VisitResult = {
    pending: 0,
    delivered: 0,
    batches: 0,
    sinkFailures: 0,
    exhausted: false,
    finished: false,
  };

  constructor(arena: Arena, sink: Sink, thread: ThreadDrainState, { batch, config }: VisitRules) {
    this.#batch = batch === 0 ? Infinity : batch;
    this.#maxBackoff = config.maxBackoffIterations;
    this.#sink = sink;
    this.#thread = thread;
    this.#at = takeSnapshot(arena, thread);
  }

  run(allowance: number): VisitResult {
    const thread = this.#thread;
    thread.countAccepted(this.#at.indexTail, this.#at.detailTail);
    const pending = distance(this.#at.indexTail, thread.lane.head);
    const due = thread.dueDetail(this.#at.final, this.#at.detailTail);
    // Both lanes move in every visit, however full the other one is.
    const index = Math.min(pending, allowance - Math.min(due, Math.floor(allowance / 2)));
    if (this.#deliverIndex(index)) this.#deliverDetail(Math.min(due, allowance - index));
    this.result.pending = pending + due;
    this.result.exhausted = this.result.delivered === this.result.pending;
    this.result.finished = this.#at.final && this.#isDrained();
    return this.result;
  }

  #isDrained(): boolean {
    const { lane } = this.#thread;
    return lane.head === this.#at.indexTail && this.#thread.dueDetail(true, this.#at.detailTail) === 0;
  }

  /** @returns false when the sink did not take all */
  #deliverIndex(count: number): boolean {
    const { lane } = this.#thread;
    for (let left = count; left > 0;) {
      const { head } = lane;
      const offered = Math.min(left, this.#batch);
      const taken = this.#hand('index', offered, lane.spans(head, offered));
      if (taken > 0) lane.release(head, taken);
      this.#thread.index.delivered += taken;
      if (taken < offered) return false;
      left -= taken;
    }
    return true;
  }

  #deliverDetail(count: number): void {
    const { windows } = this.#thread;
    for (let left = count; left > 0;) {
      const window = this.#oldestDue();
      const released = windows.released(window);
      const visible = windows.visible(window, this.#at.detailTail);
      const offered = Math.min(left, visible - released, this.#batch);
      const taken = this.#hand('detail', offered, [windows.span(window, released, offered)]);
      windows.setReleased(window, released + taken);
      this.#thread.detail.delivered += taken;
      // A window that was sealed after the snapshot has records above it: it stays until they are delivered too.
      const whole = this.#at.final ? visible : windows.written(window);
      if (released + taken === whole) windows.setState(window, WINDOW_STATE.free);
      if (taken < offered) return;
      left -= taken;
    }
  }

  #oldestDue(): number {
    const { windows } = this.#thread;
    const next = this.#thread.counter(SLOT.nextWindow);
    const states = this.#thread.dueStates(this.#at.final);
    let found = -1;
    let age = -1;
    for (let window = 0; window < windows.count; window += 1) {
      if (!states.includes(windows.state(window))) continue;
      if (windows.visible(window, this.#at.detailTail) <= windows.released(window)) continue;
      const older = distance(next, windows.sequence(window));
      if (older > age) [found, age] = [window, older];
    }
    return found;
  }

  #hand(lane: Lane, count: number, spans: readonly Uint8Array[]): number {
    const thread = this.#thread;
    const recordBytes = spans.reduce((bytes, span) => bytes + span.length, 0) / count;
    const { threadId, slot, generation } = thread;
    const taken = offer(this.#sink, { threadId, slot, generation, lane, recordBytes, count, spans });
    this.result.batches += 1;
    this.result.delivered += taken;
    if (taken > 0) thread.failuresInRow = 0;
    else {
      this.result.sinkFailures += 1;
      thread.failuresInRow += 1;
      thread.backoff = backoffIterations(thread.failuresInRow, this.#maxBackoff);
    }
    return taken;
  }
}
