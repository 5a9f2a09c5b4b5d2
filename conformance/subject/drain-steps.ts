/** The steps of a drain, one small function an op. */
import type {
  Drain,
  DrainMetrics,
  FairnessMetrics,
  IterationResult,
  LaneLedger,
  SchedulingConfig,
  StopResult,
  Step,
} from '../../spec/index.js';
import { changedArenas } from './arena-changes.js';
import { attempt, members, mustGive, mustNotThrow, outcomeOf, threw } from './attempt.js';
import type { LogicalThread, Stage } from './stage.js';

type StepOf<Op extends Step['op']> = Extract<Step, { op: Op }>;

export function iterationRecord(drain: number, result: IterationResult): object {
  const { visits, skips, delivered, batches, sinkFailures, reclaimed, truncated } = members(result);
  return { type: 'iteration', drain, visits, skips, delivered, batches, sinkFailures, reclaimed, truncated };
}

export function stopRecord(drain: number, result: StopResult): object {
  const { delivered, leftIndex, leftDetail, complete } = members(result);
  return { type: 'stop', drain, delivered, leftIndex, leftDetail, complete };
}

const ledger = (value: LaneLedger | undefined): object => {
  const { attempted, accepted, rejected, delivered, pending, evicted, left } = members(value ?? ({} as LaneLedger));
  return { attempted, accepted, rejected, delivered, pending, evicted, left };
};

function fairnessRecord(given: FairnessMetrics): object {
  const { windows, delivered, jain, minShare, serviceLag, longestWait, quantum, batch } = members(given);
  return { windows, delivered, jain, minShare, serviceLag, longestWait, quantum, batch };
}

export function metricsRecord(drain: number, metrics: DrainMetrics): object {
  const given = members(metrics);
  const { iterations, visits, skips, batches, sinkFailures, registered, reclaimed, jain, fairness, threads } = given;
  return {
    type: 'metrics',
    drain,
    ...{ iterations, visits, skips, batches, sinkFailures, registered, reclaimed, jain },
    ...(fairness === undefined ? {} : { fairness: fairnessRecord(fairness) }),
    index: ledger(given.index),
    detail: ledger(given.detail),
    threads: Array.isArray(threads)
      ? (threads as DrainMetrics['threads']).map((one) => ({
          thread: one.threadId,
          slot: one.slot,
          generation: one.generation,
          weight: one.weight,
          index: ledger(one.index),
          detail: ledger(one.detail),
          visits: one.visits,
          skips: one.skips,
          credit: one.credit,
          longestWait: one.longestWait,
          ...(one.priority === undefined ? {} : { priority: one.priority }),
          ...(one.share === undefined ? {} : { share: one.share }),
        }))
      : threads,
  };
}

/** One iteration, written down. */
function iterate(stage: Stage, number: number, drain: Drain): IterationResult | undefined {
  const result = mustGive(stage.append, 'drainIteration', () => drain.drainIteration());
  if (result !== undefined) stage.appendGiven('drainIteration', iterationRecord(number, result));
  return result;
}

export function turn(stage: Stage, step: StepOf<'turn'>): void {
  const drain = stage.drains.get(step.drain);
  if (drain === undefined) return;
  for (let i = 0; i < step.times; i += 1) if (iterate(stage, step.drain, drain) === undefined) return;
}

/** True for an iteration that changed nothing, and was not cut short before it could. */
export const isFruitless = (result: IterationResult): boolean => {
  const { delivered = 0, skips = 0, reclaimed = 0, sinkFailures = 0, truncated = 'no' } = members(result);
  return delivered === 0 && skips === 0 && reclaimed === 0 && sinkFailures === 0 && truncated === 'no';
};

export function settle(stage: Stage, step: StepOf<'settle'>): void {
  const drain = stage.drains.get(step.drain);
  if (drain === undefined) return;
  for (let i = 0; i < step.limit; i += 1) {
    const result = iterate(stage, step.drain, drain);
    if (result === undefined || isFruitless(result)) return;
  }
}

export function openDrain(stage: Stage, step: StepOf<'openDrain'>): void {
  const first = stage.drains.get(0);
  if (first === undefined || stage.drains.has(step.drain)) return;
  const arena = first.arena;
  if (arena instanceof SharedArrayBuffer) stage.openDrain(step.drain, stage.config, arena);
  else stage.append(threw('openDrain', `drain.arena is ${typeof arena}; expected a SharedArrayBuffer`));
}

