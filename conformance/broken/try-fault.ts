/** One check on one broken drain. */
import type { Check } from '../check.js';
import { SubjectClient } from '../client/subject-client.js';
import type { Limits } from '../client/limits.js';
import { UNCOUNTED } from '../coverage/environment.js';
import { judgeCheck, type VerdictRecord } from '../judge.js';
import { subjectCommand } from '../runner/drains.js';
import type { Cell } from './matrix.js';
import type { AnyFault } from './native-fault.js';

/** A broken drain may hang: then the run goes on soon. */
const LIMITS: Limits = { openMs: 30_000, steppedMs: 10_000, freeMs: 90_000, closeMs: 500 };

/** A subject for a broken drain's module. */
export function subjectOf(modulePath: string): SubjectClient {
  return new SubjectClient(subjectCommand(modulePath), { env: UNCOUNTED, limits: LIMITS });
}

/** Looks for the shortest counterexample only where its words count: by the fault's own check. */
export async function tryFault(fault: AnyFault, check: Check, seed: number, client: SubjectClient): Promise<Cell> {
  const verdict = await judgeCheck(check, client, {
    drain: fault.name,
    seed,
    replayCommand: (token) => token,
    shrink: check.id === fault.requirement,
  });
  return cellOf(fault, verdict);
}

const OTHERS = {
  pass: '.',
  inconclusive: 'i',
  'not-applicable': 'n',
  error: 'e',
  'known-deviation': '.',
} as const;

export function cellOf(fault: AnyFault, verdict: VerdictRecord): Cell {
  if (verdict.verdict !== 'fail') return OTHERS[verdict.verdict];
  if (verdict.id !== fault.requirement) return 'F';
  return verdict.failure?.message.includes(fault.phrase) === true ? 'K' : 'm';
}
