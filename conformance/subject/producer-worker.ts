/** A producing thread of a free scenario. */
import type { ThreadRegistry } from '../../spec/contract.js';
import type { ThreadProgram } from '../../spec/load.js';
import { LifeProgress } from './life-progress.js';
import { GATE, live, pauseMs, type Lived } from './produce.js';
import { serveMessages } from './worker-loop.js';

/** Work: some lives of a program, once the gate is open. */
export interface ProducerJob {
  readonly shared: unknown;
  readonly program: ThreadProgram;
  readonly detailRecordBytes: number;
  readonly firstLife: number;
  readonly lives: number;
  readonly gate: Int32Array;
  /** With the ending `terminate`. */
  readonly progress?: SharedArrayBuffer;
}

export type ProducerNews =
  { readonly type: 'life'; readonly lived: Lived } | { readonly type: 'done'; readonly failed?: string };

/** Longest wait for the gate, and for being terminated, ms. */
const GATE_MS = 60_000;

/** Waits to be terminated; returns when the host halts the run instead. */
function awaitTermination(gate: Int32Array): void {
  for (let waited = 0; waited < GATE_MS && Atomics.load(gate, GATE.halt) === 0; waited += 1) pauseMs(1);
}

await serveMessages<ProducerJob, ProducerNews>(
  (job, module, send) => {
    const { program, gate, detailRecordBytes } = job;
    let registry: ThreadRegistry;
    try {
      registry = module.openRegistry(job.shared);
    } catch (error) {
      send({ type: 'done', failed: `openRegistry() in another thread: ${String(error)}` });
      return;
    } finally {
      Atomics.add(gate, GATE.ready, 1);
      Atomics.notify(gate, GATE.ready);
    }
    Atomics.wait(gate, GATE.go, 0, GATE_MS);
    const progress = job.progress === undefined ? undefined : new LifeProgress(job.progress);
    for (let number = job.firstLife; number < job.firstLife + job.lives; number += 1) {
      const lived = live(registry, program, number, { detailRecordBytes, gate, progress });
      if (lived.life.ended === 'terminate') awaitTermination(gate);
      send({ type: 'life', lived });
      if (lived.threw !== undefined || lived.life.registered !== 'accepted' || lived.life.ended !== program.ending)
        break;
    }
    send({ type: 'done' });
  },
  (why) => ({ type: 'done', failed: why }),
);
