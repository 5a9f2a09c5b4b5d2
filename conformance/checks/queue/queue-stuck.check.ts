// QUEUE-STUCK: A queue that is found held for stuckAfterNs is reported once, as queue-stuck with its thread and how
// long; again only after it was free in between.
import type { HistoryRecord, ScenarioInput, StepInput } from '../../../spec/index.js';
import { defineCheck } from '../../check.js';
import { analyse, delivering, finding, type Finding } from '../../checkers/index.js';
import {
  advance,
  begin,
  commit,
  configure,
  emit,
  register,
  settle,
  stepped,
  threads,
  turn,
} from '../../scenarios/build.js';

const AFTER = 1000;

const scenario = (config: object, ...steps: StepInput[]): ScenarioInput =>
  stepped(
    { detailCapacity: 0, quantum: 4, maxSkips: 2, stuckAfterNs: AFTER, ...config },
    ...threads(3).flatMap((id) => [register(id), emit(id, 'index', 200)]),
    turn(),
    ...steps,
    settle(4096),
  );

/** Iterations while time passes. */
const passing = (times: number, ns: number): StepInput[] =>
  Array.from({ length: times }, (): StepInput[] => [turn(), advance(ns)]).flat();

/** What must be reported of one thread, and by which iteration. */
interface Row {
  first: number;
  reported: boolean;
}

/** Goes through holds, iterations and time. In these scenarios every held thread is backlogged, so each iteration attempts it. */
function stuckFaults(history: readonly HistoryRecord[]): { found: Finding[]; reports: number } {
  const { config } = analyse(history);
  let after = config('stuckAfterNs', 1_000_000_000);
  const rows = new Map<number, Row | undefined>();
  const found: Finding[] = [];
  const events = new Map<number, { at: number; heldNs: number | undefined }[]>();
  let now = 0;
  let reports = 0;
  const fault = (message: string, expected: string, seen: string, at: number): void =>
    void found.push(finding('stuck', message, expected, seen, [at]));
  history.forEach((record, at) => {
    if (record.type === 'advance') now += record.ns;
    else if (record.type === 'configure' && record.outcome === 'accepted')
      after = Number(record.changes['stuckAfterNs'] ?? after);
    else if (record.type === 'submit' && record.outcome === 'accepted') {
      if (record.phase === 'begin') rows.set(record.thread, undefined);
      else rows.delete(record.thread);
    } else if (record.type === 'thread-event' && record.event === 'queue-stuck') {
      reports += 1;
      events.set(record.thread, [...(events.get(record.thread) ?? []), { at, heldNs: record.heldNs }]);
    } else if (record.type === 'iteration') {
      for (const [thread, row] of rows) {
        const first = row?.first ?? now;
        const due = after > 0 && now - first >= after && row !== undefined && !row.reported;
        const told = events.get(thread) ?? [];
        events.delete(thread);
        const held = now - first;
        if (due && told.length === 0)
          fault(
            `the queue of thread ${thread} was found held for ${held} ns and was not reported as stuck`,
            'a report',
            'none',
            at,
          );
        for (const one of due ? told.slice(1) : told)
          fault(
            `thread ${thread} was reported as stuck after ${held} ns, and no report was due`,
            'no report',
            'one',
            one.at,
          );
        if (due && told[0] !== undefined && told[0].heldNs !== held)
          fault(
            `thread ${thread} was reported as stuck for ${told[0].heldNs} ns, and it was ${held} ns`,
            `${held}`,
            `${told[0].heldNs}`,
            told[0].at,
          );
        rows.set(thread, { first, reported: (row?.reported ?? false) || due });
      }
      for (const [thread, told] of events)
        fault(`thread ${thread}, whose queue was free, was reported as stuck`, 'no report', 'one', told[0]!.at);
      events.clear();
    }
  });
  return { found, reports };
}

export default defineCheck({
  id: 'QUEUE-STUCK',
  scenarios: [
    scenario({}, begin(2, 1), ...passing(6, 400), commit(2), turn(2)),
    // exactly so long, and one ns less
    scenario({}, begin(1, 1), turn(), advance(AFTER - 1), turn(), advance(1), turn(3), commit(1), turn()),
    // twice, with a visit in between; two at once
    scenario(
      {},
      ...[begin(3, 1), ...passing(4, 500), commit(3), turn(2), begin(3, 1), ...passing(4, 700), commit(3), turn()],
    ),
    scenario({}, begin(1, 1), turn(), advance(300), begin(2, 1), ...passing(5, 450), commit(1), commit(2), turn()),
    // held for long, but seldom looked at; and never long enough
    scenario({}, begin(2, 1), turn(), advance(50 * AFTER), turn(2), commit(2), turn()),
    scenario(
      {},
      begin(2, 1),
      ...passing(3, 300),
      commit(2),
      turn(),
      begin(2, 1),
      ...passing(3, 300),
      commit(2),
      turn(),
    ),
    // for longer than 32 bits say
    scenario({ stuckAfterNs: 6e9 }, begin(2, 1), ...passing(6, 2e9), commit(2), turn(2)),
    // never
    scenario({ stuckAfterNs: 0 }, begin(2, 1), ...passing(6, 4_000_000_000), commit(2), turn(2)),
  ],
  also: [
    {
      needs: ['reconfigure'],
      scenarios: [
        // from now on, and no longer
        scenario(
          { stuckAfterNs: 0 },
          ...[configure({ stuckAfterNs: AFTER }), begin(2, 1), ...passing(6, 400), commit(2), turn(2)],
          ...[configure({ stuckAfterNs: 0 }), begin(2, 1), ...passing(6, 400), commit(2), turn(2)],
        ),
      ],
    },
  ],
  judge(history) {
    return delivering(history, () => {
      const { found } = stuckFaults(history);
      const skips = history.some((record) => record.type === 'iteration' && record.skips > 0);
      return found.length > 0 || skips ? found : { inconclusive: 'no thread was skipped' };
    });
  },
});
