/** A broken drain under the scenario that must catch it. */
import { dirname } from 'node:path';
import { buildBroken } from '../../conformance/broken/build.js';
import { buildBrokenNative } from '../../conformance/broken/build-native.js';
import { DIST } from '../../conformance/runner/drains.js';
import { StressClient } from '../client.js';
import { scenarioOf } from '../plan.js';
import { runScenario, type StressRecord } from '../run.js';
import { stressCommandOf } from '../subject-command.js';
import type { StressFault } from './faults.js';

/** @returns the record, and the verdict of the fault's own target (undefined: it was not judged at all) */
export async function tryFault(
  fault: StressFault,
  { seconds, repeats }: { readonly seconds: number; readonly repeats: number },
): Promise<{ readonly record: StressRecord; readonly own: StressRecord['targets'][number] | undefined }> {
  const root = dirname(DIST);
  // the requirement and its words are of conformance: here a target is what catches it
  const named = { requirement: 'LOSS-EXACTLY-ONCE', phrase: '' } as const;
  const path = 'base' in fault ? buildBrokenNative({ ...fault, ...named }, root) : buildBroken(fault, root);
  const client = new StressClient(stressCommandOf(path, []));
  try {
    const record = await runScenario(scenarioOf(fault.scenario)!, client, {
      drain: fault.name,
      scale: { seconds, rate: 1, seed: 1 },
      repeats,
      most: repeats,
      replay: '',
    });
    return { record, own: record.targets.find(({ metric }) => metric === fault.metric) };
  } finally {
    await client.close();
  }
}
