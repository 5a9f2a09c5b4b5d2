// FAIR-JAIN: Under saturation Jain’s index over delivered / fair share (zeros included) is above 0.9 and the
// smallest share is at least 0.9.
import type { HistoryRecord, ScenarioInput } from '../../../spec/index.js';
import { defineCheck } from '../../check.js';
import { acceptedEvents, acknowledged, delivering, findShareFaults, visitsOf } from '../../checkers/index.js';
import { emit, register, stepped, threads, turn } from '../../scenarios/build.js';

/** So many threads, each with more than is ever delivered to it; refilled between the iterations. */
const saturated = (n: number, quantum: number, turns: number): ScenarioInput =>
  stepped(
    { detailCapacity: 0, quantum },
    ...threads(n).flatMap((id) => [register(id), emit(id, 'index', quantum * 4)]),
    ...Array.from({ length: turns }, () => [...threads(n).map((id) => emit(id, 'index', quantum)), turn()]).flat(),
  );

/** Iterations were made, and events are left. */
const isSaturated = (history: readonly HistoryRecord[]): boolean =>
  acknowledged(history) < acceptedEvents(history) && visitsOf(history).length > 1;

export default defineCheck({
  id: 'FAIR-JAIN',
  scenarios: [
    saturated(64, 8, 20),
    saturated(24, 16, 30),
    // demands that differ by 64 times
    stepped(
      { detailCapacity: 0, quantum: 8 },
      ...threads(7).map((id) => register(id)),
      ...threads(7).map((id) => emit(id, 'index', 2 ** (id + 2))),
      turn(12),
    ),
  ],
  judge(history) {
    return delivering(history, () =>
      isSaturated(history)
        ? findShareFaults(history, { minShare: 0.9, minJain: 0.9 })
        : { inconclusive: 'no thread was backlogged at the end' },
    );
  },
});
