// FAIR-RECONFIGURE: Changing policy, quantum or limits between iterations takes effect from the next one on, loses and
// repeats nothing, keeps every backlogged thread in line, and no lag exceeds the bound of the largest quantum meanwhile; lag
// counts anew from a change of policy, from one of quantum after an iteration that was cut short, and for a thread whose
// credit the change cuts.
import fc from 'fast-check';
import {
  creditCap,
  serviceLagBound,
  type HistoryRecord,
  type Policy,
  type ScenarioInput,
  type StepInput,
} from '../../../spec/index.js';
import { defineCheck } from '../../check.js';
import {
  delivering,
  findDisorder,
  findDuplicates,
  findLagFaults,
  findLateJoins,
  findLoss,
  findPhantoms,
  findUnservedThreads,
  finding,
  Regime,
  recordsOf,
  walk,
  type Finding,
} from '../../checkers/index.js';
import { reconfigured } from '../../scenarios/arbitrary-policy.js';
import {
  begin,
  commit,
  configure,
  emit,
  register,
  settle,
  sink,
  stepped,
  steppedWith,
  threads,
  turn,
} from '../../scenarios/build.js';

const CONFIG = { detailCapacity: 0, quantum: 4, maxSkips: 2, indexCapacity: 1024, slots: 8 };
const saturated = (n: number): StepInput[] => threads(n).flatMap((id) => [register(id), emit(id, 'index', 900)]);

/** Each of these changes in turn, with iterations between them. */
const through = (...changes: Parameters<typeof configure>[0][]): ScenarioInput =>
  stepped(CONFIG, ...saturated(4), turn(2), ...changes.flatMap((one) => [configure(one), turn(3)]), settle(4096));

/** There and back: policies, with everybody in line, and iterations that were cut short. */
const policies = (...names: Policy[]): ScenarioInput =>
  stepped(
    { ...CONFIG, maxIterationVisits: 3 },
    ...saturated(5),
    turn(2),
    ...names.flatMap((policy) => [configure({ policy }), turn(4)]),
    configure({ maxIterationVisits: 0 }),
    turn(3),
    settle(4096),
  );

/** One change after another, before a sink that takes its time. */
const limited = (...changes: Parameters<typeof configure>[0][]): ScenarioInput =>
  stepped(
    CONFIG,
    ...[...saturated(5), sink('accept', { costNs: 1000 }), turn(2)],
    ...[...changes.flatMap((one) => [configure(one), turn(4)]), settle(4096)],
  );

/** What is refused changes nothing. */
const refused = (changes: Parameters<typeof configure>[0]): ScenarioInput =>
  stepped({ ...CONFIG, maxSkips: 0 }, ...saturated(3), turn(2), configure(changes), turn(4), settle(4096));

/** What is refused, all of it, with the code of createDrain; everything else must be accepted. */
const REFUSED: readonly { readonly changes: Parameters<typeof configure>[0]; readonly code: string }[] = [
  { changes: { slots: 99, quantum: 9 }, code: 'INVALID_ARGUMENT' },
  { changes: { quantum: 0, maxSkips: 1 }, code: 'INVALID_QUANTUM' },
  { changes: { policy: 'best', quantum: 9 }, code: 'UNKNOWN_POLICY' },
];

/** The outcomes of configure() that are wrong. */
const wrongAnswers = (history: readonly HistoryRecord[]): Finding[] =>
  recordsOf(history, 'configure').flatMap(({ record: { changes, outcome }, at }) => {
    const refusal = REFUSED.find((one) => JSON.stringify(one.changes) === JSON.stringify(changes));
    const expected = refusal?.code ?? 'accepted';
    if (outcome === expected) return [];
    const message = `configure(${JSON.stringify(changes)}) was told '${outcome}'`;
    return [finding('configure', message, expected, outcome, [at])];
  });

/** Visits that the limits in force do not allow, or that take more than they do. */
function findIgnoredLimits(history: readonly HistoryRecord[]): Finding[] {
  const regime = new Regime(history);
  const found: Finding[] = [];
  // of the iteration under way
  let [visits, events, writes] = [0, 0, 0];
  let costNs = 0;
  walk(history, {
    told(record) {
      if (record.type === 'sink') costNs = record.costNs ?? 0;
    },
    visited({ thread, index, detail, records, byHand }) {
      if (byHand) return;
      const size = index + detail;
      const most = creditCap(regime.share(thread), regime.quantum, regime.maxSkips);
      const reached = (name: 'maxIterationVisits' | 'maxIterationEvents' | 'maxIterationNs', by: number): void => {
        const limit = regime.number(name);
        if (limit === 0 || by < limit) return;
        const message = `an iteration began a visit after ${by}, and ${name} is ${limit} since it was changed`;
        found.push(finding('limits', message, `no visit after ${limit}`, `${by}`, records));
      };
      reached('maxIterationVisits', visits);
      reached('maxIterationEvents', events);
      reached('maxIterationNs', writes * costNs);
      if (size > most) {
        const message = `a visit to thread ${thread} took ${size} events, and quantum and maxSkips allow ${most} now`;
        found.push(finding('limits', message, `at most ${most} events`, `${size}`, records));
      }
      [visits, events, writes] = [visits + 1, events + size, writes + records.length];
    },
    iterated() {
      [visits, events, writes] = [0, 0, 0];
    },
    changed(change) {
      regime.apply(change);
    },
  });
  return found;
}

