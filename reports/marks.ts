/** The word and the mark of every verdict; both are always shown, so nothing hangs on colour alone. */
import type { Cell, Counts, Report } from './model.js';
import { plural } from './text.js';

export const MARKS: Readonly<Record<Cell, { readonly mark: string; readonly short: string; readonly word: string }>> = {
  pass: { mark: '✓', short: 'pass', word: 'pass' },
  fail: { mark: '✗', short: 'FAIL', word: 'fail' },
  inconclusive: { mark: '?', short: 'unclear', word: 'inconclusive' },
  'not-applicable': { mark: '–', short: 'n/a', word: 'not applicable' },
  'known-deviation': { mark: '~', short: 'known', word: 'known deviation' },
  error: { mark: '!', short: 'ERROR', word: 'error' },
  'not-run': { mark: '·', short: 'not run', word: 'not run' },
};

const ORDER: readonly Cell[] = [
  'pass',
  'fail',
  'error',
  'inconclusive',
  'known-deviation',
  'not-applicable',
  'not-run',
];

/** The kinds of verdict that occur, in report order. */
export function occurring(counts: Counts): { readonly cell: Cell; readonly count: number }[] {
  return ORDER.filter((cell) => counts[cell] > 0).map((cell) => ({ cell, count: counts[cell] }));
}

/** One sentence that says how the run went. */
export function headline({ status, counts, results, stress }: Report): string {
  const early = results.partial ? 'the run was cut off' : stress.endedEarly ? 'the run was ended early' : undefined;
  if (status === 'empty') return 'No check ran.';
  if (status === 'ok') return 'Every verdict is as declared.';
  if (status === 'partial') return `T${early!.slice(1)}; no failure until then.`;
  const parts = [
    counts.fail > 0 ? plural(counts.fail, 'failure') : '',
    counts.error > 0 ? plural(counts.error, 'error of the suite', 'errors of the suite') : '',
    counts.inconclusive > 0 ? `${counts.inconclusive} inconclusive` : '',
  ].filter((part) => part !== '');
  const merged =
    results.run.mergedFrom === undefined ? 'The verdicts are not' : 'The merged results are not whole, or not';
  const what = parts.length === 0 ? `${merged} as declared` : parts.join(', ');
  return `${what}${early === undefined ? '' : `; ${early}`}.`;
}
