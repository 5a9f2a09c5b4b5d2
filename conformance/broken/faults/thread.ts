import type { Fault } from '../fault.js';

/** One broken drain, or more, for each requirement of the family THREAD. */
export const FAULTS: readonly Fault[] = [
  {
    name: 'discovers-when-idle',
    what: 'New threads are looked for only when nobody is backlogged.',
    requirement: 'THREAD-JOIN-NEXT',
    phrase: 'was not delivered in the next one',
    edits: [
      {
        file: 'drain-iterator.ts',
        find: 'discovery.discover();',
        replace: 'if (!scheduler.hasNext) discovery.discover();',
      },
    ],
  },
  {
    name: 'hang-up-before-data',
    what: 'A thread that left is reclaimed after one visit, whatever it has left.',
    requirement: 'THREAD-LEAVE-DELIVERS',
    phrase: 'with threads that leave',
    bug: 'bug 19',
    edits: [
      {
        file: 'visit.ts',
        find: 'this.result.finished = this.#at.final && this.#isDrained();',
        replace: 'this.result.finished = this.#at.final;',
      },
    ],
  },
  {
    name: 'last-event-forgotten',
    what: 'A final drain ends when one event is left.',
    requirement: 'THREAD-LEAVE-DELIVERS',
    phrase: 'with threads that leave',
    bug: 'bug 17',
    edits: [
      {
        file: 'visit.ts',
        find: 'return lane.head === this.#at.indexTail &&',
        replace: 'return distance(this.#at.indexTail, lane.head) <= 1 &&',
      },
    ],
  },
  {
    name: 'freed-by-leave',
    what: 'leave() frees the slot at once.',
    requirement: 'THREAD-REUSE-AFTER-DRAIN',
    phrase: 'which had it before, were not delivered',
    bug: 'bug 23',
    edits: [
      {
        file: 'thread-handle.ts',
        find: "swapState(this.#arena, this.slot, this.generation, 'active', 'leaving')",
        replace: "swapState(this.#arena, this.slot, this.generation, 'active', 'free')",
      },
    ],
  },
  {
    name: 'generation-kept',
    what: 'A slot keeps its generation from life to life.',
    requirement: 'THREAD-REUSE-AFTER-DRAIN',
    phrase: 'under generation',
    edits: [
      {
        file: 'slot-state.ts',
        find: 'return (generation + 1) & GENERATION_MASK || 1;',
        replace: 'return generation || 1;',
      },
    ],
  },
  {
    name: 'handle-without-generation',
    what: 'An emit looks whether the slot is active, not whose it is.',
    requirement: 'THREAD-STALE-HANDLE',
    phrase: 'stale handle',
    edits: [
      {
        file: 'thread-handle.ts',
        find: 'if (loadState(this.#arena, this.slot) !== this.#active) return this.#gone();',
        replace: 'if ((loadState(this.#arena, this.slot) & 0xff) !== (this.#active & 0xff)) return this.#gone();',
      },
      {
        file: 'thread-handle.ts',
        find: 'if (word === this.#active) return false;',
        replace: 'if ((word & 0xff) === (this.#active & 0xff)) return false;',
      },
    ],
  },
  {
    name: 'commit-without-generation',
    what: 'A commit does not look whose slot it is.',
    requirement: 'THREAD-STALE-HANDLE',
    phrase: 'stale handle',
    edits: [
      {
        file: 'thread-handle.ts',
        find: 'if (generationOf(loadState(this.#arena, this.slot)) !== this.generation) {',
        replace: 'if (this.generation < 0) {',
      },
      {
        file: 'thread-handle.ts',
        find: 'if (!this.#swapQueue(QUEUE_STATE.producer, QUEUE_STATE.free)) {',
        replace: 'if (!this.#swapQueue(QUEUE_STATE.producer, QUEUE_STATE.free) && this.generation < 0) {',
      },
    ],
  },
  {
    name: 'left-unknown',
    what: 'A handle does not know that its thread has left.',
    requirement: 'THREAD-EMIT-AFTER-LEAVE',
    phrase: 'an emit of thread 1 came after leave()',
    bug: 'bug 22',
    edits: [{ file: 'thread-handle.ts', find: "if (this.#left) return 'THREAD_LEFT';", replace: '' }],
  },
  {
    name: 'mark-after-leave',
    what: 'mark() is accepted after leave().',
    requirement: 'THREAD-EMIT-AFTER-LEAVE',
    phrase: 'a mark of thread 1 came after leave()',
    edits: [
      {
        file: 'thread-handle.ts',
        find: 'mark(): EmitOutcome {\n    const refusal = this.#refusal();',
        replace: "mark(): EmitOutcome {\n    const refusal = this.#left ? 'accepted' : this.#refusal();",
      },
    ],
  },
  {
    name: 'second-leave-accepted',
    what: 'A second leave() is silent.',
    requirement: 'THREAD-DOUBLE-LEAVE',
    phrase: 'a second leave() of thread 1 was told',
    edits: [
      {
        file: 'thread-handle.ts',
        find: "if (this.#left) throw new DrainError('THREAD_LEFT', `thread ${this.threadId} has left before`);",
        replace: 'if (this.#left) return;',
      },
    ],
  },
  {
    name: 'second-leave-frees',
    what: 'A second leave() sends away whoever has the slot.',
    requirement: 'THREAD-DOUBLE-LEAVE',
    phrase: 'came after a second leave()',
    edits: [
      {
        file: 'thread-handle.ts',
        find: "if (this.#left) throw new DrainError('THREAD_LEFT', `thread ${this.threadId} has left before`);",
        replace:
          "if (this.#left) {\n      const word = loadState(this.#arena, this.slot);\n      swapState(this.#arena, this.slot, generationOf(word), 'active', 'leaving');\n      throw new DrainError('THREAD_LEFT', 'left');\n    }",
      },
    ],
  },
  {
    name: 'full-registry-overwrites',
    what: 'A full registry gives its first slot away.',
    requirement: 'THREAD-REGISTRY-FULL',
    phrase: 'slots were taken',
    edits: [
      {
        file: 'registry.ts',
        find: "throw new DrainError('REGISTRY_FULL', `thread ${threadId} finds all ${config.slots} slots taken`);",
        replace:
          "const generation = nextGeneration(generationOf(loadState(this.#arena, 0)));\n    Atomics.store(words, this.#arena.slot(0, SLOT.state), stateWord(generation, 'claimed'));\n    return { slot: 0, generation };",
      },
    ],
  },
  {
    name: 'last-slot-unused',
    what: 'The last slot is never given away.',
    requirement: 'THREAD-REGISTRY-FULL',
    phrase: 'could not register (REGISTRY_FULL) though',
    edits: [{ file: 'registry.ts', find: 'slot < config.slots;', replace: 'slot < config.slots - 1;' }],
  },
  {
    name: 'dead-dropped',
    what: 'declareDead() frees the slot, whatever its lanes hold.',
    requirement: 'THREAD-DEAD-DELIVERED',
    phrase: 'with threads that died',
    edits: [
      {
        file: 'drain-iterator.ts',
        find: "swapState(this.view, slot, generation, 'active', 'leaving') ||",
        replace: "swapState(this.view, slot, generation, 'active', 'free') ||",
      },
    ],
  },
  {
    name: 'dead-kept',
    what: 'declareDead() changes nothing.',
    requirement: 'THREAD-DEAD-DELIVERED',
    phrase: "a dead thread's slot was not reclaimed",
    edits: [
      {
        file: 'drain-iterator.ts',
        find: "swapState(this.view, slot, generation, 'active', 'leaving') ||",
        replace: "loadState(this.view, slot) === stateWord(generation, 'active') ||",
      },
    ],
  },
  {
    name: 'dead-owner-kept',
    what: 'The queue of a dead owner stays taken.',
    requirement: 'THREAD-DEAD-IN-SUBMIT',
    phrase: 'after a death inside a submit',
    edits: [{ file: 'drain-iterator.ts', find: 'takeOver(this.view, slot);', replace: '' }],
  },
  {
    name: 'dead-group-published',
    what: 'What a dead thread had staged is delivered.',
    requirement: 'THREAD-DEAD-IN-SUBMIT',
    phrase: 'never committed',
    edits: [
      {
        file: 'thread-handle.ts',
        find: 'this.#held = group;',
        replace: 'this.#held = group;\n    this.#index.publish();',
      },
    ],
  },
  {
    name: 'dead-owner-blocks',
    what: 'An iteration ends at the queue of a dead owner.',
    requirement: 'THREAD-DEAD-IN-SUBMIT',
    phrase: 'died inside a submit and blocks others',
    bug: 'bug 20',
    edits: [
      {
        file: 'drain-iterator.ts',
        find: 'turns.take(scheduler.select()!);',
        replace: 'turns.take(scheduler.select()!);\n      if (result.skips > 0) break;',
      },
    ],
  },
  {
    name: 'guesses-by-skips',
    what: 'A queue that was held for 200 iterations is taken over.',
    requirement: 'THREAD-NO-GUESS',
    phrase: 'the commit of a slow, live thread',
    edits: [
      {
        file: 'turns.ts',
        find: 'thread.skips += 1;',
        replace: 'thread.skips += 1;\n    if (thread.skipsInRow > 200) takeOver(this.#around.view, thread.slot);',
      },
      { file: 'turns.ts', find: 'import { release, tryAcquire }', replace: 'import { release, takeOver, tryAcquire }' },
    ],
  },
  {
    name: 'guesses-by-clock',
    what: 'A queue that is held after an hour is taken over, and its thread declared dead.',
    requirement: 'THREAD-NO-GUESS',
    phrase: 'of a slow, live thread',
    bug: 'bug 21',
    edits: [
      {
        file: 'turns.ts',
        find: 'thread.skips += 1;',
        replace: `thread.skips += 1;
    if (this.#around.environment.now() > 3_000_000_000_000n) {
      swapState(this.#around.view, thread.slot, thread.generation, 'active', 'leaving');
      noteChange(this.#around.view, thread.slot);
      takeOver(this.#around.view, thread.slot);
    }`,
      },
      { file: 'turns.ts', find: 'import { release, tryAcquire }', replace: 'import { release, takeOver, tryAcquire }' },
    ],
  },
  {
    name: 'final-drain-at-once',
    what: 'A final drain delivers everything in one visit.',
    requirement: 'THREAD-FINAL-BOUNDED',
    phrase: 'the final drain of leaving thread',
    edits: [
      { file: 'turns.ts', find: 'run(thread.credit)', replace: 'run(thread.isLeaving ? 2 ** 31 : thread.credit)' },
    ],
  },
  {
    name: 'reclaim-told-early',
    what: 'The reclaim is reported when the leaving is seen.',
    requirement: 'THREAD-EVENTS',
    phrase: 'was reported as reclaimed before its last batch',
    edits: [
      {
        file: 'discovery.ts',
        find: "this.report('leaving', thread);",
        replace: "this.report('leaving', thread);\n    this.report('reclaimed', thread);",
      },
      { file: 'turns.ts', find: "discovery.report('reclaimed', thread);", replace: '' },
    ],
  },
  {
    name: 'leaving-not-told',
    what: 'A thread that has left when it is seen first is not reported as leaving.',
    requirement: 'THREAD-EVENTS',
    phrase: 'the drain reported: registered, reclaimed',
    edits: [
      {
        file: 'discovery.ts',
        find: "this.report('registered', thread);",
        replace: "this.report('registered', thread);\n      thread.leaving = isState(word, 'leaving');",
      },
    ],
  },
  {
    name: 'final-drain-of-one-visit',
    what: 'A slot is freed after one visit of its final drain.',
    requirement: 'THREAD-CHURN',
    phrase: 'accepted and never delivered',
    edits: [
      {
        file: 'visit.ts',
        find: 'this.result.finished = this.#at.final && this.#isDrained();',
        replace: 'this.result.finished = this.#at.final;',
      },
    ],
  },
  {
    name: 'skips-one-at-the-wrap',
    what: 'The last event of a batch that reaches 2^32 is passed over.',
    requirement: 'THREAD-CHURN-AGED',
    phrase: 'accepted and never delivered',
    edits: [
      {
        file: 'visit.ts',
        find: "const taken = this.#hand('index', offered, lane.spans(head, offered));",
        replace:
          "const skipped = offered > 1 && head + offered > 0xffff_ffff ? 1 : 0;\n      const taken = this.#hand('index', offered - skipped, lane.spans(head, offered - skipped)) + skipped;",
      },
    ],
  },
  {
    name: 'published-in-eights',
    what: 'Accepted events are published eight at a time, and at leave().',
    requirement: 'THREAD-LANES-OUTLIVE',
    phrase: 'with threads that ended',
    bug: 'bug 34',
    edits: [
      {
        file: 'index-lane.ts',
        find: 'publish(): void {',
        replace: 'publish(force = false): void {\n    if (!force && (this.#staged & 7) !== 0) return;',
      },
      {
        file: 'thread-handle.ts',
        find: 'this.#left = true;',
        replace: 'this.#left = true;\n    this.#index.publish(true);',
      },
    ],
  },
  {
    name: 'terminated-dropped',
    what: 'The slot of a terminated thread is freed at once.',
    requirement: 'THREAD-KILLED-RUNNING',
    phrase: 'with threads that were terminated',
    racy: true,
    edits: [
      {
        file: 'drain-iterator.ts',
        find: "swapState(this.view, slot, generation, 'active', 'leaving') ||",
        replace: "swapState(this.view, slot, generation, 'active', 'free') ||",
      },
    ],
  },
  {
    name: 'silent-life-leaks',
    what: 'The slot of a thread that emitted nothing is never freed.',
    requirement: 'THREAD-SLOTS-PLATEAU',
    phrase: 'slots leak',
    bug: 'bug 25',
    edits: [
      {
        file: 'turns.ts',
        find: "swapState(view, slot, generation, 'drained', 'free');",
        replace: "if (thread.index.delivered > 0) swapState(view, slot, generation, 'drained', 'free');",
      },
    ],
  },
  {
    name: 'list-ends-at-a-gap',
    what: 'Threads behind a free slot are not looked at.',
    requirement: 'THREAD-STAYS-VISIBLE',
    phrase: 'registered early, others came and went',
    edits: [
      {
        file: 'discovery.ts',
        find: 'for (const slot of slots) {',
        replace: "for (const slot of slots) {\n      if (isState(loadState(this.#arena, slot), 'free')) break;",
      },
      {
        file: 'discovery.ts',
        find: 'return version === this.#version ? readySlots(this.#arena) : this.tracked.keys();',
        replace: 'return this.tracked.keys();',
      },
    ],
  },
  {
    name: 'neighbour-orphaned',
    what: 'When a thread is reclaimed, its neighbour is taken off the list too.',
    requirement: 'THREAD-STAYS-VISIBLE',
    phrase: 'registered early, others came and went',
    bug: 'bug 24',
    edits: [
      {
        file: 'discovery.ts',
        find: 'this.tracked[thread.slot] = undefined;',
        replace: `this.tracked[thread.slot] = undefined;
    const next = this.tracked[thread.slot + 1];
    if (next !== undefined) next.list ??= {};`,
      },
    ],
  },
];
