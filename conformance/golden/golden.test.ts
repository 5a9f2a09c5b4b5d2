/** Both drains attach to every golden image and deliver what it says, or refuse it with its code. */
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { Batch, DrainModule } from '../../spec/index.js';
import { GoldenVector, imageOf } from '../../spec/golden.js';
import { DIST, OWN_DRAINS } from '../runner/drains.js';

const FOLDER = join(dirname(DIST), 'spec', 'golden');
const vectors = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.json'))
  .map((name) => GoldenVector.parse(JSON.parse(readFileSync(join(FOLDER, name), 'utf8'))));

interface Delivered {
  readonly thread: number;
  readonly lane: string;
  readonly sequences: number[];
}

function deliveries(drainModule: DrainModule, arena: SharedArrayBuffer): Delivered[] {
  const lanes: Delivered[] = [];
  const write = ({ threadId, lane, recordBytes, spans, count }: Batch): number => {
    let of = lanes.find((one) => one.thread === threadId && one.lane === lane);
    if (of === undefined) lanes.push((of = { thread: threadId, lane, sequences: [] }));
    for (const span of spans) {
      for (let at = 0; at < span.length; at += recordBytes) {
        of.sequences.push(new DataView(span.buffer, span.byteOffset + at).getUint32(0, true));
      }
    }
    return count;
  };
  const drain = drainModule.createDrain({ config: {}, arena, sink: { write } });
  for (let turn = 0; turn < 8; turn += 1) drain.drainIteration();
  drain.close();
  return lanes;
}

describe.each(Object.entries(OWN_DRAINS))('the %s drain', async (_name, path) => {
  const { implementation } = (await import(pathToFileURL(path).href)) as { implementation: DrainModule };
  test.each(vectors.map((vector) => [vector.name, vector] as const))('%s', (_vector, vector) => {
    const arena = imageOf(vector);
    if (vector.refused !== undefined) {
      expect(() => deliveries(implementation, arena)).toThrow(expect.objectContaining({ code: vector.refused }));
    } else expect(deliveries(implementation, arena)).toEqual(vector.delivers);
  });
});
