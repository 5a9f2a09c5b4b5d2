/** The stress scenarios: the seed's days 3.3 and 3.4 and its family's tests. */
import { MAX_CAPACITY } from '../spec/config.js';
import type { Capability } from '../spec/contract.js';
import { GOALS, TARGETS } from '../spec/targets.js';
import type { StressGroup, StressLoadInput } from '../spec/stress.js';
import {
  BOUNDED,
  FAIR,
  LATENCY,
  NOTHING_LOST,
  NOTHING_REJECTED,
  below,
  type Scale,
  type Scenario,
} from './scenario.js';

type Group = StressLoadInput['groups'][number];

/** A drain that looks once a millisecond while there is work: a few events a visit instead of one, and little processor time. */
const GATHERED = { gatherMs: 0.5 } as const;
const WARM_MS = 250;
/** Each wake-up has its price: few of them, and the latency still within its bound. */
const LONG_GATHER_MS = 8;
/** A drain that is woken by its producers need not look by itself. */
const LONG_SLEEP_MS = 50;
/** What dozens of threads run at full speed takes so long to be compiled for it, ms. */
const WARM_CROWD_MS = 1000;
/** What a load may ask of one thread at most. */
const LONGEST_TICK_MS = 60_000;
const MOST_RATE = 1e8;

const times = (seconds: number): { warmupMs: number; durationMs: number; windowMs: number } => ({
  warmupMs: Math.min(5000, Math.max(WARM_MS, seconds * 100)),
  durationMs: seconds * 1000,
  windowMs: Math.min(1000, Math.max(250, seconds * 50)),
});

/** Native threads play an open loop at little cost of their own: where the drain has some, or has an arena that ours can write. */
const nativeIf = (scale: Scale, capability: Capability) =>
  ({ producers: scale.capabilities.includes(capability) ? 'native' : 'workers' }) as const;
/** A drain in JavaScript is not woken by native threads: where it sleeps, its threads are workers. */
const paced = (scale: Scale) => ({ ...GATHERED, ...nativeIf(scale, 'producer-threads') });
/** Here no drain sleeps. */
const heavy = (scale: Scale) => ({ ...GATHERED, ...nativeIf(scale, 'arena') });

/** An open loop of so many threads. */
function steady(threads: number, rate: number, scale: Scale, more: Partial<Group> = {}): Group {
  const perThread = rate * scale.rate;
  // no thread wakes for less than an event, nor more than a thousand times a second
  return {
    threads: scale.threads ?? threads,
    arrivals: { kind: 'open', rate: perThread, tickMs: Math.min(LONGEST_TICK_MS, Math.max(1, 1000 / perThread)) },
    ...more,
  };
}

const CHURN_LIVES = TARGETS.heapGrowthMbPerChurn.lives;
const CHURN_THREADS = 32;
const BURST = TARGETS.burstRecoveryMs;
const CPU = TARGETS.cpuPercentSteady;
const MOST_APART = 128;
const SLOW_NS = 4000;
/** What a sink of this pace takes, events/s. */
const SLOW_RATE = 1e9 / SLOW_NS;

