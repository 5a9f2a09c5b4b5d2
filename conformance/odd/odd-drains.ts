/** Sound drains that go about it in another way: each must pass every requirement that it claims. */
import type { Variant } from '../broken/fault.js';
import { ODD_HANDLES } from './odd-handles.js';
import { ODD_TURNS } from './odd-turns.js';
import { SORTABLE_LISTS } from '../broken/edits.js';

export const ODD_DRAINS: readonly Variant[] = [
  ...ODD_TURNS,
  ...ODD_HANDLES,
  {
    name: 'one-event-a-visit',
    what: 'A visit takes one event per unit of weight, whatever the quantum; skipped turns are made up in one longer visit.',
    without: ['adaptive'],
    edits: [
      { file: 'scheduler.ts', find: 'return this.#sizes?.quantum ?? this.#config.quantum;', replace: 'return 1;' },
    ],
  },
  {
    name: 'make-up-visits',
    what: 'No visit is longer than one turn: skipped turns are made up in further visits at the end of an iteration.',
    edits: [
      {
        file: 'turns.ts',
        find: '.run(thread.credit);',
        replace: '.run(Math.min(thread.credit, scheduler.turnOf(thread)));',
      },
      {
        file: 'turns.ts',
        find: '  #skip(thread: ThreadDrainState)',
        replace: `  /** One more visit for a turn that is owed. */
  makeUp(thread) {
    const { view, scheduler } = this.#around;
    const owes = thread.list !== undefined && thread.backoff === 0 && thread.credit >= scheduler.turnOf(thread);
    if (!owes || !tryAcquire(view, thread.slot)) return;
    thread.list.remove(thread);
    this.#visit(thread);
  }

  #skip(thread: ThreadDrainState)`,
      },
      {
        file: 'drain-iterator.ts',
        find: '    const tookNs =',
        replace: `    for (const thread of scheduler.owed()) {
      if (result.truncated !== 'no' || (mode.limited && this.#limit(result, started) !== 'no')) break;
      turns.makeUp(thread);
    }
    const tookNs =`,
      },
      {
        file: 'scheduler.ts',
        find: '  shareOf(',
        replace: `  /** Events of one turn. */
  turnOf(thread) {
    return this.shareOf(thread) * this.quantum;
  }

  /** Who had a turn and has credit for more: once for each turn that is owed. */
  owed() {
    return [...this.waiting()].flatMap((thread) =>
      thread.skipsInRow > 0 ? [] : Array(Math.floor(thread.credit / this.turnOf(thread))).fill(thread),
    );
  }

  shareOf(`,
      },
    ],
  },
  {
    name: 'reverse-order',
    what: 'An iteration visits the slots from the highest to the lowest.',
    edits: [
      {
        file: 'drain-iterator.ts',
        find: '    discovery.discover();',
        replace: '    discovery.discover();\n    scheduler.reverse();',
      },
      {
        file: 'drain-iterator.ts',
        find: '    window.endIteration();',
        replace: "    window.endIteration();\n    scheduler.cut = result.truncated !== 'no';",
      },
      {
        file: 'scheduler.ts',
        find: '  /** Adds the credit of one turn. */',
        replace: `  cut = false;

  /** Those who were promoted stay in front; after an iteration that was cut short the order stays as it is. */
  reverse() {
    if (!this.cut) for (const line of [this.#finals, ...this.#levels]) line.sort((a, b) => b.slot - a.slot);
  }

  /** Adds the credit of one turn. */`,
      },
      SORTABLE_LISTS,
    ],
  },
  {
    name: 'long-batches',
    what: 'Marked windows that lie side by side are handed over in one batch, across the end of the lane too.',
    edits: [
      {
        file: 'visit.ts',
        find: '    this.#sink = sink;',
        replace: '    this.#sink = sink;\n    this.arena = arena;',
      },
      {
        file: 'visit.ts',
        find: `      const taken = this.#hand('detail', offered, [windows.span(window, released, offered)]);
      windows.setReleased(window, released + taken);
      this.#thread.detail.delivered += taken;
      // A window that was sealed after the snapshot has records above it: it stays until they are delivered too.
      const whole = this.#at.final ? visible : windows.written(window);
      if (released + taken === whole) windows.setState(window, WINDOW_STATE.free);
      if (taken < offered) return;
      left -= taken;`,
        replace: `      const parts = [{ window, released, visible, offered }];
      const spans = [windows.span(window, released, offered)];
      const most = Math.min(left, this.#batch);
      const all = () => parts.reduce((sum, part) => sum + part.offered, 0);
      for (let last = parts[0]; all() < most && last.offered === this.arena.config.windowRecords - last.released; ) {
        const next = (last.window + 1) % windows.count;
        const fresh = next !== window && this.#thread.dueStates(this.#at.final).includes(windows.state(next));
        if (!fresh || windows.sequence(next) !== (windows.sequence(last.window) + 1) >>> 0) break;
        const seen = windows.visible(next, this.#at.detailTail);
        if (seen === 0 || windows.released(next) > 0) break;
        last = { window: next, released: 0, visible: seen, offered: Math.min(most - all(), seen) };
        parts.push(last);
        const before = spans[spans.length - 1];
        const more = windows.span(next, 0, last.offered);
        if (before.byteOffset + before.length !== more.byteOffset) spans.push(more);
        else spans[spans.length - 1] = new Uint8Array(before.buffer, before.byteOffset, before.length + more.length);
      }
      const asked = all();
      const taken = this.#hand('detail', asked, spans);
      this.#thread.detail.delivered += taken;
      let rest = taken;
      for (const part of parts) {
        const got = Math.min(rest, part.offered);
        rest -= got;
        windows.setReleased(part.window, part.released + got);
        const whole = this.#at.final ? part.visible : windows.written(part.window);
        if (part.released + got === whole) windows.setState(part.window, WINDOW_STATE.free);
      }
      if (taken < asked) return;
      left -= taken;`,
      },
    ],
  },
  {
    name: 'small-writes',
    what: 'A visit hands its events over two by two.',
    edits: [
      {
        file: 'visit.ts',
        find: 'const offered = Math.min(left, this.#batch);',
        replace: 'const offered = Math.min(left, this.#batch, 2);',
      },
      {
        file: 'visit.ts',
        find: 'const offered = Math.min(left, visible - released, this.#batch);',
        replace: 'const offered = Math.min(left, visible - released, this.#batch, 2);',
      },
    ],
  },
  {
    name: 'detail-first',
    what: 'A visit hands over the detail before the index events.',
    edits: [
      {
        file: 'visit.ts',
        find: 'if (this.#deliverIndex(index)) this.#deliverDetail(Math.min(due, allowance - index));',
        replace: 'if (this.#deliverDetail(Math.min(due, allowance - index))) this.#deliverIndex(index);',
      },
      { file: 'visit.ts', find: '#deliverDetail(count: number): void {', replace: '#deliverDetail(count) {' },
      {
        file: 'visit.ts',
        find: `if (taken < offered) return;
      left -= taken;
    }`,
        replace: `if (taken < offered) return false;
      left -= taken;
    }
    return true;`,
      },
    ],
  },
  {
    name: 'index-first',
    what: 'Detail has only what the index events leave of a visit.',
    edits: [
      {
        file: 'visit.ts',
        find: 'Math.min(pending, allowance - Math.min(due, Math.floor(allowance / 2)))',
        replace: 'Math.min(pending, allowance)',
      },
    ],
  },
  {
    name: 'one-index-a-visit',
    what: 'While detail is due a visit takes one index event and leaves the rest to the detail.',
    edits: [
      {
        file: 'visit.ts',
        find: 'Math.min(pending, allowance - Math.min(due, Math.floor(allowance / 2)))',
        replace: 'Math.min(pending, Math.max(1, allowance - due))',
      },
    ],
  },
  {
    name: 'half-capacity',
    what: 'An index lane is full when it holds half of what was configured; drain.config says so.',
    edits: [
      {
        file: 'index-lane.ts',
        find: 'const free = this.#mask + 1 - count;',
        replace: 'const free = (this.#mask + 1) / 2 - count;',
      },
      {
        file: 'drain-iterator.ts',
        find: 'return this.#config;',
        replace: 'return { ...this.#config, indexCapacity: this.#config.indexCapacity / 2 };',
      },
    ],
  },
  {
    name: 'one-place-free',
    what: 'A ring that keeps one place free to tell full from empty; drain.config says so.',
    edits: [
      {
        file: 'index-lane.ts',
        find: 'const free = this.#mask + 1 - count;',
        replace: 'const free = this.#mask - count;',
      },
      {
        file: 'drain-iterator.ts',
        find: 'return this.#config;',
        replace: 'return { ...this.#config, indexCapacity: this.#config.indexCapacity - 1 };',
      },
    ],
  },
  {
    name: 'no-detail-lane',
    what: 'There is no detail lane, whatever was configured.',
    without: ['detail'],
    edits: [
      {
        file: 'index.ts',
        find: 'return new DrainIterator(options);',
        replace: 'return new DrainIterator({ ...options, config: { ...options.config, detailCapacity: 0 } });',
      },
    ],
  },
  {
    name: 'copies-late',
    what: 'Records are copied into one buffer just before the write, which is wiped as soon as the write returns.',
    edits: [
      {
        file: 'visit.ts',
        find: 'const taken = offer(this.#sink, { threadId, slot, generation, lane, recordBytes, count, spans });',
        replace: `const copy = Buffer.concat(spans);
    const own = new Uint8Array(copy.buffer, copy.byteOffset, copy.length);
    const taken = offer(this.#sink, { threadId, slot, generation, lane, recordBytes, count, spans: [own] });
    own.fill(0xee);`,
      },
    ],
  },
  {
    name: 'jumping-clock',
    what: 'Between calls the clock that the drain reads jumps, seconds forwards and back: how long a queue is held it cannot say.',
    without: ['stuck-queues'],
    edits: [
      {
        file: 'drain-iterator.ts',
        find: 'this.environment = options.environment ?? REAL_TIME;',
        replace: `const real = options.environment ?? REAL_TIME;
    this.environment = { now: () => real.now() + this.jump, pause: (ns) => real.pause(ns) };`,
      },
      {
        file: 'drain-iterator.ts',
        find: '  drainIteration(): IterationResult {',
        replace: `  jump = 0n;
  #calls = 0n;

  #jump() {
    this.#calls += 1n;
    this.jump = (this.#calls % 2n === 0n ? -1n : 1n) * this.#calls * 3_000_000_000n;
  }

  drainIteration(): IterationResult {
    if (!this.#busy) this.#jump();`,
      },
      {
        file: 'drain-iterator.ts',
        find: '    return stopDrain(this, deadlineNs);',
        replace: '    this.#jump();\n    return stopDrain(this, deadlineNs);',
      },
    ],
  },
  {
    name: 'reclaims-later',
    what: 'A slot is reclaimed by a visit of its own, after the visit that delivered the last events.',
    edits: [
      {
        file: 'visit.ts',
        find: 'this.result.finished = this.#at.final && this.#isDrained();',
        replace: 'this.result.finished = this.#at.final && this.result.delivered === 0 && this.#isDrained();',
      },
    ],
  },
  {
    name: 'other-numbers',
    what: 'Slots are given out from the top, and generations go up in steps of seven.',
    edits: [
      {
        file: 'registry.ts',
        find: 'for (let slot = 0; slot < config.slots; slot += 1) {',
        replace: 'for (let slot = config.slots - 1; slot >= 0; slot -= 1) {',
      },
      {
        file: 'slot-state.ts',
        find: 'return (generation + 1) & GENERATION_MASK || 1;',
        replace: 'return (generation + 7) & GENERATION_MASK || 7;',
      },
    ],
  },
  {
    name: 'visits-everybody',
    what: 'An iteration visits every thread, whether or not it has work, and counts these visits; who has work in a window it cannot say.',
    without: ['fairness-metrics'],
    edits: [
      {
        file: 'discovery.ts',
        find: 'if (thread?.hasWork !== true) return false;',
        replace: 'if (thread === undefined) return false;',
      },
      {
        file: 'discovery.ts',
        find: 'return version === this.#version ? readySlots(this.#arena) : this.tracked.keys();',
        replace: 'return this.tracked.keys();',
      },
    ],
  },
];
