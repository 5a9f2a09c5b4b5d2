/** What is inside a batch: whole records, of the thread and lane that it names. */
import type { HistoryRecord, RecordOf } from '../../spec/index.js';
import { analyse } from './analysis.js';
import { MOST_FINDINGS } from './delivery.js';
import { finding, type Finding } from './finding.js';

/** Records whose bytes are no record that anybody wrote. */
export function findTorn(history: readonly HistoryRecord[]): Finding[] {
  const found: Finding[] = [];
  history.forEach((record, at) => {
    if (record.type !== 'batch') return;
    for (const run of record.runs) {
      if (!('torn' in run)) continue;
      const message = `thread ${record.thread}, ${record.lane} lane: record ${run.at} of a batch has torn or foreign bytes (${run.hex.slice(0, 32)}...)`;
      found.push(finding('torn', message, 'the bytes that the producer gave', run.hex, [at]));
    }
  });
  return found.slice(0, MOST_FINDINGS);
}

/** Records in a batch of another thread, and batches under a slot or generation that their thread never had. */
export function findMisattribution(history: readonly HistoryRecord[]): Finding[] {
  const { registrations } = analyse(history);
  const found: Finding[] = [];
  history.forEach((record, at) => {
    if (record.type !== 'batch') return;
    for (const run of record.runs) {
      if ('torn' in run || run.thread === undefined || run.thread === record.thread) continue;
      const message = `event ${run.from} of thread ${run.thread} was delivered in a batch of thread ${record.thread} (${record.lane} lane)`;
      found.push(
        finding('misattribution', message, `a batch of thread ${run.thread}`, `a batch of thread ${record.thread}`, [
          at,
        ]),
      );
    }
    const held = registrations.get(record.thread);
    if (held?.slot === undefined || held.generation === undefined) return;
    if (held.slot !== record.slot || held.generation !== record.generation) {
      const message = `a batch of thread ${record.thread} names slot ${record.slot}, generation ${record.generation}`;
      found.push(
        finding(
          'misattribution',
          message,
          `slot ${held.slot}, generation ${held.generation}`,
          `slot ${record.slot}, generation ${record.generation}`,
          [held.record, at],
        ),
      );
    }
  });
  return found.slice(0, MOST_FINDINGS);
}

function miscounted({ count, runs, acknowledged }: RecordOf<'batch'>): string | undefined {
  if (count === 0) return 'it is empty';
  const held = runs.reduce((sum, run) => sum + ('torn' in run ? 1 : run.count), 0);
  if (held !== count) return `it says ${count} records and holds ${held}`;
  return acknowledged > count ? `${acknowledged} of its ${count} records were acknowledged` : undefined;
}

/** Batches that are none: wrong sizes, wrong counts, empty. */
export function findMalformed(history: readonly HistoryRecord[]): Finding[] {
  const found: Finding[] = [];
  history.forEach((record, at) => {
    if (record.type !== 'batch') return;
    const wrong = record.malformed ?? miscounted(record);
    if (wrong !== undefined) {
      found.push(
        finding(
          'malformed',
          `a batch of thread ${record.thread} (${record.lane} lane) is malformed: ${wrong}`,
          'whole records, at least one',
          wrong,
          [at],
        ),
      );
    }
  });
  return found.slice(0, MOST_FINDINGS);
}