export const SCENARIOS: readonly Scenario[] = [
  {
    id: 'throughput',
    title: 'throughput of 64 threads',
    about: '64 threads emit as fast as their lanes take it; native threads where the drain has its own.',
    needs: ['threads'],
    load: (scale) => {
      const native = scale.capabilities.includes('producer-threads');
      const threads = scale.threads ?? TARGETS.throughputEventsPerSecond.threads;
      const events = Math.ceil((scale.seconds * 40_000_000) / threads);
      return {
        config: { indexCapacity: native ? 8192 : 1024, quantum: 4096 },
        groups: [{ threads, arrivals: { kind: 'closed', events: native ? events : 0 } }],
        producers: native ? 'native' : 'workers',
        ...times(scale.seconds),
        ...(native ? { warmupMs: 0, durationMs: 120_000 } : { warmupMs: WARM_CROWD_MS }),
      };
    },
    targets: [
      {
        metric: 'throughputEventsPerSecond',
        relation: 'at least',
        limit: TARGETS.throughputEventsPerSecond.atLeast,
        goals: GOALS.throughputEventsPerSecond,
      },
      ...FAIR,
      ...NOTHING_LOST,
      ...BOUNDED,
    ],
  },
  {
    id: 'alone',
    title: 'latency of one event alone',
    about: 'One thread emits one event every 10 ms, to a drain that sleeps.',
    needs: ['threads'],
    load: (scale) => ({ groups: [steady(1, 100, scale)], ...paced(scale), gatherMs: 0, ...times(scale.seconds) }),
    targets: [...LATENCY, ...NOTHING_LOST, ...NOTHING_REJECTED],
  },
  {
    id: 'steady',
    title: 'latency at a steady pace',
    about: `${CPU.threads} threads emit ${CPU.eventsPerSecond} events/s together, evenly.`,
    needs: ['threads'],
    load: (scale) => ({
      groups: [steady(CPU.threads, CPU.eventsPerSecond / CPU.threads, scale)],
      ...paced(scale),
      ...times(scale.seconds),
    }),
    targets: [...LATENCY, ...FAIR, ...NOTHING_LOST, ...NOTHING_REJECTED],
  },
  {
    id: 'processor-time',
    title: 'processor time at a steady pace',
    about: `${CPU.threads} threads emit ${CPU.eventsPerSecond} events/s together, evenly, to a drain that lets work gather for ${LONG_GATHER_MS} ms.`,
    needs: ['threads'],
    load: (scale) => ({
      groups: [steady(CPU.threads, CPU.eventsPerSecond / CPU.threads, scale)],
      ...paced(scale),
      gatherMs: LONG_GATHER_MS,
      ...times(scale.seconds),
    }),
    targets: [
      { ...below('cpuPercentSteady', CPU.below), goals: GOALS.cpuPercentSteady },
      ...FAIR,
      ...NOTHING_LOST,
      ...NOTHING_REJECTED,
    ],
  },
  {
    id: 'idle',
    title: 'processor time with next to nothing to do',
    about: 'One thread emits 10 events/s, to a drain that sleeps in between.',
    needs: ['threads'],
    load: (scale) => ({
      groups: [steady(1, 10, scale)],
      ...nativeIf(scale, 'producer-threads'),
      sleepMs: LONG_SLEEP_MS,
      ...times(scale.seconds),
    }),
    targets: [below('cpuPercentSteady', CPU.below), ...NOTHING_LOST, ...NOTHING_REJECTED],
  },
  {
    id: 'light',
    title: 'light load',
    about: '4 threads emit 100 events/s each.',
    needs: ['threads'],
    load: (scale) => ({ groups: [steady(4, 100, scale)], ...paced(scale), ...times(scale.seconds) }),
    targets: [...LATENCY, ...NOTHING_LOST, ...NOTHING_REJECTED],
  },
  {
    id: 'medium',
    title: 'medium load',
    about: '16 threads emit 1,000 events/s each.',
    needs: ['threads'],
    load: (scale) => ({ groups: [steady(16, 1000, scale)], ...paced(scale), ...times(scale.seconds) }),
    targets: [...LATENCY, ...FAIR, ...NOTHING_LOST, ...NOTHING_REJECTED],
  },
  {
    id: 'heavy',
    title: 'latency under full load',
    about: '64 threads emit 10,000 events/s each, in ticks of 8 ms.',
    needs: ['threads'],
    load: (scale) => {
      const group = steady(64, 10_000, scale);
      return {
        config: { indexCapacity: 4096 },
        groups: [{ ...group, arrivals: { kind: 'open', rate: 10_000 * scale.rate, tickMs: 8 } }],
        ...heavy(scale),
        ...times(scale.seconds),
      };
    },
    targets: [...LATENCY, ...FAIR, ...NOTHING_LOST, ...NOTHING_REJECTED, ...BOUNDED],
  },
  {
    id: 'burst',
    title: 'bursts',
    about: `${BURST.threads} threads emit ${BURST.events} events at once, twice a second.`,
    needs: ['threads'],
    load: (scale) => {
      const threads = scale.threads ?? BURST.threads;
      const events = Math.ceil((BURST.events * scale.rate) / threads);
      return {
        config: { indexCapacity: Math.min(MAX_CAPACITY, Math.max(2, 2 ** Math.ceil(Math.log2(events)))) },
        groups: [{ threads, arrivals: { kind: 'burst', events, everyMs: 500 } }],
        ...heavy(scale),
        gatherMs: 0,
        ...times(scale.seconds),
      };
    },
    targets: [below('burstRecoveryMs', BURST.below), ...NOTHING_LOST, ...NOTHING_REJECTED, ...BOUNDED],
  },
  {
    id: 'dynamic',
    title: 'from 1 thread to 64 and back',
    about: '64 threads join one after another and leave one after another, each at 500 events/s in ticks of 20 ms.',
    needs: ['threads'],
    load: (scale) => {
      const when = times(scale.seconds);
      const all = when.warmupMs + when.durationMs;
      const { threads } = steady(64, 500, scale);
      // dozens of workers that wake for every event would keep the processors from the drain
      const arrivals = {
        kind: 'open',
        rate: 500 * scale.rate,
        tickMs: Math.max(20, 1000 / (500 * scale.rate)),
      } as const;
      return {
        groups: [{ threads, arrivals, stepMs: all / (2 * threads), leaveMs: all }],
        ...GATHERED,
        ...when,
      };
    },
    targets: [...LATENCY, ...NOTHING_LOST, ...NOTHING_REJECTED],
  },
  {
    id: 'churn',
    title: '100,000 joins and leaves',
    about: '1 to 32 threads join, emit 1 to 20 events, leave and join again, 100,000 times in all.',
    needs: ['threads'],
    load: (scale) => {
      const threads = scale.threads ?? CHURN_THREADS;
      const lives = Math.ceil((CHURN_LIVES * scale.rate) / threads);
      return {
        config: { indexCapacity: 64 },
        groups: [{ threads, arrivals: { kind: 'closed' }, life: { least: 1, most: 20 }, lives, stepMs: 10 }],
        warmupMs: 500,
        durationMs: 300_000,
        windowMs: 250,
      };
    },
    targets: [
      ...NOTHING_LOST,
      ...NOTHING_REJECTED,
      below('heapGrowthMbPerChurn', TARGETS.heapGrowthMbPerChurn.below),
      below('memoryGrowthMbPerChurn', TARGETS.memoryGrowthMbPerChurn.below),
    ],
  },
  {
    id: 'uneven',
    title: 'uneven load beyond what the sink takes',
    about: `64 threads whose rates lie up to ${MOST_APART} times apart offer twice what a slow sink takes.`,
    needs: ['threads'],
    load: (scale) => {
      const threads = Math.min(64, scale.threads ?? 64);
      const factors = Array.from({ length: threads }, (_, i) => MOST_APART ** (i / Math.max(1, threads - 1)));
      const unit = (2 * SLOW_RATE * scale.rate) / factors.reduce((sum, one) => sum + one, 0);
      return {
        config: { indexCapacity: 256, quantum: 64 },
        groups: factors.map((factor): Group => {
          const rate = Math.min(MOST_RATE, factor * unit);
          return {
            threads: 1,
            arrivals: { kind: 'open', rate, tickMs: Math.max(8, 1000 / rate) },
            whenFull: 'drop',
          };
        }),
        sink: { kind: 'slow', nsPerEvent: SLOW_NS },
        ...times(scale.seconds),
      };
    },
    targets: [...FAIR, ...NOTHING_LOST, ...BOUNDED],
  },
  {
    id: 'slow-sink',
    title: 'a slow sink',
    about: '16 threads offer half of what a sink takes that needs 4 us for an event.',
    needs: ['threads'],
    load: (scale) => ({
      config: { indexCapacity: 4096 },
      groups: [steady(16, SLOW_RATE / 2 / 16, scale)],
      sink: { kind: 'slow', nsPerEvent: SLOW_NS },
      ...paced(scale),
      ...times(scale.seconds),
    }),
    targets: [...FAIR, ...NOTHING_LOST, ...NOTHING_REJECTED, ...BOUNDED],
  },
  {
    id: 'sink-comes-and-goes',
    title: 'a sink that comes and goes',
    about: '16 threads emit 1,000 events/s each to a sink that is away for 100 ms of every 300 ms.',
    needs: ['threads'],
    load: (scale) => ({
      config: { indexCapacity: 4096 },
      groups: [steady(16, 1000, scale)],
      sink: { kind: 'intermittent', upMs: 200, downMs: 100 },
      ...paced(scale),
      ...times(scale.seconds),
    }),
    targets: [...FAIR, ...NOTHING_LOST, ...NOTHING_REJECTED, ...BOUNDED],
  },
  {
    id: 'overload',
    title: 'overload beyond capacity',
    about: '16 threads offer three times what a slow sink takes, and drop what finds no room.',
    needs: ['threads'],
    load: (scale) => ({
      config: { indexCapacity: 256, quantum: 64 },
      groups: [steady(16, (3 * SLOW_RATE) / 16, scale, { whenFull: 'drop' })],
      sink: { kind: 'slow', nsPerEvent: SLOW_NS },
      ...times(scale.seconds),
    }),
    targets: [
      ...FAIR,
      ...NOTHING_LOST,
      // without a rejection there was no overload
      { metric: 'eventsRejected', relation: 'above', limit: 0 },
      ...BOUNDED,
    ],
  },
];

