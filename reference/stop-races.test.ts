import { describe, expect, test } from 'vitest';
import { SLOT } from '../spec/layout.js';
import { group, detailRecord, indexRecord, interleave, setUp } from './testing-sink.js';

/** Runs `emit` so that a failing stop() closes the lane before its tail is published, and another one looks after that. */
function emitBetweenStops(field: typeof SLOT.indexTail | typeof SLOT.detailTail, lane: 'index' | 'detail') {
  const { drain } = setUp({ postRoll: 8 }, { sink: { write: () => 0 } });
  const handle = drain.registry.register({ threadId: 1 });
  handle.mark();
  handle.submit(lane === 'index' ? group(1) : group(0, 1));
  const word = drain.view.slot(0, field);
  const left: { leftIndex: number; leftDetail: number }[] = [];
  const stop = (): void => void left.push(drain.stop({ deadlineNs: 0 }));
  const outcome = interleave({ method: 'store', at: 'after', word, action: stop }, () =>
    interleave({ method: 'store', at: 'before', word, action: stop }, () =>
      lane === 'index' ? handle.emitIndex(indexRecord(1)) : handle.emitDetail(detailRecord(1)),
    ),
  );
  return { outcome, left, after: drain.metrics()[lane] };
}

describe('an emit that comes after its lane was closed', () => {
  test('is STOPPED, and no stop counts it as left in the index lane', () => {
    const { outcome, left, after } = emitBetweenStops(SLOT.indexTail, 'index');
    expect(outcome).toBe('STOPPED');
    expect(left.map(({ leftIndex }) => leftIndex)).toEqual([1, 1]);
    expect(after).toMatchObject({ attempted: 1, accepted: 1, left: 1, pending: 0 });
  });

  test('is STOPPED, and no stop counts it as left in the detail lane', () => {
    const { outcome, left, after } = emitBetweenStops(SLOT.detailTail, 'detail');
    expect(outcome).toBe('STOPPED');
    expect(left.map(({ leftDetail }) => leftDetail)).toEqual([1, 1]);
    expect(after).toMatchObject({ attempted: 1, accepted: 1, left: 1, pending: 0 });
  });
});
