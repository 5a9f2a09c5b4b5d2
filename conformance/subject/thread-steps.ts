/** The steps of a producing thread, one small function an op. */
import type { Lane, Step } from '../../spec/index.js';
import { recordedPriority, recordedWeight, type LogicalThread, type Stage } from './stage.js';
import type { Range, ThreadCommand, ThreadReply } from './thread-actor.js';

type StepOf<Op extends Step['op']> = Extract<Step, { op: Op }>;

/** The outcome of a command that has one. */
function ask(stage: Stage, command: ThreadCommand): { outcome: string | undefined; reply: ThreadReply } {
  const reply = stage.hands!.perform(command);
  stage.appendThrew(command.op, reply);
  return { outcome: reply.outcomes[0]?.outcome, reply };
}

export function register(stage: Stage, step: StepOf<'register'>): void {
  if (stage.threads.get(step.thread)?.killed === true) return;
  const { outcome, reply } = ask(stage, {
    op: 'register',
    thread: step.thread,
    weight: step.weight,
    priority: step.priority,
  });
  if (outcome === undefined) return;
  const { slot, generation } = reply;
  stage.append({
    type: 'register',
    thread: step.thread,
    outcome,
    ...(slot === undefined || generation === undefined ? {} : { slot, generation }),
    weight: recordedWeight(step.weight),
    ...recordedPriority(step.priority),
  });
  if (outcome !== 'accepted') return;
  const known = stage.threads.get(step.thread);
  stage.threads.set(step.thread, {
    id: step.thread,
    slot: slot ?? -1,
    generation: generation ?? -1,
    next: known?.next ?? { index: 0, detail: 0 },
    acceptedDetail: known?.acceptedDetail ?? 0,
    held: undefined,
    killed: false,
  });
}

function appendEmits(stage: Stage, thread: LogicalThread, lane: Lane, reply: ThreadReply): void {
  for (const { outcome, count } of reply.outcomes) {
    stage.append({ type: 'emit', thread: thread.id, lane, from: thread.next[lane], count, outcome, retries: 0 });
    thread.next[lane] += count;
    if (lane === 'detail' && outcome === 'accepted') thread.acceptedDetail += count;
  }
}

export function emit(stage: Stage, { thread: id, lane, count, timeoutMs }: StepOf<'emit'>): void {
  const thread = stage.moving(id);
  if (thread === undefined) return;
  const { reply } = ask(stage, { op: 'emit', thread: id, lane, from: thread.next[lane], count, timeoutMs });
  appendEmits(stage, thread, lane, reply);
}

export function emitSize(stage: Stage, { thread: id, lane, bytes }: StepOf<'emitSize'>): void {
  const thread = stage.moving(id);
  if (thread === undefined) return;
  const { reply } = ask(stage, { op: 'emitSize', thread: id, lane, from: thread.next[lane], bytes });
  appendEmits(stage, thread, lane, reply);
}

export function group(stage: Stage, step: StepOf<'begin' | 'submit'>): void {
  const thread = stage.moving(step.thread);
  if (thread === undefined) return;
  const index: Range = [thread.next.index, step.index];
  const detail: Range = [thread.next.detail, step.detail];
  const timeoutMs = step.op === 'submit' ? step.timeoutMs : undefined;
  const { outcome } = ask(stage, { op: step.op, thread: step.thread, index, detail, timeoutMs });
  thread.next.index += step.index;
  thread.next.detail += step.detail;
  if (outcome === undefined) return;
  appendGroup(stage, thread, step.op, index, detail, outcome);
  if (outcome !== 'accepted') return;
  if (step.op === 'begin') thread.held = { index, detail };
  else thread.acceptedDetail += step.detail;
}

export function commit(stage: Stage, step: StepOf<'commit'>): void {
  const thread = stage.moving(step.thread);
  if (thread === undefined) return;
  const { index, detail } = thread.held ?? {
    index: [thread.next.index, 0] as const,
    detail: [thread.next.detail, 0] as const,
  };
  const { outcome } = ask(stage, { op: 'commit', thread: step.thread });
  thread.held = undefined;
  if (outcome === undefined) return;
  appendGroup(stage, thread, 'commit', index, detail, outcome);
  if (outcome === 'accepted') thread.acceptedDetail += detail[1];
}

function appendGroup(
  stage: Stage,
  thread: LogicalThread,
  phase: 'begin' | 'commit' | 'submit',
  index: Range,
  detail: Range,
  outcome: string,
): void {
  stage.append({ type: 'submit', phase, thread: thread.id, index: [...index], detail: [...detail], outcome });
}

export function markOrSeal(stage: Stage, step: StepOf<'mark' | 'seal'>): void {
  const thread = stage.moving(step.thread);
  if (thread === undefined) return;
  const { outcome } = ask(stage, { op: step.op, thread: step.thread });
  if (outcome !== undefined) stage.append({ type: step.op, thread: step.thread, at: thread.acceptedDetail, outcome });
}

export function leave(stage: Stage, step: StepOf<'leave'>): void {
  if (stage.moving(step.thread) === undefined) return;
  const { outcome } = ask(stage, { op: 'leave', thread: step.thread });
  if (outcome !== undefined) stage.append({ type: 'leave', thread: step.thread, outcome });
}

export function setWeight(stage: Stage, { thread, weight }: StepOf<'setWeight'>): void {
  if (stage.moving(thread) === undefined) return;
  const { outcome } = ask(stage, { op: 'setWeight', thread, value: weight });
  if (outcome !== undefined) stage.append({ type: 'weight', thread, weight, outcome });
}

export function setPriority(stage: Stage, { thread, priority }: StepOf<'setPriority'>): void {
  if (stage.moving(thread) === undefined) return;
  const { outcome } = ask(stage, { op: 'setPriority', thread, value: priority });
  if (outcome !== undefined) stage.append({ type: 'priority', thread, priority, outcome });
}

export function kill(stage: Stage, step: StepOf<'kill'>): void {
  const thread = stage.moving(step.thread);
  if (thread === undefined) return;
  stage.append({ type: 'kill', thread: step.thread, during: thread.held === undefined ? 'idle' : 'submit' });
  thread.killed = true;
  stage.hands!.kill(step.thread);
}
