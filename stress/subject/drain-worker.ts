/** The drain of a stress run, in a thread that does nothing else. */
import { codeOf, messageOf } from '../../conformance/subject/attempt.js';
import { serveMessages } from '../../conformance/subject/worker-loop.js';
import type { StressLedger, StressResult, StressSoFar, StressWindow } from '../../spec/stress.js';
import { DrainLoop, type DrainJob } from './drain-loop.js';

/** What the drain's thread says. */
export type DrainNews =
  | { readonly type: 'ready'; readonly shared: unknown; readonly arena?: SharedArrayBuffer }
  | {
      readonly type: 'window';
      readonly window: StressWindow;
      readonly ledger: StressLedger;
      readonly soFar?: StressSoFar;
    }
  | { readonly type: 'ended'; readonly result: StressResult }
  | { readonly type: 'failed'; readonly code: string; readonly message: string };

await serveMessages<DrainJob, DrainNews>(
  (job, module, send) => {
    try {
      send({ type: 'ended', result: new DrainLoop(module, job, send).run() });
    } catch (error) {
      send({ type: 'failed', code: codeOf(error) ?? 'DRAIN', message: messageOf(error) });
    }
  },
  (message) => ({ type: 'failed', code: 'IMPL_UNREADABLE', message }),
);