/** Not part of quick and standard: hours. */
export const SOAK: Scenario = {
  id: 'soak',
  title: 'soak',
  about: '16 threads emit 10,000 events/s together, 4 more live 40 short lives a second, 4 burst every 5 s; for hours.',
  needs: ['threads'],
  load: (scale) => {
    const churn: Partial<StressGroup> = { life: { least: 1, most: 20 } };
    return {
      config: { indexCapacity: 1024 },
      groups: [
        { threads: 16, arrivals: { kind: 'open', rate: 625 * scale.rate, tickMs: 16 } },
        steady(4, 100, { ...scale, threads: undefined }, churn),
        { threads: 4, arrivals: { kind: 'burst', events: Math.ceil(500 * scale.rate), everyMs: 5000 } },
      ],
      ...GATHERED,
      warmupMs: Math.min(600_000, scale.seconds * 100),
      durationMs: scale.seconds * 1000,
      windowMs: Math.min(10_000, Math.max(250, (scale.seconds * 1000) / 100)),
    };
  },
  targets: [
    ...LATENCY,
    below('latencyDrift', TARGETS.latencyDrift.below),
    below('memorySlopeMbPerHour', TARGETS.memorySlopeMbPerHour.below),
    ...FAIR,
    ...NOTHING_LOST,
    ...NOTHING_REJECTED,
    ...BOUNDED,
  ],
};

export const ALL_SCENARIOS: readonly Scenario[] = [...SCENARIOS, SOAK];
