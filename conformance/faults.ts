import type { Misbehaviour } from './client/subject-client.js';

const EXPECTED: Record<Misbehaviour['kind'], string> = {
  crash: 'a drain that survives the scenario',
  hang: 'a drain that ends every call in bounded time',
  exit: 'a drain that does not end the process it runs in',
  garbage: 'a drain that leaves stdout to the protocol',
  refused: 'a drain that can be loaded and run',
};
const NAMED: Record<Misbehaviour['kind'], string> = {
  crash: 'the drain crashed',
  hang: 'the drain hung',
  exit: 'the drain exited',
  garbage: 'the drain wrote garbage',
  refused: 'the drain was refused',
};

/** The words of a failure that is no violation but an end of the process. */
export function describeFault(fault: Misbehaviour): { message: string; expected: string; seen: string } {
  return { message: `${NAMED[fault.kind]}: ${fault.message}`, expected: EXPECTED[fault.kind], seen: fault.message };
}
