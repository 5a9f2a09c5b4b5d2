/** A producing thread of a stress run. */
import { serveMessages } from '../../conformance/subject/worker-loop.js';
import type { StressLoad } from '../../spec/stress.js';
import { Board, GATE, type Member, type SharedBoard } from './board.js';
import { produce } from './produce.js';

export interface ProducerJob {
  readonly shared: unknown;
  readonly load: StressLoad;
  readonly member: Member;
  readonly board: SharedBoard;
}

/** `failed`: what was wrong. */
export interface ProducerNews {
  readonly failed?: string;
}

/** Longest wait for the others, ms. */
const GATE_MS = 120_000;

await serveMessages<ProducerJob, ProducerNews>(
  (job, module, send) => {
    const board = new Board(job.board);
    let failed: string | undefined;
    try {
      const registry = module.openRegistry(job.shared);
      Atomics.add(board.gate, GATE.ready, 1);
      Atomics.wait(board.gate, GATE.go, 0, GATE_MS);
      failed = produce({ ...job, registry, board });
    } catch (error) {
      failed = error instanceof Error ? error.message : String(error);
    }
    send(failed === undefined ? {} : { failed });
  },
  (failed) => ({ failed }),
);
