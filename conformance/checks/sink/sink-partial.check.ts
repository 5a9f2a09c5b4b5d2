// SINK-PARTIAL: When the sink takes k records of a batch, exactly these are released; the next batch begins
// with the first that it did not take.
import type { ScenarioInput } from '../../../spec/index.js';
import { defineCheck } from '../../check.js';
import { delivering, findDisorder, findDuplicates, findLoss, recordsOf } from '../../checkers/index.js';
import { findOverfull, findWrongRefusals } from '../../checkers/room.js';
import { mixed } from '../../scenarios/arbitrary.js';
import { emit, leave, register, settle, sink, stepped, turn } from '../../scenarios/build.js';
import { underPolicies } from '../../scenarios/policies.js';

/** The least that the sink of this scenario takes of a batch; 0 if it always takes all. */
function leastTaken(scenario: ScenarioInput): number {
  const steps = scenario.mode === 'stepped' ? scenario.steps : [];
  const takes = steps.flatMap((step) => (step.op === 'sink' && step.behaviour === 'partial' ? [step.take ?? 1] : []));
  return takes.length === 0 ? 0 : Math.min(...takes);
}

const SCENARIOS: readonly ScenarioInput[] = [1, 3, 9].flatMap((take) => [
  stepped(
    { detailCapacity: 0, indexCapacity: 16 },
    register(1),
    emit(1, 'index', 10),
    sink('partial', { take, times: 2 }),
    turn(4),
    emit(1, 'index', 8),
    settle(4096),
  ),
  // the part that is left is all that is left of its thread
  stepped(
    { detailCapacity: 0, indexCapacity: 16 },
    ...[register(1), emit(1, 'index', take + 1), leave(1), sink('partial', { take, times: 1 }), turn()],
    ...[sink('accept'), settle(4096)],
  ),
  // the lane is full: as many events find room as were taken
  stepped(
    { detailCapacity: 0, indexCapacity: 16 },
    register(1),
    emit(1, 'index', 16),
    sink('partial', { take }),
    ...[turn(), emit(1, 'index', 16), turn(), emit(1, 'index', 16), sink('accept')],
    settle(4096),
  ),
]);

export default defineCheck({
  id: 'SINK-PARTIAL',
  scenarios: SCENARIOS,
  also: underPolicies(SCENARIOS),
  generated: { arbitrary: mixed({ sinks: true, during: false }), runs: 120 },
  judge(history, scenario) {
    return delivering(history, () => {
      const batches = recordsOf(history, 'batch');
      const partial = batches.some(({ record }) => record.acknowledged > 0 && record.acknowledged < record.count);
      const small = batches.every(({ record }) => record.count <= leastTaken(scenario)); // a batch of one has no part
      if (!partial && !small) return { inconclusive: 'no batch was taken in part' };
      return [
        ...findDisorder(history),
        ...findDuplicates(history),
        ...findOverfull(history),
        ...findWrongRefusals(history, 1),
        ...findLoss(history),
      ].map((fault) => ({
        ...fault,
        message: `after a batch was taken in part: ${fault.message}`,
      }));
    });
  },
});
