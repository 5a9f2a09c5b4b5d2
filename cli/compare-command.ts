import { readResults } from '../reports/index.js';
import { compareResults } from '../stress/compare.js';
import { countsOf, renderComparison } from './compare-table.js';
import { EXIT, type Streams } from './program.js';
import { UsageError } from './select.js';

/** Flags of `drainproof compare`. */
export interface CompareFlags {
  readonly json?: boolean;
  readonly failOnWorse?: boolean;
}

/** `drainproof compare`: two results files side by side; the result is the exit code. @throws ResultsError, UsageError */
export function compareCommand(a: string, b: string, flags: CompareFlags, streams: Streams): number {
  const comparison = compareResults(readResults(a), readResults(b));
  const counts = countsOf(comparison);
  if (counts['only in A'] + counts['only in B'] === comparison.compared.length)
    throw new UsageError(
      `${a} and ${b} have nothing in common. Expected a benchmark, stress scenario or requirement of one drain in both.`,
    );
  if (flags.json === true) streams.out.write(`${JSON.stringify({ ...comparison, counts })}\n`);
  else streams.out.write(`\n${renderComparison(comparison)}`);
  return flags.failOnWorse === true && counts.worse > 0 ? EXIT.notAsDeclared : EXIT.asDeclared;
}
