import { describe, expect, it } from 'vitest';
import { ThreadProgram } from '../../spec/index.js';
import { LifeProgress } from './life-progress.js';
import { GATE, live } from './produce.js';

const PROGRAM = ThreadProgram.parse({ threadId: 5, events: 9, detailEvery: 3, markEvery: 2, ending: 'terminate' });

describe('LifeProgress', () => {
  it('knows nothing of a life that did not register', () => {
    const { life } = new LifeProgress(9).rebuild(PROGRAM, 5, 7);
    expect(life).toMatchObject({ registered: 'unknown', slot: -1, generation: -1, index: [], marks: [], endedNs: 7 });
  });

  it('tells what was done, and what was under way', () => {
    const progress = new LifeProgress(9);
    progress.start(2, 4, 100);
    for (const [event, outcome] of (['accepted', 'LANE_FULL', 'accepted', 'accepted', 'accepted'] as const).entries()) {
      progress.begin(event);
      if (event === 2) progress.retry(true);
      if (event === 3) progress.retry(false);
      progress.end(event, outcome);
    }
    progress.markBegin();
    progress.markEnd();
    progress.markBegin();
    progress.begin(5);
    const { life, markInFlight } = new LifeProgress(progress.buffer).rebuild(PROGRAM, 5, 200);
    expect(markInFlight).toBe(true);
    expect(life).toEqual({
      threadId: 5,
      slot: 2,
      generation: 4,
      registered: 'accepted',
      index: [
        { from: 0, count: 1, outcome: 'accepted', retries: 2 },
        { from: 1, count: 1, outcome: 'LANE_FULL', retries: 0 },
        { from: 2, count: 3, outcome: 'accepted', retries: 0 },
        { from: 5, count: 1, outcome: 'unknown', retries: 0 },
      ],
      detail: [
        { from: 0, count: 1, outcome: 'accepted', retries: 1 },
        { from: 1, count: 1, outcome: 'unknown', retries: 0 },
      ],
      joins: [[2, 0]],
      marks: [2],
      ended: 'terminate',
      startedNs: 100,
      endedNs: 200,
    });
  });
});

describe('live', () => {
  const gate = new Int32Array(new SharedArrayBuffer(4 * GATE.words));

  it('drops once its patience is over', () => {
    const full = { slot: 0, generation: 1, emitIndex: () => 'LANE_FULL', leave: () => undefined };
    const registry = { register: () => full as never };
    const program = { ...PROGRAM, ending: 'leave' as const, detailEvery: 0 };
    const { life } = live(registry, program, 0, { detailRecordBytes: 64, gate, retryMs: 1 });
    expect(life.index).toMatchObject([{ from: 0, count: 9, outcome: 'LANE_FULL' }]);
    expect(life.index[0]!.retries).toBeGreaterThan(0);
    expect(life.ended).toBe('leave');
  });

  it('gives up a registry that stays full, and one that has stopped', () => {
    const turnAway = (code: string) => ({
      register(): never {
        throw Object.assign(new Error(code), { code });
      },
    });
    const options = { detailRecordBytes: 64, gate, retryMs: 1 };
    expect(live(turnAway('REGISTRY_FULL'), PROGRAM, 2, options).life).toMatchObject({
      threadId: 7,
      registered: 'REGISTRY_FULL',
      ended: 'stay',
    });
    expect(live(turnAway('STOPPED'), PROGRAM, 0, options).life).toMatchObject({
      registered: 'STOPPED',
      ended: 'stopped',
    });
  });
});
