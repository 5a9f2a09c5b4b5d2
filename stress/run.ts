/** One stress scenario on one drain: noise before, measurements, noise after, verdict. */
import { StressLoad, type Calibration, type StressProgress, type StressResult } from '../spec/stress.js';
import type { ResultOf } from '../spec/results.js';
import { calibrate } from './calibrate.js';
import type { Asked, StressClient } from './client.js';
import { judgeTarget, verdictOf } from './judge.js';
import type { Scale, Scenario } from './scenario.js';

export type StressRecord = ResultOf<'stress'>;

export interface RunOptions {
  readonly drain: string;
  readonly scale: Omit<Scale, 'capabilities'>;
  /** Measurements at least; up to `most` while a target is not clear. */
  readonly repeats: number;
  readonly most: number;
  readonly replay: string;
  /** How noisy the machine was a moment ago; absent: it is measured. */
  readonly noise?: Calibration;
  /** `measured`: what a checkpoint is judged by. */
  readonly progress?: (told: StressProgress, measured: ResultOf<'checkpoint'>['measured']) => void;
  readonly signal?: AbortSignal;
}

/** Never throws for what the drain does: that is its verdict. */
export async function runScenario(
  scenario: Scenario,
  client: StressClient,
  options: RunOptions,
): Promise<StressRecord> {
  const started = performance.now();
  const opened = await client.open();
  const scale = { ...options.scale, capabilities: opened.ok ? opened.value.capabilities : [] };
  const load = StressLoad.parse({ version: 1, seed: options.scale.seed, ...scenario.load(scale) });
  const base = {
    type: 'stress' as const,
    scenario: scenario.id,
    title: scenario.title,
    about: scenario.about,
    drain: options.drain,
    seed: options.scale.seed,
    load,
    replay: options.replay,
    partial: false,
    targets: [],
    results: [],
  };
  const ended = (record: Partial<StressRecord> & Pick<StressRecord, 'verdict' | 'reason'>): StressRecord => ({
    ...base,
    durationMs: performance.now() - started,
    ...record,
  });
  if (!opened.ok) return ended({ verdict: 'fail', reason: opened.fault.message });
  const missing = scenario.needs.filter((capability) => !opened.value.capabilities.includes(capability));
  if (missing.length > 0)
    return ended({ verdict: 'not-applicable', reason: `it does not claim ${missing.join(', ')}` });

  const results: StressResult[] = [];
  const before = options.noise ?? calibrate();
  const judged = (after: typeof before) => ({
    targets: scenario.targets.map((target) =>
      judgeTarget(target, results, { load, noise: { before, after }, drain: options.drain }),
    ),
    noise: { before, after },
  });
  for (;;) {
    const progress = (told: StressProgress): void => {
      const by = { load, seed: options.scale.seed, noise: before, replay: options.replay };
      options.progress?.(told, told.soFar && { soFar: told.soFar, ...by });
    };
    const answer = await client.measure(load, progress, options.signal);
    if (!answer.ok) return ended({ results, ...faultVerdict(answer) });
    results.push(answer.value);
    const { targets, noise } = judged(calibrate());
    const halted = options.signal?.aborted === true;
    const problems = results.flatMap((result) => result.problems);
    const verdict = verdictOf(targets, problems);
    // a count that is wrong stays wrong; what is measured is measured again until it is clear
    const clear = verdict.verdict === 'pass' || problems.length > 0 || targets.some(isWrongCount);
    const enough = results.length >= options.repeats && (clear || results.length >= options.most);
    if (enough || halted) return ended({ results, targets, noise, partial: halted, ...verdict });
  }
}

const isWrongCount = ({ verdict, relation }: StressRecord['targets'][number]): boolean =>
  verdict === 'fail' && relation === 'exactly';

function faultVerdict({ fault }: Extract<Asked<never>, { ok: false }>): Pick<StressRecord, 'verdict' | 'reason'> {
  // a program that does not speak of loads is not measured; one that was asked and broke down has failed
  const refused = fault.kind === 'refused' && (fault.code === 'PROTOCOL' || fault.code === 'NOT_MEASURED');
  return { verdict: refused ? 'not-applicable' : 'fail', reason: fault.message };
}
