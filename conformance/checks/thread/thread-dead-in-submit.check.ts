// THREAD-DEAD-IN-SUBMIT: A thread that dies between begin and commit of a submit blocks nobody: others are
// drained; once it is declared dead, its published events are delivered, its uncommitted ones never.
import { defineCheck } from '../../check.js';
import {
  acknowledged,
  delivering,
  findGroupFaults,
  findLoss,
  findPhantoms,
  finding,
  recordsOf,
} from '../../checkers/index.js';
import { begin, declareDead, emit, kill, register, settle, stepped, turn } from '../../scenarios/build.js';

export default defineCheck({
  id: 'THREAD-DEAD-IN-SUBMIT',
  scenarios: [
    stepped(
      { detailCapacity: 0, slots: 2 },
      register(1),
      register(2),
      emit(1, 'index', 5),
      begin(1, 3),
      kill(1),
      emit(2, 'index', 10),
      turn(10),
      declareDead(1),
      settle(4096),
      register(3),
      emit(3, 'index', 4),
      settle(4096),
    ),
  ],
  judge(history) {
    return delivering(history, () => {
      const dead = history.findIndex(({ type }) => type === 'dead');
      if (!recordsOf(history, 'submit').some(({ record }) => record.outcome === 'accepted'))
        return { inconclusive: 'the thread did not die inside a submit' };
      const others = acknowledged(history, { thread: 2, before: dead });
      const blocked =
        others > 0
          ? []
          : [
              finding(
                'dead-submit',
                'a thread that died inside a submit blocked thread 2',
                'other threads drained',
                'nothing delivered',
                [dead],
              ),
            ];
      const next = recordsOf(history, 'register').find(({ record }) => record.thread === 3);
      const held =
        next?.record.outcome === 'accepted'
          ? []
          : [
              finding(
                'dead-submit',
                'the slot of a thread that died inside a submit was not reclaimed',
                'accepted',
                next?.record.outcome ?? 'nothing',
                [dead, next?.at ?? dead],
              ),
            ];
      const rest = [...findGroupFaults(history), ...findPhantoms(history), ...findLoss(history)].map((fault) => ({
        ...fault,
        message: `after a death inside a submit: ${fault.message}`,
      }));
      return [...blocked, ...held, ...rest];
    });
  },
});
