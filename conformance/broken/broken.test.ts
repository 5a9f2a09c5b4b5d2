/** Every broken drain is failed by the requirement that describes its fault, in that requirement's words. */
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { REQUIREMENTS } from '../../spec/index.js';
import { takeDefinedChecks, type Check } from '../check.js';
import { SubjectClient } from '../client/subject-client.js';
import { judgeCheck, type VerdictRecord } from '../judge.js';
import { DIST, subjectCommand } from '../runner/drains.js';
import { checkFile } from '../runner/run.js';
import { applyEdit, buildBroken, FaultError } from './build.js';
import type { Fault } from './fault.js';

/** A fault that needs a race is given this many runs. */
const RACY_RUNS = 6;
const folder = join(DIST, 'conformance', 'broken', 'faults');
const files = readdirSync(folder).filter((name) => /^[a-z]+\.js$/.test(name));
const faults: Fault[] = [];
for (const file of files) {
  const { FAULTS } = (await import(pathToFileURL(join(folder, file)).href)) as { FAULTS: readonly Fault[] };
  faults.push(...FAULTS);
}

const checks = new Map<string, Check>();
async function checkOf(id: string): Promise<Check> {
  await import(pathToFileURL(checkFile(id)).href);
  for (const check of takeDefinedChecks()) checks.set(check.id, check);
  return checks.get(id)!;
}

const clients: SubjectClient[] = [];
afterAll(async () => {
  await Promise.all(clients.map((client) => client.close()));
});

async function judge(fault: Fault, run: number, client: SubjectClient): Promise<VerdictRecord> {
  const options = { drain: fault.name, seed: run, replayCommand: (token: string) => token };
  return judgeCheck(await checkOf(fault.requirement), client, options);
}

describe('the faults', () => {
  test('have names of their own and requirements that exist', () => {
    expect(new Set(faults.map(({ name }) => name)).size).toBe(faults.length);
    const ids = new Set<string>(REQUIREMENTS.map(({ id }) => id));
    for (const { name, requirement } of faults) expect(ids.has(requirement), name).toBe(true);
  });

  test('break every requirement at least once', () => {
    const broken = new Set<string>(faults.map(({ requirement }) => requirement));
    expect(
      REQUIREMENTS.filter(({ id, unchecked }) => unchecked === undefined && !broken.has(id)).map(({ id }) => id),
    ).toEqual([]);
  });

  test('an edit that does not fit the source any more is refused by name', () => {
    const fault = { ...faults[0]!, name: 'odd' };
    expect(() => applyEdit(fault, { file: 'visit.ts', find: 'nowhere', replace: '' }, 'some source')).toThrow(
      FaultError,
    );
    expect(() => applyEdit(fault, { file: 'visit.ts', find: 'e', replace: '' }, 'eve')).toThrow(/'odd'.*2 times/);
  });
});

describe('is caught by its own requirement, with its own phrase:', () => {
  test.each(faults.map((fault) => [fault.name, fault.requirement, fault] as const))(
    '%s (%s)',
    async (_name, _id, fault) => {
      const client = new SubjectClient(subjectCommand(buildBroken(fault, dirname(DIST))), {
        limits: { openMs: 20_000, steppedMs: 15_000, freeMs: 60_000, closeMs: 500 },
      });
      clients.push(client);
      let verdict = await judge(fault, 1, client);
      for (let run = 2; fault.racy === true && verdict.verdict !== 'fail' && run <= RACY_RUNS; run += 1) {
        verdict = await judge(fault, run, client);
      }
      await client.close();
      expect(verdict.verdict, `${fault.what}: ${verdict.reason}`).toBe('fail');
      expect(verdict.failure?.message).toContain(fault.phrase);
    },
  );
});
