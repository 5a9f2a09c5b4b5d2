/** Faults that the STOP requirements catch. */
import type { Fault } from '../fault.js';

export const FAULTS: readonly Fault[] = [
  {
    name: 'stops-after-one-pass',
    what: 'stop() makes one pass and calls itself complete.',
    requirement: 'STOP-DELIVERS-ALL',
    phrase: 'says it is not complete',
    edits: [
      {
        file: 'stop.ts',
        find: '    if (Number(environment.now() - started) >= deadlineNs) break;\n',
        replace: '    if (delivered >= 0) break;\n',
      },
    ],
  },
  {
    name: 'emits-after-stop',
    what: 'A handle looks at nothing but whether its own thread left.',
    requirement: 'STOP-REJECTS-LATER',
    phrase: 'came after stop()',
    edits: [
      {
        file: 'thread-handle.ts',
        find: "    if (this.#left) return 'THREAD_LEFT';\n    if (loadState(this.#arena, this.slot) !== this.#active) return this.#gone();",
        replace: "    if (this.#left) return 'THREAD_LEFT';",
      },
      {
        file: 'thread-handle.ts',
        find: '    if (word === this.#active) return false;\n',
        replace: '    if (word !== 0) return false;\n',
      },
    ],
  },
  {
    name: 'left-forgotten',
    what: 'stop() says that nothing is left when it gives up.',
    requirement: 'STOP-DEADLINE',
    phrase: 'stop() gave up and says it left 0',
    edits: [
      {
        file: 'stop.ts',
        find: '    leftIndex += distance(closedTail(view, slot, SLOT.indexClose, lane.tail), lane.head);\n',
        replace: '    leftIndex += 0 * distance(closedTail(view, slot, SLOT.indexClose, lane.tail), lane.head);\n',
      },
    ],
  },
  {
    name: 'leavers-dropped',
    what: 'A thread that left by itself is freed undrained when stop() comes.',
    requirement: 'STOP-RACES-LEAVE',
    phrase: 'a thread left while stop() ran',
    bug: 'bug 18',
    edits: [
      {
        file: 'stop.ts',
        find: "if (isState(word, 'leaving')) setReady(view, slot);",
        replace:
          "if (isState(word, 'leaving') && swapState(view, slot, generationOf(word), 'leaving', 'drained')) swapState(view, slot, generationOf(word), 'drained', 'free');",
      },
    ],
  },
  {
    name: 'open-windows-forgotten',
    what: 'The final drain looks at sealed windows only.',
    requirement: 'STOP-SEALS-DETAIL',
    phrase: 'stop() and the open windows',
    edits: [
      {
        file: 'thread-drain-state.ts',
        find: '    return final ? [WINDOW_STATE.sealedMarked, WINDOW_STATE.openMarked] : [WINDOW_STATE.sealedMarked];',
        replace: '    return final ? [WINDOW_STATE.sealedMarked] : [WINDOW_STATE.sealedMarked];',
      },
    ],
  },
  {
    name: 'no-second-look',
    what: 'An emit does not look again after it published.',
    requirement: 'STOP-UNDER-LOAD',
    phrase: 'accepted and never delivered',
    racy: true,
    edits: [
      {
        file: 'thread-handle.ts',
        find: '    if (word === this.#active) return false;\n',
        replace: '    if (word !== 0) return false;\n',
      },
    ],
  },
  {
    name: 'second-stop-gives-up',
    what: 'A stop() after an incomplete one does nothing.',
    requirement: 'STOP-TWICE',
    phrase: 'a second stop() is not complete',
    edits: [
      {
        file: 'stop.ts',
        find: '  while (!isEmpty(drain)) {',
        replace: '  while (!isEmpty(drain) && !drain.stoppedBefore) {',
      },
      {
        file: 'stop.ts',
        find: '  setStopState(drain, STOP_STATE.stopped);\n',
        replace: `  setStopState(drain, STOP_STATE.stopped);
  drain.stoppedBefore = true;
`,
      },
      {
        file: 'drain-iterator.ts',
        find: '  readonly parts: Surroundings;',
        replace: '  readonly parts: Surroundings;\n  stoppedBefore = false;',
      },
    ],
  },
  {
    name: 'stop-waits-for-leavers',
    what: 'stop() sends nobody away: it waits until all have left by themselves.',
    requirement: 'STOP-DELIVERS-ALL',
    phrase: 'says it is not complete',
    bug: 'bug 16',
    edits: [
      { file: 'stop.ts', find: '    sendAway(drain); //', replace: '    if (delivered < 0) sendAway(drain); //' },
    ],
  },
];
