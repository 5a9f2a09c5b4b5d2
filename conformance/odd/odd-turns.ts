/** Sound drains whose iterations, visits and retries go another way. */
import type { Variant } from '../broken/fault.js';

export const ODD_TURNS: readonly Variant[] = [
  {
    name: 'looks-late',
    what: 'Before each visit the drain looks who has work now: who got some during the iteration has a turn in it too.',
    edits: [
      {
        file: 'drain-iterator.ts',
        find: `    const turns = this.#scheduler.length;
    for (let turn = 0; turn < turns; turn += 1) {`,
        replace: `    const served = new Set();
    for (;;) {
      this.#discover();
      const thread = this.#scheduler.nextBut(served);
      if (thread === undefined) break;`,
      },
      {
        file: 'drain-iterator.ts',
        find: `      if (result.truncated !== 'no') break;
      this.#takeTurn(this.#scheduler.next()!, mode, result);`,
        replace: `      if (result.truncated !== 'no') break;
      served.add(thread);
      this.#scheduler.take(thread);
      this.#takeTurn(thread, mode, result);`,
      },
      {
        file: 'scheduler.ts',
        find: '  /** Adds the credit of one turn. */',
        replace: `  /** The first that is not among these. */
  nextBut(served) {
    return this.#backlogged.find((thread) => !served.has(thread));
  }

  take(thread) {
    this.#backlogged = this.#backlogged.filter((one) => one !== thread);
  }

`,
      },
    ],
  },
  {
    name: 'second-try',
    what: 'Who was skipped is tried once more at the end of the iteration; only when that fails too is it a skip.',
    edits: [
      {
        file: 'drain-iterator.ts',
        find: `    if (!tryAcquire(this.view, thread.slot)) {
      thread.skipsInRow += 1;`,
        replace: `    if (!tryAcquire(this.view, thread.slot)) {
      if (!this.again.has(thread)) {
        this.again.add(thread);
        return;
      }
      thread.skipsInRow += 1;`,
      },
      {
        file: 'drain-iterator.ts',
        find: '    this.#scheduler.addCredit(thread);\n',
        replace: '    if (!this.again.has(thread)) this.#scheduler.addCredit(thread);\n',
      },
      {
        file: 'drain-iterator.ts',
        find: '    this.#scheduler.endIteration();',
        replace: `    for (const thread of this.again) this.#takeTurn(thread, mode, result);
    this.again.clear();
    this.#scheduler.endIteration();`,
      },
      {
        file: 'drain-iterator.ts',
        find: '  drainIteration(): IterationResult {',
        replace: '  again = new Set();\n\n  drainIteration() {',
      },
    ],
  },
  {
    name: 'promotes-early',
    what: 'Who was skipped once is already first in the next iteration.',
    edits: [
      {
        file: 'scheduler.ts',
        find: 'if (skipped && thread.skipsInRow >= this.#config.maxSkips)',
        replace: 'if (skipped)',
      },
    ],
  },
  {
    name: 'insists',
    what: 'After a part of a batch was taken the visit offers the rest at once.',
    edits: [
      {
        file: 'visit.ts',
        find: `    const taken = this.#hand('index', count, lane.spans(head, count));
    if (taken > 0) lane.release(head, taken);
    this.#thread.index.delivered += taken;
    return taken === count;`,
        replace: `    const taken = this.#hand('index', count, lane.spans(head, count));
    if (taken > 0) lane.release(head, taken);
    this.#thread.index.delivered += taken;
    return taken > 0 && this.#deliverIndex(count - taken);`,
      },
      { file: 'visit.ts', find: 'if (taken < offered) return;', replace: 'if (taken === 0) return;' },
    ],
  },
  {
    name: 'slow-back-off',
    what: 'The back-off after failures grows by one each time, and sitting out is no visit.',
    edits: [
      {
        file: 'visit.ts',
        find: 'backoffIterations(thread.failuresInRow, this.#arena.config.maxBackoffIterations)',
        replace: 'Math.min(thread.failuresInRow, this.#arena.config.maxBackoffIterations)',
      },
      {
        file: 'drain-iterator.ts',
        find: '      thread.backoff -= 1;\n      result.visits += 1;\n',
        replace: '      thread.backoff -= 1;\n',
      },
    ],
  },
  {
    name: 'stops-at-once',
    what: 'stop() takes all that a thread has in one visit.',
    edits: [
      {
        file: 'drain-iterator.ts',
        find: 'this.#visit(thread, result);',
        replace: 'this.#visit(thread, result, mode);',
      },
      {
        file: 'drain-iterator.ts',
        find: '#visit(thread: ThreadDrainState, result: Mutable<IterationResult>): void {',
        replace: '#visit(thread, result, mode) {',
      },
      {
        file: 'drain-iterator.ts',
        find: '.run(thread.credit);',
        replace: '.run(mode.limited ? thread.credit : 2 ** 31);',
      },
      {
        file: 'drain-iterator.ts',
        find: 'thread.credit - done.delivered;',
        replace: 'Math.max(0, thread.credit - done.delivered);',
      },
    ],
  },
  {
    name: 'reclaims-at-the-end',
    what: 'Slots are reclaimed at the end of the iteration that found them drained.',
    edits: [
      {
        file: 'drain-iterator.ts',
        find: '      this.#reclaim(thread);\n      result.reclaimed += 1;',
        replace: '      this.done.push(thread);',
      },
      {
        file: 'drain-iterator.ts',
        find: '    this.#scheduler.endIteration();',
        replace: `    for (const thread of this.done.splice(0)) {
      this.#reclaim(thread);
      result.reclaimed += 1;
    }
    this.#scheduler.endIteration();`,
      },
      {
        file: 'drain-iterator.ts',
        find: '  drainIteration(): IterationResult {',
        replace: '  done = [];\n\n  drainIteration() {',
      },
    ],
  },
];
