/** One quiet event beside threads with very large backlogs: how many visits it waits for. */
import type { DrainModule, Policy } from '../../spec/index.js';

export interface QuietOptions {
  readonly threads: number;
  /** Events of each of the others. */
  readonly backlog: number;
  readonly policies: readonly Policy[];
}

/** Visits up to and with the one that delivers the event, under each policy in turn. The backlogs are the same for all. */
export function quietWaits(module: DrainModule, { threads, backlog, policies }: QuietOptions): Map<Policy, number> {
  let visits = 0;
  let last = -1;
  let heard = 0;
  const drain = module.createDrain({
    config: { slots: threads, indexCapacity: 2 ** Math.ceil(Math.log2(backlog)), detailCapacity: 0, quantum: 32 },
    sink: {
      write: ({ threadId, count }) => {
        if (threadId !== last) visits += 1;
        last = threadId;
        if (threadId === threads && heard === 0) heard = visits;
        return count;
      },
    },
  });
  const record = new Uint8Array(32);
  const waits = new Map<Policy, number>();
  try {
    const handles = Array.from({ length: threads }, (_, i) => drain.registry.register({ threadId: i + 1 }));
    const quiet = handles.pop()!;
    for (const handle of handles) for (let i = 0; i < backlog; i += 1) handle.emitIndex(record);
    for (const policy of policies) {
      drain.configure!({ policy });
      drain.drainIteration();
      quiet.emitIndex(record);
      visits = heard = 0;
      last = -1;
      drain.drainIteration();
      waits.set(policy, heard === 0 ? Infinity : heard);
    }
  } finally {
    drain.close();
  }
  return waits;
}