/** The drain and the thread that a step names, if both are there. */
function pair(
  stage: Stage,
  step: { drain: number; thread: number },
): { drain: Drain; thread: LogicalThread } | undefined {
  const drain = stage.drains.get(step.drain);
  const thread = stage.threads.get(step.thread);
  return drain === undefined || thread === undefined ? undefined : { drain, thread };
}

export function acquire(stage: Stage, step: StepOf<'acquire'>): void {
  const found = pair(stage, step);
  if (found === undefined) return;
  const acquired = mustGive(stage.append, 'tryAcquireDrain', () => found.drain.tryAcquireDrain(found.thread.slot));
  if (acquired === undefined) return;
  stage.appendGiven('tryAcquireDrain', { type: 'acquire', drain: step.drain, thread: step.thread, acquired });
}

export function release(stage: Stage, step: StepOf<'release'>): void {
  const found = pair(stage, step);
  if (found === undefined) return;
  const outcome = outcomeOf(stage.append, 'releaseDrain', () => {
    found.drain.releaseDrain(found.thread.slot);
  });
  if (outcome !== undefined) stage.append({ type: 'release', drain: step.drain, thread: step.thread, outcome });
}

export function visit(stage: Stage, step: StepOf<'visit'>): void {
  const found = pair(stage, step);
  if (found === undefined) return;
  let delivered = 0;
  const outcome = outcomeOf(stage.append, 'drainThreadLanes', () => {
    delivered = found.drain.drainThreadLanes(found.thread.slot, step.maxEvents);
  });
  if (outcome === undefined) return;
  stage.appendGiven('drainThreadLanes', { type: 'visit', drain: step.drain, thread: step.thread, delivered, outcome });
}

export function declareDead(stage: Stage, step: StepOf<'declareDead'>): void {
  const found = pair(stage, { drain: 0, thread: step.thread });
  if (found === undefined) return;
  const { slot, generation } = found.thread;
  const outcome = outcomeOf(stage.append, 'declareDead', () => {
    found.drain.declareDead(slot, generation);
  });
  if (outcome !== undefined) stage.append({ type: 'dead', thread: step.thread, outcome });
}

export function stop(stage: Stage, step: StepOf<'stop'>): void {
  const drain = stage.drains.get(step.drain);
  if (drain === undefined) return;
  const { deadlineNs } = step;
  const result = mustGive(stage.append, 'stop', () =>
    deadlineNs === undefined ? drain.stop() : drain.stop({ deadlineNs }),
  );
  if (result !== undefined) stage.appendGiven('stop', stopRecord(step.drain, result));
}

export function metrics(stage: Stage, step: StepOf<'metrics'>): void {
  const drain = stage.drains.get(step.drain);
  if (drain === undefined) return;
  const result = mustGive(stage.append, 'metrics', () => drain.metrics());
  if (result !== undefined) stage.appendGiven('metrics', metricsRecord(step.drain, result));
}

/** Out-of-range values are passed on: refusing them is the drain's work. */
export function configure(stage: Stage, step: StepOf<'configure'>): void {
  const drain = stage.drains.get(step.drain);
  if (drain === undefined) return;
  const changes = step.changes as Partial<SchedulingConfig>;
  const done = attempt(() => {
    if (typeof drain.configure !== 'function')
      throw new TypeError(`configure is ${typeof drain.configure}; expected a function`);
    drain.configure(changes);
  });
  const asked = { type: 'configure', drain: step.drain, changes: step.changes } as const;
  if (done.ok) stage.append({ ...asked, outcome: 'accepted' });
  else if (done.code === undefined) stage.append(threw('configure', done.message));
  else stage.append({ ...asked, outcome: done.code, message: done.message });
}

export function attach(stage: Stage, { change }: StepOf<'attach'>): void {
  const arena = stage.drains.get(0)?.arena;
  const changed = attempt(() => changedArenas(change, arena!, stage.config));
  if (!changed.ok) {
    stage.append(threw('attach', `drain.arena cannot be changed (${change}): ${changed.message}`));
    return;
  }
  for (const { label, arena: other, config } of changed.value) {
    const made = stage.makeDrain(0, config, other);
    if (made.ok) {
      stage.append({ type: 'attach', change: label, outcome: 'accepted' });
      mustNotThrow(stage.append, 'close', () => {
        made.value.close();
      });
    } else if (made.code === undefined) stage.append(threw(`attach ${label}`, made.message));
    else stage.append({ type: 'attach', change: label, outcome: made.code, message: made.message });
  }
}
