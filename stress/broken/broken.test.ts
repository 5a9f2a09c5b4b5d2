import { expect, test } from 'vitest';
import { STRESS_FAULTS } from './faults.js';
import { tryFault } from './try-fault.js';

/** The machine may be busy with other tests: then a figure of time is no proof, but it never is a pass. */
const NOT_PASSED: readonly unknown[] = ['fail', 'inconclusive'];

test.each(STRESS_FAULTS.map((fault) => [fault.name, fault] as const))(
  '%s is caught by its target',
  async (_, fault) => {
    const { record, own } = await tryFault(fault, { seconds: 1, repeats: 1 });
    const timed = fault.metric !== 'eventsLost' && fault.metric !== 'heapGrowthMbPerChurn';
    expect(own?.verdict, record.reason).toSatisfy((verdict) =>
      timed ? NOT_PASSED.includes(verdict) : verdict === 'fail',
    );
    expect(record.verdict).not.toBe('pass');
  },
);
