/** Memory of the calling thread's heap, with and without a collection before. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Heap in use and what it holds outside of the heap, bytes. */
export function heapBytes(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** The same after a collection of all garbage. */
export function collectedHeapBytes(): number {
  collect();
  return heapBytes();
}
