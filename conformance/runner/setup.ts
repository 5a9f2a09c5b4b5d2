/** Setup file of the runner's vitest worker: every declared check becomes one test for each drain. */
import { afterAll, inject, test } from 'vitest';
import { onDefineCheck, type Check } from '../check.js';
import { SubjectClient } from '../client/subject-client.js';
import { MEASURED_LIMITS, UNCOUNTED, coverageEnvironment } from '../coverage/environment.js';
import { judgeCheck } from '../judge.js';
import { isFree } from '../racing.js';
import { decodeToken } from '../scenarios/token.js';
import { familyOf } from '../../spec/index.js';
import './context.js';
import type { DrainTarget } from './drains.js';

const context = inject('drainproof');
const subjects = sharedSubjects();

interface SharedSubject {
  readonly family: string;
  readonly client: SubjectClient;
}

/** One subject per drain for the whole run: check files share this worker. */
function sharedSubjects(): Map<string, SharedSubject> {
  const holder = globalThis as { drainproofSubjects?: Map<string, SharedSubject> };
  return (holder.drainproofSubjects ??= new Map());
}

/** The drain's subject. Of a measured run each family has its own: a process writes what it counted when it ends. */
async function subjectOf({ name, command }: DrainTarget, id: string): Promise<SubjectClient> {
  const { coverage } = context;
  const family = coverage === undefined ? '' : familyOf(id);
  const held = subjects.get(name);
  if (held?.family === family) return held.client;
  await held?.client.close();
  const client =
    coverage === undefined
      ? new SubjectClient(command, { env: UNCOUNTED }) // judged at its own speed, whoever counts the suite itself
      : new SubjectClient(command, { env: coverageEnvironment(coverage, name, family), limits: MEASURED_LIMITS });
  subjects.set(name, { family, client });
  return client;
}

async function closeSubjects(): Promise<void> {
  for (const { client } of subjects.values()) await client.close();
}

function replayed(check: Check): Check {
  if (context.replay === undefined) return check;
  const { generated: _generated, also: _also, ...rest } = check;
  return { ...rest, scenarios: [decodeToken(context.replay).scenario] };
}

onDefineCheck((declared) => {
  const check = replayed(declared);
  if (context.coverage?.lastCheck === check.id) afterAll(closeSubjects);
  // One drain plays while another's history is judged; racing threads have the machine to themselves.
  const declare = context.coverage === undefined && !isFree(check) ? test.concurrent : test;
  for (const drain of context.drains) {
    declare(
      `${check.id} ${drain.name}`,
      { meta: { judging: { id: check.id, drain: drain.name } } },
      async ({ task }) => {
        const verdict = await judgeCheck(check, await subjectOf(drain, check.id), {
          drain: drain.name,
          seed: context.seed,
          replayCommand: (token) => `${context.program} run --impl ${drain.given} --replay ${token}`,
        });
        task.meta.verdict = verdict;
        if (verdict.verdict !== 'pass' && verdict.verdict !== 'not-applicable') {
          throw new Error(`${verdict.verdict}: ${verdict.reason}`);
        }
      },
    );
  }
});
