import { ARENA_REQUIREMENTS } from './arena.js';
import { FAIR_REQUIREMENTS } from './fair.js';
import { ITER_REQUIREMENTS } from './iter.js';
import { LANE_REQUIREMENTS } from './lane.js';
import { LEDGER_REQUIREMENTS } from './ledger.js';
import { LOSS_REQUIREMENTS } from './loss.js';
import { METRIC_REQUIREMENTS } from './metric.js';
import { QUEUE_REQUIREMENTS } from './queue.js';
import { SINK_REQUIREMENTS } from './sink.js';
import { STOP_REQUIREMENTS } from './stop.js';
import { THREAD_REQUIREMENTS } from './thread.js';
import type { Requirement } from './requirement.js';

/** Every requirement, families in report order. */
export const REQUIREMENTS: readonly Requirement[] = [
  ...LANE_REQUIREMENTS,
  ...LOSS_REQUIREMENTS,
  ...QUEUE_REQUIREMENTS,
  ...THREAD_REQUIREMENTS,
  ...FAIR_REQUIREMENTS,
  ...ITER_REQUIREMENTS,
  ...SINK_REQUIREMENTS,
  ...STOP_REQUIREMENTS,
  ...LEDGER_REQUIREMENTS,
  ...METRIC_REQUIREMENTS,
  ...ARENA_REQUIREMENTS,
];

const BY_ID = new Map<string, Requirement>(REQUIREMENTS.map((requirement) => [requirement.id, requirement]));

/** The requirement of an id, or undefined. */
export function requirementById(id: string): Requirement | undefined {
  return BY_ID.get(id);
}

export * from './requirement.js';
