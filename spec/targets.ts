/** Numeric targets: the gate that stress/ holds every drain to. The seed's come first; the others follow from them or from the spec. */
export const TARGETS = {
  throughputEventsPerSecond: { atLeast: 1_000_000, threads: 64 },
  latencyP50Ms: { below: 1 },
  latencyP99Ms: { below: 10 },
  jainIndex: { above: 0.9 },
  minShare: { atLeast: 0.9 },
  cpuPercentSteady: { below: 5, eventsPerSecond: 10_000, threads: 16 },
  eventsLost: { exactly: 0 },
  /** 100,000 events at the least throughput, and the longest latency after that. */
  burstRecoveryMs: { below: 110, events: 100_000, threads: 32 },
  /** Upper end of the 95 % confidence interval of the slope after warm-up. */
  memorySlopeMbPerHour: { below: 1 },
  /** Median latency of the last quarter of a soak by that of the first. */
  latencyDrift: { below: 2 },
  /** Resident memory at the end beside the most of the first half: no load may make it grow further. */
  memoryGrowthMb: { below: 64 },
  /** The same where threads join and leave all the time. */
  memoryGrowthMbPerChurn: { below: 16, lives: 100_000 },
  /** What joins and leaves leave behind of the drain's own heap, after a collection. */
  heapGrowthMbPerChurn: { below: 4, lives: 100_000 },
} as const;

/** What is aimed at beyond the gate, of our own drains by name. Missing it is told, and is no failure. */
export const GOALS = {
  throughputEventsPerSecond: { reference: 4_000_000, native: 60_000_000 },
  jainIndex: { reference: 0.99, native: 0.99 },
  cpuPercentSteady: { native: 1 },
} as const;
