/** Judging drains outside of a run: for the suite's own tests and commands. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { REQUIREMENTS } from '../../spec/index.js';
import { takeDefinedChecks, type Check } from '../check.js';
import { SubjectClient } from '../client/subject-client.js';
import type { Limits } from '../client/limits.js';
import { UNCOUNTED } from '../coverage/environment.js';
import { judgeCheck, type VerdictRecord } from '../judge.js';
import { DIST, subjectCommand } from '../runner/drains.js';

/** Every check, by the id of its requirement, in the order of the requirements. */
export async function loadChecks(): Promise<Map<string, Check>> {
  const folder = join(DIST, 'conformance', 'checks');
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (file.endsWith('.check.js')) await import(pathToFileURL(join(folder, file)).href);
  }
  const order = new Map<string, number>(REQUIREMENTS.map(({ id }, at) => [id, at]));
  const checks = takeDefinedChecks().sort((a, b) => order.get(a.id)! - order.get(b.id)!);
  return new Map(checks.map((check) => [check.id, check]));
}

/** Judges a drain module by these checks, one after another, telling each verdict as it falls. */
export async function judgeDrain(
  modulePath: string,
  drain: string,
  checks: Iterable<Check>,
  options: { readonly seed?: number; readonly limits?: Limits; tell?(verdict: VerdictRecord): void } = {},
): Promise<VerdictRecord[]> {
  const { seed = 1, limits, tell } = options;
  const client = new SubjectClient(subjectCommand(modulePath), {
    env: UNCOUNTED,
    ...(limits === undefined ? {} : { limits }),
  });
  const verdicts: VerdictRecord[] = [];
  try {
    for (const check of checks) {
      const verdict = await judgeCheck(check, client, { drain, seed, replayCommand: (token) => `--replay ${token}` });
      verdicts.push(verdict);
      tell?.(verdict);
    }
  } finally {
    await client.close();
  }
  return verdicts;
}
