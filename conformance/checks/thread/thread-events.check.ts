// THREAD-EVENTS: The drain reports each thread’s registration, leaving and reclaim exactly once each, in this
// order, the last one after its last batch.
import { defineCheck } from '../../check.js';
import { analyse, delivering, finding, recordsOf } from '../../checkers/index.js';
import { lives } from '../../scenarios/arbitrary-thread.js';
import {
  declareDead,
  emit,
  kill,
  leave,
  register,
  settle,
  stepped,
  steppedWith,
  stop,
  threads,
  turn,
} from '../../scenarios/build.js';

const ORDER = ['registered', 'leaving', 'reclaimed'];

export default defineCheck({
  id: 'THREAD-EVENTS',
  scenarios: [
    stepped(
      { detailCapacity: 0, quantum: 4 },
      ...[register(1), register(2), register(3), emit(1, 'index', 9), turn(), leave(1), turn(), settle(4096)],
      ...[leave(2), settle(4096), register(4), emit(4, 'index', 9), leave(4), settle(4096)],
    ),
    stepped({ detailCapacity: 0 }, register(1), emit(1, 'index', 2), stop()),
    // thread 2 leaves while thread 1 is visited: it is noticed and reclaimed in one iteration
    steppedWith(
      { detailCapacity: 0 },
      { 0: [leave(2)] },
      ...[register(1), register(2), emit(1, 'index', 1), emit(2, 'index', 1), settle(64)],
    ),
  ],
  also: [
    {
      needs: ['movable-handles'], // or each of so many would need a thread of its own
      scenarios: [
        // slots that a byte does not hold
        stepped(
          { detailCapacity: 0, slots: 300, indexCapacity: 4 },
          ...[...threads(300).flatMap((id) => [register(id), emit(id, 'index', 1)]), turn()],
          ...[2, 257, 299].map(leave),
          settle(64),
        ),
      ],
    },
    {
      needs: ['death'],
      scenarios: [
        stepped(
          { detailCapacity: 0, quantum: 4 },
          ...[register(1), register(2), emit(1, 'index', 9), turn(), kill(1), declareDead(1), settle(4096)],
          ...[register(3), emit(3, 'index', 1), kill(3), declareDead(3), leave(2), settle(4096)],
        ),
      ],
    },
  ],
  generated: { arbitrary: lives({ nested: true }), runs: 120 },
  judge(history) {
    return delivering(history, () => {
      const { registrations } = analyse(history);
      const events = recordsOf(history, 'thread-event');
      const stopped = recordsOf(history, 'stop').length > 0;
      const left = new Set(
        [...recordsOf(history, 'leave'), ...recordsOf(history, 'dead')]
          .filter(({ record }) => record.outcome === 'accepted')
          .map(({ record }) => record.thread),
      );
      const found = [...registrations.values()].flatMap(({ thread, slot, generation, record: from }) => {
        const told = events.filter(({ record }) => record.thread === thread);
        const seen = told.map(({ record }) => record.event).join(', ');
        const expected = (left.has(thread) || stopped ? ORDER : ORDER.slice(0, 1)).join(', ');
        const evidence = [from, ...told.map(({ at }) => at)];
        if (seen !== expected) {
          const message = `thread ${thread} ${left.has(thread) ? 'registered and left' : 'registered'}, and the drain reported: ${seen || 'nothing'}`;
          return [finding('events', message, expected, seen || 'nothing', evidence)];
        }
        const other = told.find(({ record }) => record.slot !== slot || record.generation !== generation);
        if (other !== undefined) {
          const message = `the drain reported thread ${thread} as ${other.record.event} in slot ${other.record.slot}, generation ${other.record.generation}`;
          return [finding('events', message, `slot ${slot}, generation ${generation}`, 'another', [from, other.at])];
        }
        const last = history.findLastIndex((record) => record.type === 'batch' && record.thread === thread);
        if (told[2] === undefined || last < told[2].at) return [];
        const message = `thread ${thread} was reported as reclaimed before its last batch`;
        return [finding('events', message, 'reclaimed last', 'a batch after it', [told[2].at, last])];
      });
      const strange = events.filter(({ record }) => !registrations.has(record.thread));
      const unknown = strange.map(({ record, at }) =>
        finding(
          'events',
          `thread ${record.thread} never registered and was reported as ${record.event}`,
          'nothing',
          record.event,
          [at],
        ),
      );
      if (found.length + unknown.length > 0) return [...found, ...unknown];
      return left.size > 0 || stopped ? [] : { inconclusive: 'no thread left' };
    });
  },
});
