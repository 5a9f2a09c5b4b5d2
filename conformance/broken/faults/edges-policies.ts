import type { Fault } from '../fault.js';

/** Faults that show only under another policy, in a later iteration, after a change of limits, or beside detail and groups. */
export const FAULTS: readonly Fault[] = [
  {
    name: 'limit-visits-alternate',
    what: 'Every other iteration knows no limit of visits.',
    requirement: 'ITER-LIMIT-VISITS',
    phrase: 'visits, its limit is 3',
    edits: [
      {
        file: 'drain-iterator.ts',
        find: "if (maxIterationVisits > 0 && result.visits >= maxIterationVisits) return 'visits';",
        replace:
          "if (maxIterationVisits > 0 && result.visits >= maxIterationVisits && this.parts.counters.iterations % 2 === 0) return 'visits';",
      },
    ],
  },
  {
    name: 'limit-events-first',
    what: 'The limit of events holds in the first iteration only.',
    requirement: 'ITER-LIMIT-EVENTS',
    phrase: 'began a visit after',
    edits: [
      {
        file: 'drain-iterator.ts',
        find: 'result.delivered >= maxIterationEvents',
        replace: 'result.delivered >= maxIterationEvents && this.parts.counters.iterations === 0',
      },
    ],
  },
  {
    name: 'limit-time-total',
    what: "The limit of time counts from the drain's first iteration on.",
    requirement: 'ITER-LIMIT-TIME',
    phrase: 'was cut after',
    edits: [
      {
        file: 'drain-iterator.ts',
        find: 'this.environment.now() - started >= BigInt(maxIterationNs)',
        replace: 'this.environment.now() - ((this as any).first ??= started) >= BigInt(maxIterationNs)',
      },
    ],
  },
  {
    name: 'policy-no-detail',
    what: 'Detail is delivered under round-robin only.',
    requirement: 'LANE-MARKED-ONCE',
    phrase: 'is marked and sealed, and its events',
    edits: [
      {
        file: 'visit.ts',
        find: '    const due = thread.dueDetail(this.#at.final, this.#at.detailTail);',
        replace:
          "    const due = this.policy === 'round-robin' ? thread.dueDetail(this.#at.final, this.#at.detailTail) : 0;",
      },
      {
        file: 'visit.ts',
        find: `    this.#sink = sink;
`,
        replace: `    this.#sink = sink;
    this.policy = (config as any).policy;
`,
      },
      {
        file: 'visit.ts',
        find: `  readonly #sink: Sink;
`,
        replace: `  readonly #sink: Sink;
  policy = '';
`,
      },
    ],
  },
  {
    name: 'adaptive-partial-loss',
    what: 'Under adaptive a batch that was taken in part is released whole.',
    requirement: 'SINK-PARTIAL',
    phrase: 'after a batch was taken in part',
    edits: [
      {
        file: 'visit.ts',
        find: 'if (taken > 0) lane.release(head, taken);',
        replace: 'if (taken > 0) lane.release(head, this.#batch === Infinity ? taken : offered);',
      },
    ],
  },
  {
    name: 'wf-no-backoff',
    what: 'Nobody backs off but under round-robin.',
    requirement: 'SINK-BACKS-OFF',
    phrase: 'no back-off',
    edits: [
      {
        file: 'turns.ts',
        find: 'if (thread.backoff > 0 && this.#mode.limited) {',
        replace: "if (thread.backoff > 0 && this.#mode.limited && scheduler.config.policy === 'round-robin') {",
      },
    ],
  },
  {
    name: 'adaptive-early-reclaim',
    what: 'Under adaptive a thread that left is reclaimed after one visit.',
    requirement: 'THREAD-LEAVE-DELIVERS',
    phrase: 'with threads that leave',
    edits: [
      {
        file: 'turns.ts',
        find: 'if (done.finished) {',
        replace: "if (done.finished || (scheduler.config.policy === 'adaptive' && thread.isLeaving)) {",
      },
    ],
  },
  {
    name: 'wf-restart',
    what: 'Under weighted fair and adaptive an iteration after a cut begins at the lowest slot.',
    requirement: 'ITER-CONTINUES',
    phrase: 'had no turn when the last one was cut short',
    edits: [
      {
        file: 'scheduler.ts',
        find: '  shareOf({ weight }: T): number {',
        replace: `  restart(): void { const all = [...this.waiting()] as any[]; if (this.#config.policy !== 'weighted-fair' && this.#config.policy !== 'adaptive') return; for (const t of all) t.list.remove(t); for (const t of all.sort((a, b) => a.slot - b.slot)) this.#levels[0]!.push(t); }
  shareOf({ weight }: T): number {`,
      },
      {
        file: 'drain-iterator.ts',
        find: `    this.#endBusy();
    return result;`,
        replace: `    if (result.truncated !== 'no') scheduler.restart();
    this.#endBusy();
    return result;`,
      },
    ],
  },
  {
    name: 'priority-no-event-limit',
    what: 'Under priority the limit of events does not hold.',
    requirement: 'ITER-LIMIT-EVENTS',
    phrase: 'began a visit after',
    edits: [
      {
        file: 'drain-iterator.ts',
        find: 'if (maxIterationEvents > 0 && result.delivered',
        replace: "if (maxIterationEvents > 0 && this.config.policy !== 'priority' && result.delivered",
      },
    ],
  },
  {
    name: 'batch-limit-index-only',
    what: 'Batches of the detail lane know no limit.',
    requirement: 'FAIR-ADAPTIVE-RANGE',
    phrase: 'a batch of thread',
    edits: [
      {
        file: 'visit.ts',
        find: 'const offered = Math.min(left, visible - released, this.#batch);',
        replace: 'const offered = Math.min(left, visible - released);',
      },
    ],
  },
  {
    name: 'adaptive-by-hand-batch',
    what: 'Batches of a final drain know no limit.',
    requirement: 'FAIR-ADAPTIVE-RANGE',
    phrase: 'a batch of thread',
    edits: [
      {
        file: 'visit.ts',
        find: 'const offered = Math.min(left, this.#batch);',
        replace: 'const offered = Math.min(left, this.#at.final ? Infinity : this.#batch);',
      },
    ],
  },
  {
    name: 'adaptive-weights-detail',
    what: 'Detail that is due does not count for the size of visits.',
    requirement: 'FAIR-ADAPTIVE-FOLLOWS',
    phrase: 'visits do not follow the load',
    edits: [
      {
        file: 'turns.ts',
        find: 'this.#meter?.countVisit(done.pending);',
        replace: 'this.#meter?.countVisit(done.pending - thread.dueDetail(false));',
      },
    ],
  },
  {
    name: 'acquire-leaving',
    what: 'tryAcquireDrain is false for a thread that is leaving.',
    requirement: 'QUEUE-TRY-NONBLOCKING',
    phrase: 'which is leaving',
    edits: [
      {
        file: 'drain-iterator.ts',
        find: 'if (thread === undefined || !tryAcquire',
        replace: 'if (thread === undefined || thread.isLeaving || !tryAcquire',
      },
    ],
  },
  {
    name: 'configure-ignores-limits',
    what: 'configure() changes policy and quantum, and no limit.',
    requirement: 'FAIR-RECONFIGURE',
    phrase: 'since it was changed',
    edits: [
      {
        file: 'drain-iterator.ts',
        find: '    this.#config = this.#nextConfig;',
        replace: `    const { maxSkips, maxIterationEvents, maxIterationNs, maxBackoffIterations, stuckAfterNs, fairnessWindowVisits, ageAfter } = this.#config;
    this.#config = { ...this.#nextConfig, maxSkips, maxIterationEvents, maxIterationNs, maxBackoffIterations, stuckAfterNs, fairnessWindowVisits, ageAfter };`,
      },
    ],
  },
  {
    name: 'postroll-at-group',
    what: 'Windows that a group opens do not count for the post-roll.',
    requirement: 'LANE-POST-ROLL',
    phrase: 'the windows after a mark',
    edits: [
      {
        file: 'thread-handle.ts',
        find: 'for (const record of group.detail) this.#detail.stage(record);',
        replace: `const rollBefore = Atomics.load(this.#arena.words, this.#arena.slot(this.slot, SLOT.postRollLeft));
    for (const record of group.detail) this.#detail.stage(record);
    Atomics.store(this.#arena.words, this.#arena.slot(this.slot, SLOT.postRollLeft), rollBefore);`,
      },
    ],
  },
  {
    name: 'mark-forgets-held-windows',
    what: 'A mark does not reach back to windows that a group filled.',
    requirement: 'LANE-PRE-ROLL',
    phrase: 'the windows before a mark',
    edits: [
      {
        file: 'detail-writer.ts',
        find: `for (const window of this.#full) this.#seal(window);
    this.#full = [];`,
        replace: `for (const window of this.#full) this.#seal(window);
    if (this.#full.length > 1) for (const window of this.#full) if (this.#windows.state(window) === WINDOW_STATE.sealed) Atomics.store(this.#arena.words, (this.#windows as any).word0(window), 0x12345678 | 0);
    this.#full = [];`,
      },
      {
        file: 'window.ts',
        find: '  #word(window: number, offset: number): number {',
        replace: `  word0(window: number): number { return this.#word(window, WINDOW.sequence); }
  #word(window: number, offset: number): number {`,
      },
    ],
  },
  {
    name: 'dead-unmarked',
    what: 'The open window of a dead thread is delivered, marked or not.',
    requirement: 'LANE-UNMARKED-KEPT',
    phrase: 'which was never marked',
    edits: [
      {
        file: 'drain-iterator.ts',
        find: 'takeOver(this.view, slot);',
        replace:
          "takeOver(this.view, slot); (this.view as any).dead ??= new Set(); (this.view as any).dead.add(slot + ':' + generation);",
      },
      {
        file: 'thread-drain-state.ts',
        find: 'return final ? [WINDOW_STATE.sealedMarked, WINDOW_STATE.openMarked] : [WINDOW_STATE.sealedMarked];',
        replace: `if (final && (this.#arena as any).dead?.has(this.slot + ':' + this.generation)) return [WINDOW_STATE.sealedMarked, WINDOW_STATE.openMarked, WINDOW_STATE.open];
    return final ? [WINDOW_STATE.sealedMarked, WINDOW_STATE.openMarked] : [WINDOW_STATE.sealedMarked];`,
      },
    ],
  },
  {
    name: 'stuck-after-as-it-began',
    what: 'stuckAfterNs stays what the drain was made with.',
    requirement: 'QUEUE-STUCK',
    phrase: 'was not reported as stuck',
    edits: [
      {
        file: 'drain-iterator.ts',
        find: '    this.#config = this.#nextConfig;',
        replace: '    this.#config = { ...this.#nextConfig, stuckAfterNs: this.#config.stuckAfterNs };',
      },
    ],
  },
  {
    name: 'max-skips-as-it-began',
    what: 'maxSkips stays what the drain was made with.',
    requirement: 'FAIR-RECONFIGURE',
    phrase: 'quantum and maxSkips allow',
    edits: [
      {
        file: 'drain-iterator.ts',
        find: '    this.#config = this.#nextConfig;',
        replace: '    this.#config = { ...this.#nextConfig, maxSkips: this.#config.maxSkips };',
      },
    ],
  },
  {
    name: 'time-limit-as-it-began',
    what: 'maxIterationNs stays what the drain was made with.',
    requirement: 'FAIR-RECONFIGURE',
    phrase: 'maxIterationNs is 1500 since',
    edits: [
      {
        file: 'drain-iterator.ts',
        find: '    this.#config = this.#nextConfig;',
        replace: '    this.#config = { ...this.#nextConfig, maxIterationNs: this.#config.maxIterationNs };',
      },
    ],
  },
];
