/** Results to try the reports on: every requirement, three drains, every kind of verdict, failures with histories. */
import { REQUIREMENTS, familyOf, type Requirement } from '../spec/requirements/index.js';
import { CAPABILITIES } from '../spec/contract.js';
import { RESULTS_VERSION, type DrainInfo, type ResultOf, type Verdict } from '../spec/results.js';
import { sampleFailures } from './sample-failures.js';
import { parseResults, type Results } from './results-file.js';

const ALL = Object.keys(CAPABILITIES);

const DRAINS: readonly DrainInfo[] = [
  { name: 'reference', version: '0.1.0', path: 'dist/reference/index.js', capabilities: ALL },
  { name: 'native', version: '0.1.0', path: 'native/build/libdrain.so', capabilities: ALL },
  {
    name: 'tracer',
    version: '3.2.1',
    path: './agents/tracer/drain.mjs',
    capabilities: ['detail', 'metrics', 'threads'],
  },
];

export function sampleRun(): ResultOf<'run'> {
  return {
    type: 'run',
    version: RESULTS_VERSION,
    tool: { name: 'drainproof', version: '0.1.0' },
    startedAt: '2026-03-14T09:26:53.589Z',
    seed: 20260314,
    arguments: ['run', '--impl', 'tracer=./agents/tracer/drain.mjs', '--seed', '20260314'],
    machine: {
      cpu: 'AMD EPYC 7763 64-Core Processor',
      cores: 8,
      memoryBytes: 34_359_738_368,
      os: 'Linux 6.8.0 x64',
      node: '20.20.2',
    },
    drains: [...DRAINS],
  };
}

export function sampleRequirements(): ResultOf<'requirement'>[] {
  return REQUIREMENTS.map((requirement: Requirement) => ({
    type: 'requirement',
    id: requirement.id,
    family: familyOf(requirement.id),
    level: requirement.level,
    title: requirement.title,
    text: requirement.text,
    rationale: requirement.rationale,
    source: [...requirement.source],
    needs: [...requirement.needs],
    lookAt: requirement.lookAt,
  }));
}

function sampleVerdict(requirement: ResultOf<'requirement'>, drain: DrainInfo, place: number): ResultOf<'verdict'> {
  const missing = requirement.needs.filter((need) => !drain.capabilities.includes(need));
  const base = {
    type: 'verdict' as const,
    id: requirement.id,
    drain: drain.name,
    seed: 20260314 + place,
    scenarios: 40 + ((place * 37) % 160),
    events: 900 + ((place * 7919) % 52_000),
    durationMs: 3.5 + ((place * 131) % 420),
  };
  if (missing.length > 0) {
    const none = { scenarios: 0, events: 0, durationMs: 0 };
    return { ...base, ...none, verdict: 'not-applicable', reason: `It does not claim: ${missing.join(', ')}.` };
  }
  const special = sampleFailures().get(`${requirement.id} ${drain.name}`);
  if (special !== undefined) return { ...base, ...special };
  return { ...base, verdict: 'pass', reason: `All of ${base.scenarios} scenarios kept it.` };
}

/** Records of a whole run, in the order of the file. */
export function sampleRecords(): (ResultOf<'run'> | ResultOf<'requirement'> | ResultOf<'verdict'> | ResultOf<'end'>)[] {
  const run = sampleRun();
  const requirements = sampleRequirements();
  const verdicts = requirements.flatMap((requirement, i) =>
    run.drains.map((drain, j) => sampleVerdict(requirement, drain, i * run.drains.length + j)),
  );
  return [run, ...requirements, ...verdicts, sampleEnd(verdicts)];
}

export function sampleEnd(verdicts: readonly ResultOf<'verdict'>[]): ResultOf<'end'> {
  const number = (kind: Verdict): number => verdicts.filter(({ verdict }) => verdict === kind).length;
  const bad = number('fail') + number('error') + number('inconclusive');
  return {
    type: 'end',
    endedAt: '2026-03-14T09:27:41.120Z',
    counts: {
      pass: number('pass'),
      fail: number('fail'),
      inconclusive: number('inconclusive'),
      'not-applicable': number('not-applicable'),
      'known-deviation': number('known-deviation'),
      error: number('error'),
    },
    ok: bad === 0 && verdicts.length > 0,
    problems: bad === 0 ? [] : [`${bad} verdicts are not as declared.`],
  };
}

/** The sample as the text of a results file. */
export function sampleText(records: readonly object[] = sampleRecords()): string {
  return records.map((record) => `${JSON.stringify(record)}\n`).join('');
}

export function sampleResults(): Results {
  return parseResults(sampleText(), 'sample');
}

/** What a results file may hold beside requirements and verdicts: none of it. */
export const NO_EXTRAS = {
  broken: [],
  coverage: [],
  stress: [],
  checkpoints: [],
  saturation: [],
  benchmarks: [],
} as const;
