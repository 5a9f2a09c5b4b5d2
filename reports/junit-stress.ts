/** Stress results as cases for JUnit: one for each scenario and target. */
import { besideLimit, limitWords, metricWords } from './figures.js';
import type { Cell } from './model.js';
import { TROUBLE } from './severity.js';
import { missedTargets, type StressRecord, type StressReport } from './stress.js';
import { measuredWords, noiseWords, problemsOf } from './stress-words.js';
import { interruptedWords } from './stress-windows.js';

export interface StressCase {
  readonly name: string;
  /** The first case of a scenario has all of its time. */
  readonly durationMs: number;
  readonly verdict: Cell;
  readonly reason: string;
  /** All that is known of a case that did not pass. */
  readonly lines: readonly string[];
}

/** The cases of a drain; none where it has no stress results. */
export function stressCases({ scenarios }: StressReport, drain: string): StressCase[] {
  return scenarios.flatMap(({ name, records, interrupted }) => [
    ...records.filter((one) => one.drain === drain).flatMap(casesOf),
    ...interrupted
      .filter((one) => one.drain === drain)
      .map(({ atMs, windows }): StressCase => {
        return { name, durationMs: atMs, verdict: 'not-run', reason: interruptedWords(atMs, windows), lines: [] };
      }),
  ]);
}

function casesOf(record: StressRecord): StressCase[] {
  const early = record.partial ? ' (ended early)' : '';
  const cases = record.targets.map((target, i): StressCase => {
    const { metric, reason } = target;
    const known = record.verdict === 'known-deviation' && TROUBLE.has(target.verdict);
    const verdict = known ? record.verdict : target.verdict;
    const said = `${metricWords(metric)} ${besideLimit(target.measured, target)}, ${limitWords(target)}: ${reason}${early}`;
    const lines = [`load: ${record.about}`, `target: ${limitWords(target)}`, `measured: ${measuredWords(target)}`];
    const name = `${record.scenario} ${metric}`;
    return {
      name,
      durationMs: i === 0 ? record.durationMs : 0,
      verdict,
      reason: said,
      lines: [...lines, ...restOf(record)],
    };
  });
  // What no target says is said by a case of the scenario's own.
  const own = TROUBLE.has(record.verdict) ? missedTargets(record).length === 0 : record.verdict !== 'pass';
  if (cases.length > 0 && !own) return cases;
  const lines = [`load: ${record.about}`, ...restOf(record)];
  const { scenario: name, verdict, reason } = record;
  return [
    { name, durationMs: cases.length > 0 ? 0 : record.durationMs, verdict, reason: reason + early, lines },
    ...cases,
  ];
}

function restOf(record: StressRecord): string[] {
  const noise = noiseWords(record);
  return [
    `reason: ${record.reason}`,
    ...problemsOf(record).map((problem) => `problem: ${problem}`),
    ...(noise === '' ? [] : [`noise: ${noise}`]),
    `replay: ${record.replay}`,
  ];
}
