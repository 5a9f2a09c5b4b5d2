// LANE-SEAL: A marked window is not drained while it is open; it is sealed when it is full, on seal(), and by
// the final drain.
import { defineCheck } from '../../check.js';
import { analyse, findWindowFaults, windowsOf } from '../../checkers/index.js';
import { mixed } from '../../scenarios/arbitrary.js';
import { emit, leave, mark, register, seal, settle, stepped, stop, submit, turn } from '../../scenarios/build.js';

const CONFIG = { detailRecordBytes: 64, detailCapacity: 16, windowRecords: 4, preRoll: 0, postRoll: 0 };

export default defineCheck({
  id: 'LANE-SEAL',
  scenarios: [
    // open: stays; full: goes
    stepped(CONFIG, register(1), mark(1), emit(1, 'detail', 3), turn(3), emit(1, 'detail', 1), settle(4096)),
    // sealed by hand: goes; sealing nothing changes nothing
    stepped(
      CONFIG,
      register(1),
      seal(1),
      mark(1),
      emit(1, 'detail', 2),
      turn(3),
      seal(1),
      settle(4096),
      seal(1),
      emit(1, 'detail', 1),
      settle(4096),
    ),
    // sealed by the final drain, of a thread and of stop()
    stepped(CONFIG, register(1), mark(1), emit(1, 'detail', 3), turn(3), stop()),
    stepped(CONFIG, register(1), mark(1), emit(1, 'detail', 3), turn(3), leave(1), settle(4096)),
  ],
  also: [
    {
      needs: ['submit'],
      scenarios: [
        // a group fills several windows, and each of them goes
        stepped(
          { ...CONFIG, windowRecords: 2, postRoll: 4 },
          ...[register(1), mark(1), submit(1, 7, 7), settle(4096), submit(1, 1, 1), settle(4096)],
        ),
      ],
    },
  ],
  generated: { arbitrary: mixed({ detail: true, leaves: true }), runs: 80 },
  judge(history) {
    const threads = analyse(history)
      .lanes.filter(({ lane }) => lane === 'detail')
      .map(({ thread }) => thread);
    const marked = threads.flatMap((thread) => windowsOf(history, thread)).filter((window) => window.marked === 'yes');
    if (!marked.some(({ sealedBy }) => sealedBy !== undefined)) return { inconclusive: 'no marked window was sealed' };
    return findWindowFaults(history);
  },
});
