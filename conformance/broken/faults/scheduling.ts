import type { Fault } from '../fault.js';

/** Broken drains of what is promised of turns: waits, joining, thousands of threads, weights and limits that change. */
export const FAULTS: readonly Fault[] = [
  {
    name: 'long-every-fourth',
    what: 'Every fourth visit to a thread takes three times its credit.',
    requirement: 'FAIR-WAIT-EVENTS',
    phrase: 'events of thread',
    edits: [
      {
        file: 'turns.ts',
        find: '.run(thread.credit);',
        replace: '.run(thread.visits % 4 === 0 ? 3 * thread.credit : thread.credit);',
      },
      {
        file: 'turns.ts',
        find: 'done.exhausted ? 0 : thread.credit - done.delivered',
        replace: 'done.exhausted ? 0 : Math.max(0, thread.credit - done.delivered)',
      },
    ],
  },
  {
    name: 'low-slots-unbounded',
    what: 'The thread in slot 1 has no quantum.',
    requirement: 'FAIR-WAIT-EVENTS',
    phrase: 'events of thread 2',
    edits: [
      {
        file: 'turns.ts',
        find: '.run(thread.credit);',
        replace: '.run(thread.slot === 1 ? 2 ** 31 : thread.credit);',
      },
      {
        file: 'turns.ts',
        find: 'done.exhausted ? 0 : thread.credit - done.delivered',
        replace: 'done.exhausted ? 0 : Math.max(0, thread.credit - done.delivered)',
      },
    ],
  },
  {
    name: 'newcomers-wait-at-the-door',
    what: 'Threads that have become backlogged are let into the list in every ninth iteration only.',
    requirement: 'FAIR-JOIN-ROUND',
    phrase: 'before its first turn',
    edits: [
      {
        file: 'discovery.ts',
        find: 'if (thread.list === undefined) this.#scheduler.join(thread);',
        replace: 'if (thread.list === undefined && this.#scheduler.iteration % 9 === 1) this.#scheduler.join(thread);',
      },
    ],
  },
  {
    name: 'regulars-come-back-first',
    what: 'Whoever was visited in an even iteration comes back to the front.',
    requirement: 'FAIR-JOIN-ROUND',
    phrase: 'before its first turn',
    edits: [
      {
        file: 'scheduler.ts',
        find: '  putBack(thread: T): void {\n    this.#enqueue(thread);',
        replace:
          '  putBack(thread) {\n    if (this.iteration % 2 === 0) this.#promoted.push(thread);\n    else this.#enqueue(thread);',
      },
    ],
  },
  {
    name: 'first-word-of-ready-bits',
    what: 'Ready bits beyond the first word are never looked at.',
    requirement: 'FAIR-MANY',
    phrase: 'among 4096 backlogged threads',
    edits: [{ file: 'ready-bits.ts', find: 'word < readyWords', replace: 'word < 1' }],
  },
  {
    name: 'a-thousand-visits',
    what: 'An iteration makes 1,024 visits at most.',
    requirement: 'FAIR-MANY',
    phrase: 'among 4096 backlogged threads',
    edits: [
      {
        file: 'drain-iterator.ts',
        find: 'while (scheduler.hasNext) {',
        replace: 'while (scheduler.hasNext && result.visits < 1024) {',
      },
    ],
  },
  {
    name: 'sixty-four-threads',
    what: 'The line has room for 64 threads; whoever comes later waits until one has left it.',
    requirement: 'FAIR-MANY',
    phrase: 'among 4096 backlogged threads',
    edits: [
      {
        file: 'discovery.ts',
        find: 'if (thread.list === undefined) this.#scheduler.join(thread);',
        replace:
          'if (thread.list === undefined && [...this.#scheduler.waiting()].length < 64) this.#scheduler.join(thread);',
      },
    ],
  },
  {
    name: 'eight-slots-favoured',
    what: 'The first eight slots have twice the credit.',
    requirement: 'FAIR-JAIN-THREADS',
    phrase: 'over a window',
    racy: true,
    edits: [
      {
        file: 'scheduler.ts',
        find: '    const share = this.shareOf(thread);\n    const cap',
        replace: '    const share = thread.slot < 8 ? 2 : 1;\n    const cap',
      },
    ],
  },
  {
    name: 'odd-slots-sit-out',
    what: 'The threads in odd slots have a turn in every third iteration only.',
    requirement: 'FAIR-JAIN-THREADS',
    phrase: 'over a window',
    racy: true,
    edits: [
      {
        file: 'turns.ts',
        find: '    scheduler.addCredit(thread);\n',
        replace:
          '    if (thread.slot % 2 === 1 && scheduler.iteration % 3 !== 0) {\n      this.#settle(thread, false);\n      return;\n    }\n    scheduler.addCredit(thread);\n',
      },
    ],
  },
  {
    name: 'weight-read-once',
    what: 'The weight is the one of the registration, whatever setWeight() says.',
    requirement: 'FAIR-REWEIGH',
    phrase: 'with a weight that changed',
    edits: [
      {
        file: 'thread-drain-state.ts',
        find: 'return this.counter(SLOT.weight);',
        replace: 'return (this.weightOnce ??= this.counter(SLOT.weight));',
      },
    ],
  },
  {
    name: 'weight-only-rises',
    what: 'A smaller weight is accepted and never followed.',
    requirement: 'FAIR-REWEIGH',
    phrase: 'events in one visit',
    edits: [
      {
        file: 'thread-drain-state.ts',
        find: 'return this.counter(SLOT.weight);',
        replace: 'return (this.heaviest = Math.max(this.heaviest ?? 0, this.counter(SLOT.weight)));',
      },
    ],
  },
  {
    name: 'rich-after-losing-weight',
    what: 'Credit above the cap of a weight that fell is kept.',
    requirement: 'FAIR-REWEIGH',
    phrase: 'events in one visit',
    edits: [
      {
        file: 'scheduler.ts',
        find: 'thread.credit = Math.min(thread.credit + share * this.quantum, cap);',
        replace: 'thread.credit = Math.max(thread.credit, Math.min(thread.credit + share * this.quantum, cap));',
      },
    ],
  },
  {
    name: 'configure-loses-the-last',
    what: 'Another policy loses the thread at the end of the line.',
    requirement: 'FAIR-RECONFIGURE',
    phrase: 'with limits that changed',
    edits: [
      {
        file: 'scheduler.ts',
        find: '      thread.list!.remove(thread);\n      this.#enqueue(thread);\n    }',
        replace:
          '      thread.list.remove(thread);\n      if (thread !== last) this.#enqueue(thread);\n      else thread.list = this.#finals;\n    }',
      },
      {
        file: 'scheduler.ts',
        find: '    for (const thread of [...this.waiting()]) {',
        replace: '    const last = [...this.waiting()].at(-1);\n    for (const thread of [...this.waiting()]) {',
      },
    ],
  },
  {
    name: 'configure-takes-credit',
    what: 'configure() throws all credit away.',
    requirement: 'FAIR-RECONFIGURE',
    phrase: 'with limits that changed',
    edits: [
      {
        file: 'scheduler.ts',
        find: '    const before = this.#config;\n',
        replace: '    const before = this.#config;\n    for (const thread of this.waiting()) thread.credit = 0;\n',
      },
    ],
  },
  {
    name: 'configure-takes-half',
    what: 'What is refused as a whole is done in part: the quantum changes all the same.',
    requirement: 'FAIR-RECONFIGURE',
    phrase: 'with limits that changed',
    edits: [
      {
        file: 'drain-iterator.ts',
        find: '    this.#nextConfig = changedConfig(this.#nextConfig ?? this.#config, changes);\n',
        replace: `    try {
      this.#nextConfig = changedConfig(this.#nextConfig ?? this.#config, changes);
    } catch (error) {
      if (changes.quantum > 0) this.configure({ quantum: changes.quantum });
      throw error;
    }
`,
      },
    ],
  },
  {
    name: 'stuck-never-told',
    what: 'A queue that is held for ever is reported to nobody.',
    requirement: 'QUEUE-STUCK',
    phrase: 'was not reported as stuck',
    edits: [
      { file: 'turns.ts', find: 'else if (!thread.stuck && stuckAfterNs > 0', replace: 'else if (thread.skips < 0' },
    ],
  },
  {
    name: 'stuck-at-every-skip',
    what: 'A held queue is reported again at every skip.',
    requirement: 'QUEUE-STUCK',
    phrase: 'no report was due',
    edits: [{ file: 'turns.ts', find: '      thread.stuck = true;\n', replace: '' }],
  },
  {
    name: 'stuck-for-too-short',
    what: 'How long a queue was held is told as stuckAfterNs, however long it was.',
    requirement: 'QUEUE-STUCK',
    phrase: 'was reported as stuck for',
    edits: [
      { file: 'turns.ts', find: 'thread, Number(now - thread.skippedSince));', replace: 'thread, stuckAfterNs);' },
    ],
  },
  {
    name: 'stuck-once-in-a-life',
    what: 'A queue that was reported once is never reported again.',
    requirement: 'QUEUE-STUCK',
    phrase: 'was not reported as stuck',
    edits: [{ file: 'turns.ts', find: '    thread.stuck = false;\n', replace: '' }],
  },
  {
    name: 'window-without-zeros',
    what: 'A thread that got nothing in a window is left out of its index and smallest share.',
    requirement: 'METRIC-FAIRNESS',
    phrase: "the window's minShare",
    edits: [
      {
        file: 'fairness-window.ts',
        find: 'const counted = x.filter((_, i) => isIn[i]);',
        replace: 'const counted = x.filter((one, i) => isIn[i] && one > 0);',
      },
    ],
  },
  {
    name: 'window-since-the-beginning',
    what: 'What was delivered in a window is counted from the beginning of time.',
    requirement: 'METRIC-FAIRNESS',
    phrase: "the window's delivered",
    edits: [{ file: 'fairness-window.ts', find: '      thread.deliveredBefore = thread.delivered;\n', replace: '' }],
  },
  {
    name: 'own-visit-waited-for',
    what: 'The longest wait counts the visit that ends it.',
    requirement: 'METRIC-FAIRNESS',
    phrase: "the window's longestWait",
    edits: [
      {
        file: 'scheduler.ts',
        find: 'thread.longestWait = Math.max(thread.longestWait, this.#visits - thread.waitsFrom);',
        replace: 'thread.longestWait = Math.max(thread.longestWait, this.#visits - thread.waitsFrom + 1);',
      },
    ],
  },
  {
    name: 'lag-of-latecomers',
    what: 'The service lag of a window counts threads that came in the middle of it.',
    requirement: 'METRIC-FAIRNESS',
    phrase: "the window's serviceLag",
    edits: [
      {
        file: 'fairness-window.ts',
        find: 'thread.list !== undefined && thread.joined <= this.#first',
        replace: 'thread.list !== undefined',
      },
    ],
  },
];
