/** A load that nobody measures, before the first that is: the threads start, and all that a load runs is compiled. */
import { StressLoad } from '../spec/stress.js';
import type { StressClient } from './client.js';
import type { Scale } from './scenario.js';
import type { Task } from './plan.js';

/** Events/s of each thread, and how often it wakes: enough that all of it is compiled for good. */
const RATE = 8000;
const TICK_MS = 2;
const LASTS_MS = 1000;
/** Threads join and leave too. */
const LIFE = { least: 50, most: 200 } as const;

/** Threads in JavaScript that the largest of these loads needs at once. */
function threadsOf(tasks: readonly Task[], scale: Scale): number {
  const of = (task: Task): number => {
    if ('saturation' in task) return task.saturation;
    const { groups, producers } = task.scenario.load(scale);
    return producers === 'native' ? 1 : groups.reduce((sum, { threads = 1 }) => sum + threads, 0);
  };
  return Math.max(1, ...tasks.map(of));
}

/** Plays the rehearsal of these tasks. What goes wrong is left to the first load that is judged: it meets the same. */
export async function rehearse(
  client: StressClient,
  tasks: readonly Task[],
  scale: Omit<Scale, 'capabilities'>,
  signal?: AbortSignal,
): Promise<void> {
  const opened = await client.open();
  if (!opened.ok || !opened.value.capabilities.includes('threads')) return;
  const threads = threadsOf(tasks, { ...scale, capabilities: opened.value.capabilities });
  const arrivals = { kind: 'open', rate: RATE, tickMs: TICK_MS } as const;
  const load = StressLoad.parse({
    version: 1,
    seed: scale.seed,
    config: { indexCapacity: 1024 },
    groups: [
      { threads: 1, arrivals, whenFull: 'drop' },
      { threads, arrivals, whenFull: 'drop', life: LIFE },
    ],
    warmupMs: 0,
    durationMs: LASTS_MS,
    windowMs: LASTS_MS / 3,
  });
  await client.measure(load, () => undefined, signal);
}
