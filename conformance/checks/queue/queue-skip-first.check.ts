// QUEUE-SKIP-FIRST: A thread that was skipped maxSkips times in a row is the first to be tried in the next
// iteration.
import type { HistoryRecord } from '../../../spec/index.js';
import { defineCheck } from '../../check.js';
import { analyse, delivering, finding, findLoss, recordsOf, visitsOf, type Finding } from '../../checkers/index.js';
import { begin, commit, emit, register, settle, stepped, threads, turn } from '../../scenarios/build.js';

/** Five backlogged threads; some of them are held for so many iterations. */
const scenario = (maxSkips: number, held: readonly number[], iterations: number, config = {}) =>
  stepped(
    { detailCapacity: 0, quantum: 4, maxSkips, ...config },
    ...threads(5).map((id) => register(id)),
    ...threads(5).map((id) => emit(id, 'index', 120)),
    turn(),
    ...held.map((id) => begin(id, 1)),
    turn(iterations),
    ...held.map(commit),
    turn(),
    settle(4096),
  );

/** The iteration after the commits, the threads that were held, and who was visited in it, in order. */
function nextIteration(history: readonly HistoryRecord[]): { held: number[]; skipped: number; order: number[] } {
  const submits = recordsOf(history, 'submit').filter(({ record }) => record.outcome === 'accepted');
  const held = submits.filter(({ record }) => record.phase === 'begin').map(({ record }) => record.thread);
  const from = submits.find(({ record }) => record.phase === 'begin')?.at ?? Infinity;
  const to = submits.find(({ record }) => record.phase === 'commit')?.at ?? 0;
  const iterations = recordsOf(history, 'iteration');
  const skipped = iterations.filter(({ at }) => at > from && at < to).length;
  const next = iterations.filter(({ at }) => at < to).length;
  const order = visitsOf(history)
    .filter(({ iteration }) => iteration === next)
    .map(({ thread }) => thread);
  return { held, skipped, order };
}

export default defineCheck({
  id: 'QUEUE-SKIP-FIRST',
  scenarios: [
    ...[2, 3, 4, 5].map((held) => scenario(2, [held], 2)),
    scenario(1, [3], 1),
    scenario(3, [4], 8),
    scenario(2, [3, 5], 2),
    // the next iteration has room for one visit only
    scenario(2, [4], 2 * 4, { maxIterationVisits: 2 }),
  ],
  judge(history) {
    return delivering(history, () => {
      const { held, skipped, order } = nextIteration(history);
      if (held.length === 0 || skipped < analyse(history).config('maxSkips', 4))
        return { inconclusive: `a queue was held for ${skipped} iterations only` };
      const first = order.slice(0, held.length);
      const late = held.find((thread) => !first.includes(thread));
      const found: Finding[] = [];
      if (late !== undefined) {
        const message = `thread ${late} was skipped in ${skipped} iterations in a row and was not first in the next one: its visits were to threads ${order.join(', ')}`;
        const expected = `thread ${held.join(' and ')} first`;
        found.push(finding('skip-first', message, expected, `threads ${order.join(', ')}`, [history.length - 1]));
      }
      return [...found, ...findLoss(history)];
    });
  },
});
