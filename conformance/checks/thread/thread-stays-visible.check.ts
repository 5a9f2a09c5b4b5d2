// THREAD-STAYS-VISIBLE: A thread that registered early and stays quiet while others register and leave is still
// drained when it emits.
import fc from 'fast-check';
import type { ScenarioInput, StepInput } from '../../../spec/index.js';
import { defineCheck } from '../../check.js';
import { acknowledged, delivering, findLoss, finding, iterationEnd, recordsOf } from '../../checkers/index.js';
import { emit, leave, register, settle, stepped, threads, turn } from '../../scenarios/build.js';

const EARLY = 4;

/** Who comes (a new thread) or goes (one of those who came), with a turn after each. */
function churn(moves: readonly number[]): StepInput[] {
  const there: number[] = [];
  let next = 100;
  return moves.flatMap((move) => {
    if (move === 0 || there.length === 0) {
      there.push(next);
      return [register(next), emit(next++, 'index', 2), turn()];
    }
    return [leave(there.splice(move % there.length, 1)[0]!), turn()];
  });
}

/** Early threads between which `gaps` leave and others come; then each of them emits one event, and there is one iteration. */
const scenario = (seen: boolean, gaps: readonly number[], moves: readonly number[]): ScenarioInput =>
  stepped(
    { detailCapacity: 0, slots: EARLY + 6 },
    ...threads(EARLY).flatMap((id) => [
      register(id),
      ...(gaps.includes(id) ? [register(50 + id), emit(50 + id, 'index', 1)] : []),
    ]),
    ...(seen ? threads(EARLY).map((id) => emit(id, 'index', 1)) : []),
    turn(),
    ...gaps.map((id) => leave(50 + id)),
    settle(4096),
    ...churn(moves),
    settle(4096),
    ...threads(EARLY).map((id) => emit(id, 'index', 1)),
    turn(),
    settle(4096),
  );

/** More threads than a byte counts or than words of bits are likely to hold; the last to come are heard like the first. */
const MANY = 1100;
const CROWD: ScenarioInput = stepped(
  { detailCapacity: 0, slots: MANY, indexCapacity: 2 },
  ...[...threads(MANY - 1), 5000].map((id) => register(id)),
  ...[turn(), leave(50), settle(64)],
  ...[1, 2, 33, 65, 129, 257, 513, 1025, MANY - 1, 5000].map((id) => emit(id, 'index', 1)),
  settle(4096),
);

export default defineCheck({
  id: 'THREAD-STAYS-VISIBLE',
  scenarios: [
    scenario(true, [1, 2], [0, 1, 0, 1, 0, 1, 0, 0, 1, 2]),
    scenario(false, [1, 3], [0, 1, 0, 1, 0, 1]),
    scenario(false, [], [0, 1, 0, 0, 1]),
    CROWD,
  ],
  generated: {
    arbitrary: fc
      .tuple(fc.boolean(), fc.subarray([1, 2, 3]), fc.array(fc.nat(3), { minLength: 1, maxLength: 14, size: 'max' }))
      .map(([seen, gaps, moves]) => scenario(seen, gaps, moves)),
    runs: 100,
  },
  judge(history) {
    const gone = recordsOf(history, 'leave').some(({ record }) => record.outcome === 'accepted');
    if (!gone) return { inconclusive: 'nobody left' };
    return delivering(history, () => {
      const late = threads(EARLY).flatMap((thread) => {
        const last = recordsOf(history, 'emit').findLast(({ record }) => record.thread === thread);
        if (last?.record.outcome !== 'accepted') return [];
        const ended = recordsOf(history, 'iteration').filter(({ at }) => at < last.at).length;
        const end = iterationEnd(history, ended);
        if (acknowledged(history, { thread, before: end }) > last.record.from) return [];
        const message = `thread ${thread} registered early, others came and went, and its event ${last.record.from} was not delivered in the next iteration`;
        return [finding('visible', message, 'the event delivered', 'not visited', [last.at, end])];
      });
      return [...late, ...findLoss(history)];
    });
  },
});
