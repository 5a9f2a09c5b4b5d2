/** Short words for scenarios written by hand: `stepped({ quantum: 4 }, register(1), emit(1, 'index', 9), turn())`. */
import type {
  ARENA_CHANGES,
  DrainConfig,
  FreeScenario,
  Lane,
  ScenarioInput,
  StepInput,
  ThreadProgram,
} from '../../spec/index.js';

type Config = Partial<Record<keyof DrainConfig, number | string>>;

export function stepped(config: Config, ...steps: StepInput[]): ScenarioInput {
  return { mode: 'stepped', config, steps };
}

/** The same, with steps that happen while the n-th write of the sink is under way. */
export function steppedWith(
  config: Config,
  duringBatch: Record<number, StepInput[]>,
  ...steps: StepInput[]
): ScenarioInput {
  const during = Object.entries(duringBatch).map(([write, nested]) => ({ write: Number(write), steps: nested }));
  return { mode: 'stepped', config, steps, duringBatch: during };
}

export function free(
  config: Config,
  programs: Partial<ThreadProgram>[],
  options: Partial<Omit<FreeScenario, 'mode' | 'config' | 'programs'>> = {},
): ScenarioInput {
  const filled = programs.map((program) => ({ threadId: 0, events: 0, ...program }));
  return { mode: 'free', config, programs: filled, ...options };
}

export const register = (thread: number, weight?: number, priority?: number): StepInput => ({
  op: 'register',
  thread,
  ...(weight === undefined ? {} : { weight }),
  ...(priority === undefined ? {} : { priority }),
});
/** Of this class. */
export const registerAs = (thread: number, priority: number): StepInput => register(thread, undefined, priority);
export const setWeight = (thread: number, weight: number): StepInput => ({ op: 'setWeight', thread, weight });
export const setPriority = (thread: number, priority: number): StepInput => ({ op: 'setPriority', thread, priority });
export const configure = (changes: Config, drain = 0): StepInput => ({ op: 'configure', changes, drain });
export const emit = (thread: number, lane: Lane, count = 1): StepInput => ({ op: 'emit', thread, lane, count });
/** Emits of which each may wait `timeoutMs` for room. */
export const emitWithin = (thread: number, lane: Lane, count: number, timeoutMs: number): StepInput => ({
  op: 'emit',
  thread,
  lane,
  count,
  timeoutMs,
});
export const emitSize = (thread: number, lane: Lane, bytes: number): StepInput => ({
  op: 'emitSize',
  thread,
  lane,
  bytes,
});
export const submit = (thread: number, index: number, detail = 0): StepInput => ({
  op: 'submit',
  thread,
  index,
  detail,
});
export const submitWithin = (thread: number, index: number, detail: number, timeoutMs: number): StepInput => ({
  op: 'submit',
  thread,
  index,
  detail,
  timeoutMs,
});
/** True when a call may wait, and so may be told TIMED_OUT. */
export const mayWait = (scenario: ScenarioInput): boolean =>
  scenario.mode === 'stepped' && scenario.steps.some((step) => 'timeoutMs' in step);
export const begin = (thread: number, index: number, detail = 0): StepInput => ({ op: 'begin', thread, index, detail });
export const commit = (thread: number): StepInput => ({ op: 'commit', thread });
export const mark = (thread: number): StepInput => ({ op: 'mark', thread });
export const seal = (thread: number): StepInput => ({ op: 'seal', thread });
export const leave = (thread: number): StepInput => ({ op: 'leave', thread });
export const kill = (thread: number): StepInput => ({ op: 'kill', thread });
export const declareDead = (thread: number): StepInput => ({ op: 'declareDead', thread });
export const turn = (times = 1, drain = 0): StepInput => ({ op: 'turn', times, drain });
export const settle = (limit = 64, drain = 0): StepInput => ({ op: 'settle', limit, drain });
export const openDrain = (drain: number): StepInput => ({ op: 'openDrain', drain });
export const acquire = (thread: number, drain = 0): StepInput => ({ op: 'acquire', thread, drain });
export const release = (thread: number, drain = 0): StepInput => ({ op: 'release', thread, drain });
export const visit = (thread: number, maxEvents: number, drain = 0): StepInput => ({
  op: 'visit',
  thread,
  maxEvents,
  drain,
});
export const advance = (ns: number): StepInput => ({ op: 'advance', ns });
export const metrics = (drain = 0): StepInput => ({ op: 'metrics', drain });
export const stop = (deadlineNs?: number, drain = 0): StepInput =>
  deadlineNs === undefined ? { op: 'stop', drain } : { op: 'stop', deadlineNs, drain };
/** How the sink behaves from here on. */
export const sink = (
  behaviour: 'accept' | 'throw' | 'refuse' | 'partial' | 'nonsense',
  options: { take?: number; times?: number; thread?: number; costNs?: number } = {},
): StepInput => ({ op: 'sink', behaviour, ...options });

/** Thread ids 1 to n. */
export const threads = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);
/** A new drain is asked to attach to the arena, changed in this way. */
export const attach = (change: string): StepInput => ({
  op: 'attach',
  change: change as (typeof ARENA_CHANGES)[number],
});
