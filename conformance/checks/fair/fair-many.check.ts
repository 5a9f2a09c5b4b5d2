// FAIR-MANY: With 4,096 backlogged threads each is visited once in every full iteration and service differs by
// at most one quantum.
import type { HistoryRecord } from '../../../spec/index.js';
import { defineCheck } from '../../check.js';
import { analyse, delivering, finding, visitsOf, type Finding } from '../../checkers/index.js';
import { emit, register, stepped, threads, turn } from '../../scenarios/build.js';

const THREADS = 4096;
const QUANTUM = 2;
const TURNS = 3;
const EVENTS = QUANTUM * (TURNS + 1);

const scenario = () =>
  stepped(
    { detailCapacity: 0, slots: THREADS, indexCapacity: 16, quantum: QUANTUM },
    ...threads(THREADS).map((id) => register(id)),
    // all are known, and become backlogged afterwards
    turn(),
    ...threads(THREADS).map((id) => emit(id, 'index', EVENTS)),
    turn(TURNS),
  );

/** Every thread is backlogged throughout, so after each 4,096 visits everybody has had one more. */
function unequalTurns(history: readonly HistoryRecord[]): Finding[] {
  const visits = new Map<number, number>();
  const served = new Map<number, number>();
  for (const [n, { thread, index, records }] of visitsOf(history).entries()) {
    const times = (visits.get(thread) ?? 0) + 1;
    const events = (served.get(thread) ?? 0) + index;
    visits.set(thread, times);
    served.set(thread, events);
    const round = Math.floor(n / THREADS) + 1;
    if (times <= round && events <= round * QUANTUM) continue;
    const message = `among ${THREADS} backlogged threads thread ${thread} had ${times} visits and ${events} events in ${round} rounds`;
    return [finding('many', message, 'one visit and one quantum in a round', `${times} visits`, records)];
  }
  const missed = threads(THREADS).find((thread) => visits.get(thread) !== TURNS);
  if (missed === undefined) return [];
  const message = `among ${THREADS} backlogged threads thread ${missed} had ${visits.get(missed) ?? 0} visits in ${TURNS} whole iterations`;
  return [finding('many', message, `${TURNS} visits`, `${visits.get(missed) ?? 0}`, [history.length - 1])];
}

export default defineCheck({
  id: 'FAIR-MANY',
  scenarios: [scenario()],
  judge(history) {
    return delivering(history, () => {
      const registered = analyse(history).registrations.size;
      if (registered < THREADS) return { inconclusive: `only ${registered} threads could register` };
      return unequalTurns(history);
    });
  },
});
