/** Sound drains whose iterations, visits and retries go another way. */
import type { Variant } from '../broken/fault.js';

export const ODD_TURNS: readonly Variant[] = [
  {
    name: 'looks-late',
    what: 'Before each visit the drain looks who has work now: who got some during the iteration has a turn in it too.',
    edits: [
      {
        file: 'drain-iterator.ts',
        find: '    discovery.discover();\n    while (scheduler.hasNext) {',
        replace: '    for (discovery.discover(); scheduler.hasNext; discovery.discover()) {',
      },
      {
        file: 'scheduler.ts',
        find: `const line = this.#nextLine();
    const thread = line?.shift();
    if (thread === undefined) return undefined;`,
        replace: `const line = this.#nextLine();
    let thread = line?.head;
    while (thread?.turn === this.iteration) thread = thread.after;
    if (thread === undefined) return undefined;
    line.remove(thread);`,
      },
      {
        file: 'scheduler.ts',
        find: 'return head !== undefined && head.turn !== this.iteration;',
        replace:
          'for (let one = head; one !== undefined; one = one.after) if (one.turn !== this.iteration) return true;\n    return false;',
      },
    ],
  },
  {
    name: 'second-try',
    what: 'Who was skipped is tried once more at the end of the iteration; only when that fails too is it a skip.',
    edits: [
      {
        file: 'turns.ts',
        find: 'if (!tryAcquire(view, thread.slot)) {\n',
        replace: `if (!tryAcquire(view, thread.slot)) {
      if (!this.again.has(thread)) {
        this.again.add(thread);
        return;
      }
`,
      },
      {
        file: 'turns.ts',
        find: '    scheduler.addCredit(thread);',
        replace: '    if (!this.again.has(thread)) scheduler.addCredit(thread);',
      },
      {
        file: 'turns.ts',
        find: '  readonly tally = emptyTally();',
        replace: '  readonly tally = emptyTally();\n  again = new Set();',
      },
      {
        file: 'drain-iterator.ts',
        find: '    const tookNs =',
        replace: '    for (const thread of turns.again) turns.take(thread);\n    const tookNs =',
      },
    ],
  },
  {
    name: 'promotes-early',
    what: 'Who was skipped once is already first in the next iteration.',
    edits: [
      {
        file: 'scheduler.ts',
        find: 'if (thread.skipsInRow >= this.#config.maxSkips)',
        replace: 'if (thread.skipsInRow > 0)',
      },
    ],
  },
  {
    name: 'insists',
    what: 'After a part of a batch was taken the visit offers the rest at once.',
    edits: [
      { file: 'visit.ts', find: 'if (taken < offered) return;', replace: 'if (taken === 0) return;' },
      { file: 'visit.ts', find: 'if (taken < offered) return false;', replace: 'if (taken === 0) return false;' },
    ],
  },
  {
    name: 'slow-back-off',
    what: 'The back-off after failures grows by one each time, and sitting out is no visit.',
    edits: [
      {
        file: 'visit.ts',
        find: 'backoffIterations(thread.failuresInRow, this.#maxBackoff)',
        replace: 'Math.min(thread.failuresInRow, this.#maxBackoff)',
      },
      {
        file: 'turns.ts',
        find: `      thread.backoff -= 1;
      this.tally.visits += 1;
`,
        replace: '      thread.backoff -= 1;\n',
      },
    ],
  },
  {
    name: 'stops-at-once',
    what: 'stop() takes all that a thread has in one visit.',
    edits: [
      {
        file: 'turns.ts',
        find: '.run(thread.credit);',
        replace: '.run(this.#mode.limited ? thread.credit : 2 ** 31);',
      },
      {
        file: 'turns.ts',
        find: 'thread.credit - done.delivered;',
        replace: 'Math.max(0, thread.credit - done.delivered);',
      },
    ],
  },
  {
    name: 'reclaims-at-the-end',
    what: 'Slots are reclaimed at the end of the iteration that found them drained.',
    edits: [
      { file: 'turns.ts', find: '      this.#reclaim(thread);\n', replace: '      this.done.push(thread);\n' },
      {
        file: 'turns.ts',
        find: '  readonly tally = emptyTally();',
        replace: `  readonly tally = emptyTally();
  done = [];

  finish() {
    for (const thread of this.done) this.#reclaim(thread);
  }
`,
      },
      { file: 'drain-iterator.ts', find: '    const tookNs =', replace: '    turns.finish();\n    const tookNs =' },
    ],
  },
];
