/** Which checks have threads that race. */
import fc from 'fast-check';
import type { ScenarioInput } from '../spec/index.js';
import type { Check } from './check.js';

/** True when threads really race in it: such a check takes a hundred times as long as the others. */
export function isFree(check: Check): boolean {
  const scenarios: ScenarioInput[] = [...(check.scenarios ?? [])];
  for (const further of check.also ?? []) scenarios.push(...further.scenarios);
  if (check.generated !== undefined) scenarios.push(...fc.sample(check.generated.arbitrary, { seed: 1, numRuns: 5 }));
  return scenarios.some(({ mode }) => mode === 'free');
}
