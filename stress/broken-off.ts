/** Judges a scenario that was broken off (its machine went down, its process was killed) by what its checkpoints hold. */
import type { ResultOf } from '../spec/results.js';
import { judgeTarget, verdictOf } from './judge.js';
import type { StressRecord } from './run.js';
import { ALL_SCENARIOS } from './scenarios.js';

type Checkpoint = ResultOf<'checkpoint'>;

/**
 * A partial verdict for each scenario and drain that has checkpoints of its measured part and is not `judged`. What is accepted and
 * not yet delivered at the last of them is no loss; what only an end shows is inconclusive.
 */
export function judgeBrokenOff(checkpoints: readonly Checkpoint[], judged: readonly StressRecord[]): StressRecord[] {
  const done = new Set(judged.map(keyOf));
  const open = new Map<string, Checkpoint[]>();
  for (const checkpoint of checkpoints) {
    const key = keyOf(checkpoint);
    if (!done.has(key)) open.set(key, [...(open.get(key) ?? []), checkpoint]);
  }
  return [...open.values()].flatMap((own) => judgeOne(own.toSorted((a, b) => a.atMs - b.atMs)) ?? []);
}

const keyOf = ({ scenario, drain }: { readonly scenario: string; readonly drain: string }): string =>
  JSON.stringify([scenario, drain]);

function judgeOne(checkpoints: readonly Checkpoint[]): StressRecord | undefined {
  const last = checkpoints.findLast(({ measured }) => measured !== undefined);
  const scenario = ALL_SCENARIOS.find(({ id }) => id === last?.scenario);
  if (scenario === undefined || last?.measured === undefined || last.ledger === undefined) return undefined;
  const { soFar, load, seed, noise, replay } = last.measured;
  const windows = checkpoints.filter(({ atMs }) => atMs <= last.atMs).flatMap((one) => one.windows);
  const results = [{ ...soFar, ledger: last.ledger, windows }];
  const by = { load, noise: { before: noise, after: noise }, drain: last.drain };
  const targets = scenario.targets.map((target) => judgeTarget(target, results, by));
  const { verdict, reason } = verdictOf(targets, soFar.problems);
  return {
    type: 'stress',
    scenario: scenario.id,
    title: scenario.title,
    about: scenario.about,
    drain: last.drain,
    verdict,
    reason: `broken off after ${(last.atMs / 60_000).toFixed(1)} min, judged by its checkpoints: ${reason}`,
    seed,
    durationMs: last.atMs,
    partial: true,
    load,
    targets,
    results,
    noise: by.noise,
    replay,
  };
}
