// SINK-BACKS-OFF: A thread whose batches fail again and again is offered less and less often, up to
// maxBackoffIterations, and again at once after a success.
import type { HistoryRecord, ScenarioInput } from '../../../spec/index.js';
import { defineCheck } from '../../check.js';
import { analyse, delivering, findLoss, finding, recordsOf, type Finding } from '../../checkers/index.js';
import { emit, mark, register, sink, stepped, threads, turn } from '../../scenarios/build.js';
import { underPolicies } from '../../scenarios/policies.js';

const LONGEST = 8;
const TURNS = 80;
/** More failures than a word has bits, with gaps that are short. */
const LONG_TURNS = 400;
/** The thread whose batches fail. */
const FAILING = 1;
/** More than one visit delivers, so that the first success leaves work. */
const EVENTS = 8;

/** A try of a failing batch: its record, and how many iterations had ended before it. */
interface Try {
  readonly at: number;
  readonly turn: number;
}

/** Iterations of the scenario before its sink is well for the first time. */
function failingTurns(scenario: ScenarioInput): number {
  let turns = 0;
  for (const step of scenario.mode === 'stepped' ? scenario.steps : []) {
    if (step.op === 'sink' && step.behaviour === 'accept') break;
    if (step.op === 'turn') turns += step.times ?? 1;
  }
  return turns;
}

const gapsOf = (tries: readonly Try[]): number[] => tries.slice(1).map(({ turn }, i) => turn - tries[i]!.turn);

function findGapFaults(tries: readonly Try[], turns: number, end: number, most: number): Finding[] {
  const gaps = gapsOf(tries);
  const seen = gaps.slice(0, 8).join(', ');
  const evidence = tries.slice(0, 3).map(({ at }) => at);
  const back = (message: string, expected: string, shown: string): Finding =>
    finding('back-off', message, expected, shown, evidence.length > 0 ? evidence : [end]);
  const longest = Math.max(0, ...gaps);
  if (longest > most + 1) {
    const message = `a failing batch waited for ${longest - 1} iterations`;
    return [back(message, `at most maxBackoffIterations (${most})`, `${longest - 1}`)];
  }
  if (gaps.length < 2) {
    const message = `a failing batch was offered ${tries.length} times in ${turns} iterations: the drain gave up`;
    return [back(message, 'offered again, less and less often', `${tries.length} times`)];
  }
  if (gaps.at(-1)! < most / 2 || gaps.some((gap, i) => gap < (gaps[i - 1] ?? 0)))
    return [back(`a failing batch was offered again after ${seen} iterations: no back-off`, 'gaps that grow', seen)];
  return [];
}

/** From the first success on: offered in the next iteration, and a new failure backs off from the beginning. */
function findLateOffers(history: readonly HistoryRecord[], first: readonly Try[], second: readonly Try[]): Finding[] {
  const batches = recordsOf(history, 'batch').filter(
    ({ record }) => record.thread === FAILING && record.acknowledged > 0,
  );
  const [one, next] = batches;
  if (one === undefined || next === undefined) return [];
  const between = recordsOf(history, 'iteration').filter(({ at }) => at > one.at && at < next.at).length;
  if (between > 1 && one.record.acknowledged < EVENTS) {
    const message = `after a success the thread was offered again only in iteration ${between}`;
    return [finding('back-off', message, 'offered in the next iteration', `${between} later`, [one.at, next.at])];
  }
  const [before, after] = [gapsOf(first)[0] ?? 0, gapsOf(second)[0] ?? Infinity];
  if (after <= before) return [];
  const message = `after a success a new failure was retried after ${after} iterations, the first one after ${before}: failures are not forgotten`;
  return [finding('back-off', message, `${before} iterations`, `${after}`, [one.at, ...second.map(({ at }) => at)])];
}

const SCENARIOS: readonly ScenarioInput[] = [
  ...[LONGEST, 1].map((maxBackoffIterations) =>
    stepped(
      { detailCapacity: 0, maxBackoffIterations, quantum: 4, maxSkips: 0 },
      ...[register(1), emit(1, 'index', EVENTS), sink('throw'), turn(TURNS), sink('accept'), turn(LONGEST + 10)],
      ...[emit(1, 'index', 1), sink('throw'), turn(2 * LONGEST), sink('accept'), turn(LONGEST + 2)],
    ),
  ),
  // a thread beside it, for which the sink is well all the time
  stepped(
    { detailCapacity: 0, maxBackoffIterations: LONGEST, quantum: 4, maxSkips: 0 },
    ...[register(FAILING), register(2), emit(FAILING, 'index', EVENTS), sink('throw', { thread: FAILING })],
    ...threads(TURNS).flatMap(() => [emit(2, 'index', 1), turn()]),
    ...[sink('accept'), turn(LONGEST + 10), emit(FAILING, 'index', 1), sink('throw', { thread: FAILING })],
    ...threads(2 * LONGEST).flatMap(() => [emit(2, 'index', 1), turn()]),
    ...[sink('accept'), turn(LONGEST + 2)],
  ),
  // it fails for so long that a number of failures, or two to the power of it, does not fit a word
  stepped(
    { detailCapacity: 0, maxBackoffIterations: 4, quantum: 4, maxSkips: 0 },
    ...[register(1), emit(1, 'index', EVENTS), sink('throw'), turn(LONG_TURNS), sink('accept'), turn(LONGEST + 10)],
    ...[emit(1, 'index', 1), sink('throw'), turn(2 * LONGEST), sink('accept'), turn(LONGEST + 2)],
  ),
];

export default defineCheck({
  id: 'SINK-BACKS-OFF',
  scenarios: SCENARIOS,
  also: [
    ...underPolicies(SCENARIOS),
    {
      needs: ['detail'],
      // the same with two windows and nothing in the index lane
      scenarios: [
        stepped(
          {
            maxBackoffIterations: LONGEST,
            quantum: 4,
            maxSkips: 0,
            detailCapacity: 16,
            windowRecords: 4,
            detailRecordBytes: 64,
            preRoll: 4,
          },
          ...[
            register(1),
            emit(1, 'detail', EVENTS),
            mark(1),
            sink('throw'),
            turn(TURNS),
            sink('accept'),
            turn(LONGEST + 10),
          ],
          ...[emit(1, 'detail', 4), mark(1), sink('throw'), turn(2 * LONGEST), sink('accept'), turn(LONGEST + 2)],
        ),
      ],
    },
  ],
  judge(history, scenario) {
    const turns = failingTurns(scenario);
    const ends = recordsOf(history, 'iteration').map(({ at }) => at);
    const tries = recordsOf(history, 'batch')
      .filter(({ record }) => record.thread === FAILING && record.acknowledged === 0)
      .map(({ at }) => ({ at, turn: ends.filter((end) => end < at).length }));
    const first = tries.filter(({ turn }) => turn < turns);
    const faults =
      first.length === 0
        ? []
        : findGapFaults(first, turns, history.length - 1, analyse(history).config('maxBackoffIterations', LONGEST));
    if (faults.length > 0) return faults;
    return delivering(history, () => {
      if (first.length === 0) return { inconclusive: 'no batch failed' };
      const second = tries.filter(({ turn }) => turn >= turns);
      const late = findLoss(history).map((fault) => ({
        ...fault,
        message: `after the sink recovered: ${fault.message}`,
      }));
      return [...findLateOffers(history, first, second), ...late];
    });
  },
});
