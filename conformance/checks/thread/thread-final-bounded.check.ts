// THREAD-FINAL-BOUNDED: The final drain of a leaving thread with a large backlog proceeds in quanta: every
// other backlogged thread is visited in every iteration meanwhile.
import fc from 'fast-check';
import type { ScenarioInput } from '../../../spec/index.js';
import { defineCheck } from '../../check.js';
import { analyse, delivering, findLoss, findUnservedThreads, finding, visitsOf } from '../../checkers/index.js';
import { emit, leave, mark, register, settle, stepped, threads, turn } from '../../scenarios/build.js';

/** Threads with the same large backlog; one of them leaves after some iterations. */
const scenario = (n: number, leaver: number, quantum: number, turns: number): ScenarioInput =>
  stepped(
    { detailCapacity: 0, quantum },
    ...threads(n).flatMap((id) => [register(id), emit(id, 'index', quantum * 25)]),
    ...(turns === 0 ? [] : [turn(turns)]),
    leave(leaver),
    turn(10),
    settle(4096),
  );

export default defineCheck({
  id: 'THREAD-FINAL-BOUNDED',
  scenarios: [scenario(4, 2, 8, 1), scenario(4, 1, 8, 0), scenario(3, 3, 32, 3)],
  also: [
    {
      needs: ['detail'],
      scenarios: [
        // what is left in the detail lane goes in quanta too
        stepped(
          { quantum: 8, detailCapacity: 128, windowRecords: 4, detailRecordBytes: 64, preRoll: 32 },
          ...threads(3).flatMap((id) => [register(id), emit(id, 'index', 200)]),
          ...[emit(2, 'detail', 100), mark(2), turn(), leave(2), turn(10), settle(4096)],
        ),
      ],
    },
  ],
  generated: {
    arbitrary: fc
      .tuple(fc.integer({ min: 2, max: 5 }), fc.nat(4), fc.integer({ min: 1, max: 24 }), fc.nat(4))
      .map(([n, leaver, quantum, turns]) => scenario(n, 1 + (leaver % n), quantum, turns)),
    runs: 40,
  },
  judge(history) {
    const left = history.findIndex((record) => record.type === 'leave' && record.outcome === 'accepted');
    const leave = history[left];
    if (leave?.type !== 'leave') return { inconclusive: 'no thread left' };
    return delivering(history, () => {
      const { thread: leaver } = leave;
      const quantum = analyse(history).config('quantum', 256);
      const final = visitsOf(history).filter(({ thread, records }) => thread === leaver && records[0]! > left);
      const hogs = final
        .map(({ index, detail, records }) => ({ taken: index + detail, records }))
        .filter(({ taken }) => taken > quantum)
        .map(({ taken, records }) =>
          finding(
            'final',
            `the final drain of leaving thread ${leaver} delivered ${taken} events in one visit, the quantum is ${quantum}`,
            `at most ${quantum}`,
            `${taken}`,
            records,
          ),
        );
      const starved = findUnservedThreads(history).map((fault) => ({
        ...fault,
        message: `beside the final drain of thread ${leaver}: ${fault.message}`,
      }));
      const found = [...hogs, ...starved, ...findLoss(history)];
      return found.length > 0 || final.length > 1 ? found : { inconclusive: 'the final drain was one visit' };
    });
  },
});
