/** Numeric targets of the seed: the gate that stress/ holds every drain to. */
export const TARGETS = {
  throughputEventsPerSecond: { atLeast: 1_000_000, threads: 64 },
  latencyP50Ms: { below: 1 },
  latencyP99Ms: { below: 10 },
  jainIndex: { above: 0.9 },
  minShare: { atLeast: 0.9 },
  cpuPercentSteady: { below: 5, eventsPerSecond: 10_000, threads: 16 },
  eventsLost: { exactly: 0 },
} as const;
