/** Setup file of the runner's vitest worker: every declared check becomes one test for each drain. */
import { inject, test } from 'vitest';
import { onDefineCheck, type Check } from '../check.js';
import { SubjectClient } from '../client/subject-client.js';
import { judgeCheck } from '../judge.js';
import { decodeToken } from '../scenarios/token.js';
import './context.js';

const context = inject('drainproof');
const clients = sharedClients();

/** One subject per drain for the whole run: check files share this worker. */
function sharedClients(): Map<string, SubjectClient> {
  const holder = globalThis as { drainproofClients?: Map<string, SubjectClient> };
  holder.drainproofClients ??= new Map(context.drains.map((drain) => [drain.name, new SubjectClient(drain.command)]));
  return holder.drainproofClients;
}

function replayed(check: Check): Check {
  if (context.replay === undefined) return check;
  const { generated: _generated, also: _also, ...rest } = check;
  return { ...rest, scenarios: [decodeToken(context.replay).scenario] };
}

onDefineCheck((declared) => {
  const check = replayed(declared);
  for (const drain of context.drains) {
    test(`${check.id} ${drain.name}`, { meta: { judging: { id: check.id, drain: drain.name } } }, async ({ task }) => {
      const verdict = await judgeCheck(check, clients.get(drain.name)!, {
        drain: drain.name,
        seed: context.seed,
        replayCommand: (token) => `${context.program} run --impl ${drain.given} --replay ${token}`,
      });
      task.meta.verdict = verdict;
      if (verdict.verdict !== 'pass' && verdict.verdict !== 'not-applicable') {
        throw new Error(`${verdict.verdict}: ${verdict.reason}`);
      }
    });
  }
});