/** The last iteration had nothing to do: what was not delivered is lost. */
const endsSettled = (history: readonly HistoryRecord[]): boolean =>
  recordsOf(history, 'iteration').at(-1)?.record.visits === 0;
/** Nothing but demand and a policy of one line decides whose turn it is. */
const hasOneLine = (history: readonly HistoryRecord[]): boolean =>
  recordsOf(history, 'submit').length + recordsOf(history, 'sink').length === 0 &&
  recordsOf(history, 'configure').every(({ record }) => record.changes['policy'] === undefined);

export default defineCheck({
  id: 'FAIR-RECONFIGURE',
  scenarios: [
    through({ quantum: 9 }, { quantum: 2 }, { quantum: 30 }, { maxSkips: 0 }, { maxIterationVisits: 2 }),
    ...REFUSED.map(({ changes }) => refused(changes)),
    // limits that hold from a change on, and no longer
    limited({ maxIterationVisits: 3 }, { maxIterationVisits: 0 }),
    limited({ maxIterationEvents: 6 }, { maxIterationEvents: 0 }),
    limited({ maxIterationNs: 1500 }, { maxIterationNs: 0 }),
    // from inside a write: from the next iteration on
    steppedWith(CONFIG, { 1: [configure({ quantum: 11 })], 9: [configure({ quantum: 3 })] }, ...saturated(4), turn(6)),
  ],
  generated: {
    arbitrary: reconfigured({ policies: ['round-robin'], submit: false }),
    runs: 30,
  },
  also: [
    {
      needs: ['submit'],
      scenarios: [
        // the credit of skips survives a quantum that rises, again and again
        stepped(
          { ...CONFIG, maxSkips: 3, quantum: 2 },
          ...saturated(3),
          turn(),
          ...[3, 4, 5, 6, 7].flatMap((quantum) => [begin(1, 1), turn(3), configure({ quantum }), commit(1), turn()]),
          turn(2),
        ),
        // skips that are made up for no more, or more than before
        ...[0, 6].map((maxSkips) =>
          stepped(
            CONFIG,
            ...[...saturated(3), turn(2), configure({ maxSkips }), begin(1, 1), turn(4), commit(1), turn(4)],
          ),
        ),
        ...fc.sample(reconfigured({ policies: ['round-robin'], submit: true }), { seed: 3, numRuns: 15 }),
      ],
    },
    {
      needs: ['weights'],
      scenarios: [
        policies('weighted-fair', 'round-robin'),
        ...fc.sample(reconfigured({ policies: ['round-robin', 'weighted-fair'], submit: false }), {
          seed: 4,
          numRuns: 15,
        }),
      ],
    },
    {
      needs: ['priorities'],
      scenarios: [
        policies('priority', 'round-robin', 'priority'),
        ...fc.sample(reconfigured({ policies: ['round-robin', 'priority'], submit: false }), { seed: 5, numRuns: 15 }),
      ],
    },
    {
      needs: ['weights', 'priorities', 'adaptive', 'submit'],
      scenarios: [
        policies('weighted-fair', 'priority', 'adaptive', 'round-robin'),
        ...fc.sample(
          reconfigured({ policies: ['round-robin', 'weighted-fair', 'priority', 'adaptive'], submit: true }),
          { seed: 6, numRuns: 15 },
        ),
      ],
    },
  ],
  judge(history) {
    return delivering(history, () => {
      if (recordsOf(history, 'configure').length === 0) return { inconclusive: 'nothing was configured' };
      const faults = [
        ...findDuplicates(history),
        ...findDisorder(history),
        ...findPhantoms(history),
        ...(endsSettled(history) ? findLoss(history) : []),
        ...findUnservedThreads(history),
        ...findIgnoredLimits(history),
        ...findLagFaults(history, ({ quantum, maxSkips }) => serviceLagBound(quantum, maxSkips)),
        ...(hasOneLine(history) ? findLateJoins(history) : []),
      ];
      const changed = faults.map((fault) => ({ ...fault, message: `with limits that changed: ${fault.message}` }));
      return [...wrongAnswers(history), ...changed];
    });
  },
});
