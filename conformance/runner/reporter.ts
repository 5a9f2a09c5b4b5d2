import type { Reporter, SerializedError, TestCase, TestModule } from 'vitest/node';
import type { VerdictRecord } from '../judge.js';
import './context.js';

/** What the runner tells while it runs. */
export interface RunListener {
  running(id: string, drain: string): void;
  verdict(record: VerdictRecord): void;
  /** The suite itself failed: a check file that does not load, a worker that died. */
  problem(text: string): void;
}

/** Turns vitest's events into verdicts. */
export class VerdictReporter implements Reporter {
  readonly #listener: RunListener;

  constructor(listener: RunListener) {
    this.#listener = listener;
  }

  onTestCaseReady(testCase: TestCase): void {
    const judging = testCase.meta().judging;
    if (judging !== undefined) this.#listener.running(judging.id, judging.drain);
  }

  onTestModuleEnd(module: TestModule): void {
    // of drains that were judged at the same time either may end first
    for (const testCase of module.children.allTests()) this.#tell(testCase);
    for (const error of module.errors()) this.#listener.problem(`${module.moduleId}: ${error.message}`);
  }

  #tell(testCase: TestCase): void {
    const verdict = testCase.meta().verdict;
    if (verdict !== undefined) this.#listener.verdict(verdict);
    else this.#listener.problem(`${testCase.name} ended without a verdict: ${firstError(testCase.result().errors)}`);
  }

  onTestRunEnd(_modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    for (const error of unhandled) this.#listener.problem(error.stack ?? error.message);
  }
}

function firstError(errors: readonly SerializedError[] | undefined): string {
  return errors?.[0]?.message ?? 'no reason was given';
}
