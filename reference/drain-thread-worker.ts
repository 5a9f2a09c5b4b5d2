/** The thread of DrainThread. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Sink } from '../spec/contract.js';
import { DrainIterator } from './drain-iterator.js';
import type { DrainThreadData } from './drain-thread.js';
import { pauseMs } from './wake.js';

const data = workerData as DrainThreadData;
const control = new Int32Array(data.control);
const { createSink } = (await import(data.sinkModule)) as { createSink(sinkData: unknown): Sink };
const drain = new DrainIterator({ config: data.config, arena: data.arena, sink: createSink(data.sinkData) });

/** Pause after an iteration that met threads with work and could deliver nothing (the sink fails, a submit is under way), ms. */
const RETRY_MS = 1;

/** Pairs with the store in DrainThread.stop(), which publishes the deadline before it and wakes us after it. */
const isStopAsked = (): boolean => Atomics.load(control, 0) === 1;

while (!isStopAsked()) {
  const { delivered, reclaimed, visits, skips } = drain.drainIteration();
  if (delivered + reclaimed > 0) continue;
  if (visits + skips > 0) pauseMs(RETRY_MS);
  else drain.waitForWork(data.sleepMs, isStopAsked);
}
parentPort!.postMessage(drain.stop({ deadlineNs: control[1]! * 1e6 }));
