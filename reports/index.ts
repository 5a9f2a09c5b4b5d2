/** One results file in; terminal, HTML, JUnit and Markdown out. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderHtml } from './html.js';
import { renderJunit } from './junit.js';
import { renderMarkdown } from './markdown.js';
import type { Results } from './results-file.js';

export { renderHtml } from './html.js';
export { renderJunit } from './junit.js';
export { renderMarkdown } from './markdown.js';
export { mergeResults, type Merged, type Part } from './merge.js';
export { buildReport, type Report } from './model.js';
export { createProgress, type Progress, type ProgressOptions } from './progress.js';
export { ResultsError, type ResultsProblem } from './results-error.js';
export { parseResults, readResults, type Results } from './results-file.js';
export { ResultsWriter } from './results-writer.js';
export { renderTerminal, type TerminalOptions } from './terminal.js';
export { plain } from './text.js';
export { isSound, renderVerification, type VerificationOptions } from './verification.js';

/** The file that a run writes; the reports are written beside it. */
export const RESULTS_FILE = 'results.jsonl';

export interface WrittenReports {
  readonly html: string;
  readonly junit: string;
  readonly markdown: string;
}

/** Writes index.html, junit.xml and report.md into the folder (made when missing), and says where they are. */
export async function writeReports(results: Results, outDir: string): Promise<WrittenReports> {
  mkdirSync(outDir, { recursive: true });
  const written = {
    html: join(outDir, 'index.html'),
    junit: join(outDir, 'junit.xml'),
    markdown: join(outDir, 'report.md'),
  };
  writeFileSync(written.html, await renderHtml(results));
  writeFileSync(written.junit, renderJunit(results));
  writeFileSync(written.markdown, renderMarkdown(results));
  return written;
}
