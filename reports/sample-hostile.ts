/** Results whose every text attacks the reports: markup, terminal escapes, XML's own ends, wide and broken characters. */
import { VERDICTS } from '../spec/results.js';
import { parseResults, type Results } from './results-file.js';
import { sampleRun, sampleText } from './sample-results.js';
import { everyRecord } from './sample-records.js';
import { sampleResult } from './sample-measured.js';
import { sampleCheckpoints, sampleStress, target } from './sample-stress.js';

export const HOSTILE =
  '</script><script>alert(1)</script><img src=x onerror=alert(2)>" \' ` ``` | * [a](javascript:x) @all ]]> ]]> --> \u001b[2J\u001b]0;x\u0007\u0000\r\n\u2028\u202e\ud800 😀漢';

/** One requirement of that name, one drain of that name; each verdict of its own requirement. */
export function hostileResults(): Results {
  const run = { ...sampleRun(), drains: [] as object[], arguments: [HOSTILE], startedAt: HOSTILE };
  const tool = { name: HOSTILE, version: HOSTILE };
  const machine = { ...run.machine, cpu: HOSTILE, os: HOSTILE, node: HOSTILE };
  const drain = { name: `d${HOSTILE}`, version: HOSTILE, path: HOSTILE, capabilities: [HOSTILE] };
  const texts = {
    title: HOSTILE,
    text: HOSTILE,
    rationale: HOSTILE,
    lookAt: HOSTILE,
    source: [HOSTILE],
    needs: [HOSTILE],
  };
  const history = everyRecord().map((record) => ('message' in record ? { ...record, message: HOSTILE } : record));
  const words = { message: HOSTILE, expected: HOSTILE, seen: HOSTILE, replay: HOSTILE };
  const failure = { kind: 'violation', ...words, evidence: [1, 5, 9999], history, omitted: 3 };
  const sizes = { seed: 1, scenarios: 1, events: 1, durationMs: 1 };
  const records = VERDICTS.flatMap((verdict) => {
    const id = `${verdict}-${HOSTILE}`;
    const requirement = { type: 'requirement', id, family: HOSTILE, level: 'SHOULD', ...texts };
    const told = { type: 'verdict', id, drain: drain.name, verdict, reason: HOSTILE, ...sizes };
    return [requirement, verdict === 'fail' ? { ...told, failure } : told];
  });
  return parseResults(sampleText([{ ...run, tool, machine, drains: [drain] }, ...records]), 'hostile');
}

/** Stress records whose every text attacks, on a drain of such a name; each verdict in a scenario of its own, and one interrupted. */
export function hostileStress(): Results {
  const drain = `d${HOSTILE}`;
  const words = { title: HOSTILE, about: HOSTILE, reason: HOSTILE, replay: HOSTILE };
  const measured = { metric: HOSTILE, unit: HOSTILE, relation: 'at least' as const, limit: 3, goal: 9, measured: 4 };
  const stress = VERDICTS.map((verdict) => {
    const kind = verdict === 'error' || verdict === 'known-deviation' ? 'fail' : verdict;
    const targets = [target({ ...measured, samples: [3, 4, 5], margin: 1, reason: HOSTILE, verdict: kind })];
    const results = [sampleResult(5000, 2, { problems: [HOSTILE] })];
    return { ...sampleStress('x', drain, verdict, { ...words, targets, results }), scenario: `${verdict}-${HOSTILE}` };
  });
  const checkpoints = sampleCheckpoints(drain).map((one) => ({ ...one, scenario: HOSTILE }));
  const steps = [{ offeredEventsPerSecond: 5, deliveredEventsPerSecond: 5, p50Ms: 1, p99Ms: 2, holds: true }];
  const saturation = { type: 'saturation', drain, threads: 1, kneeEventsPerSecond: 5, limitP99Ms: 10, steps };
  const benchmark = { type: 'benchmark', drain, name: HOSTILE, about: HOSTILE, unit: 'ns', median: 1, samples: [1] };
  const run = { ...sampleRun(), profile: HOSTILE };
  return parseResults(sampleText([run, ...stress, ...checkpoints, saturation, benchmark]), 'hostile');
}
