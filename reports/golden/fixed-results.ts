/** What the golden texts are made from: one failing verdict as Results, with everything that changes from run to run held fixed. */
import type { Failure } from '../../spec/index.js';
import { parseResults, type Results } from '../results-file.js';
import { sampleEnd, sampleRequirements, sampleRun, sampleText } from '../sample-results.js';

export const DRAIN = 'tracer';

/** The results of a run whose only verdict is this failure of the requirement `id`. */
export function resultsOf(id: string, failure: Failure): Results {
  const requirement = sampleRequirements().filter((one) => one.id === id);
  const verdict = {
    type: 'verdict',
    id,
    drain: DRAIN,
    verdict: 'fail',
    reason: failure.message,
    seed: 7,
    scenarios: 1,
    events: 8,
    durationMs: 12,
    failure,
  } as const;
  const run = sampleRun();
  const drains = run.drains.filter(({ name }) => name === DRAIN);
  return parseResults(sampleText([{ ...run, drains }, ...requirement, verdict, sampleEnd([verdict])]), 'golden');
}

/** The blocks of a report that tell of failures. */
export function failureBlocks(report: string): string {
  const blocks = report.trimEnd().split('\n\n');
  return blocks.filter((block) => /^ {2}required/m.test(block)).join('\n\n');
}

/** The part of a Markdown report that tells of failures. */
export function failureSection(markdown: string): string {
  return markdown.slice(Math.max(0, markdown.indexOf('### '))).trimEnd();
}
