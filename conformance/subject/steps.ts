import type { Step } from '../../spec/index.js';
import * as drain from './drain-steps.js';
import type { Stage } from './stage.js';
import * as thread from './thread-steps.js';

type Table = { readonly [Op in Step['op']]: (stage: Stage, step: Extract<Step, { op: Op }>) => void };

/** What each op does. */
const STEPS: Table = {
  register: thread.register,
  emit: thread.emit,
  emitSize: thread.emitSize,
  submit: thread.group,
  begin: thread.group,
  commit: thread.commit,
  mark: thread.markOrSeal,
  seal: thread.markOrSeal,
  leave: thread.leave,
  setWeight: thread.setWeight,
  setPriority: thread.setPriority,
  kill: thread.kill,
  declareDead: drain.declareDead,
  turn: drain.turn,
  settle: drain.settle,
  openDrain: drain.openDrain,
  acquire: drain.acquire,
  release: drain.release,
  visit: drain.visit,
  stop: drain.stop,
  metrics: drain.metrics,
  configure: drain.configure,
  attach: drain.attach,
  sink(stage, step) {
    stage.append(stage.behaviour.set(step));
  },
  advance(stage, { ns }) {
    stage.clock.pause(BigInt(ns));
    stage.append({ type: 'advance', ns });
  },
};

/** Performs one step. Never throws for anything that a drain does. */
export function performStep(stage: Stage, step: Step): void {
  (STEPS[step.op] as (stage: Stage, step: Step) => void)(stage, step);
}
