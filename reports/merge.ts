/** Puts results together: shards of one run, families, or a conformance and a stress run. Pure: records in, records out. */
import { REQUIREMENTS } from '../spec/requirements/index.js';
import { VERDICTS, type ResultOf, type ResultRecord, type Verdict } from '../spec/results.js';
import { coverageOnce, drainsOnce, firstOf, shardProblems, type Part } from './merge-parts.js';
import { TROUBLE, bySeverity } from './severity.js';
import { threadsText } from './stress-words.js';
import { plural } from './text.js';

export type { Part } from './merge-parts.js';

export interface Merged {
  /** In the order of a results file. */
  readonly records: readonly ResultRecord[];
  readonly end: ResultOf<'end'>;
  /** What differs between the parts and is no fault, in words. */
  readonly notes: readonly string[];
}

/** A sentence about the part's own verdicts: they are counted anew. */
const COUNTED = /^\d+ verdicts? (?:is|are) not as declared\.?$/;
/** Names in a sentence at most. */
const NAMED = 5;

/**
 * One set of results of at least one part. The first part gives seed, machine, tool and arguments.
 * @throws ResultsError when a drain of one name has another version or other capabilities in another part
 */
export function mergeResults(parts: readonly Part[]): Merged {
  const problems: string[] = [];
  const notes: string[] = [];
  const all = <K extends keyof Part['results']>(kind: K): Part['results'][K][] =>
    parts.map(({ results }) => results[kind]);
  const drains = drainsOnce(parts);
  problems.push(...parts.flatMap(ownProblems), ...shardProblems(parts));

  const order = new Map<string, number>(REQUIREMENTS.map(({ id }, i) => [id, i]));
  const place = ({ id }: { readonly id: string }): number => order.get(id) ?? order.size;
  const requirements = firstOf(all('requirements').flat(), ({ id }) => [id], 'texts of', notes);
  const verdicts = worseOf(all('verdicts').flat(), ({ id }) => id, problems);
  const stress = worseOf(all('stress').flat(), ({ scenario }) => scenario, problems);
  const judged = new Set(stress.map(({ scenario, drain }) => JSON.stringify([scenario, drain])));
  const open = all('checkpoints')
    .flat()
    .filter(({ scenario, drain }) => !judged.has(JSON.stringify([scenario, drain])));
  problems.push(...new Set(open.map(({ scenario, drain }) => `${scenario} on ${drain} was interrupted`)));
  const records: ResultRecord[] = [
    mergedRun(parts, drains, problems, notes),
    ...requirements.sort((a, b) => place(a) - place(b)),
    ...verdicts,
    ...stress,
    ...firstOf(open, ({ scenario, drain, atMs }) => [`${scenario} at ${atMs} ms`, drain], 'checkpoints', notes),
    ...firstOf(
      all('saturation').flat(),
      ({ drain, threads }) => [threadsText(threads), drain],
      'saturation curves',
      notes,
    ),
    ...firstOf(all('benchmarks').flat(), ({ drain, name }) => [name, drain], 'benchmarks', notes),
    ...firstOf(all('broken').flat(), ({ base, name }) => [name, base], 'counts of the broken drain', notes),
    ...coverageOnce(all('coverage').flat(), notes),
  ];

  const fallen = [...verdicts, ...stress];
  const counts = Object.fromEntries(
    VERDICTS.map((name) => [name, fallen.filter(({ verdict }) => verdict === name).length]),
  ) as Record<Verdict, number>;
  const bad = fallen.filter(({ verdict }) => TROUBLE.has(verdict)).length;
  if (fallen.length === 0) problems.push('no check was run');
  if (bad > 0) problems.push(`${plural(bad, 'verdict is', 'verdicts are')} not as declared`);
  const ended = all('end').flatMap((one) => one?.endedAt ?? []);
  const endedAt = latest(ended.length > 0 ? ended : all('run').map(({ startedAt }) => startedAt));
  const end: ResultOf<'end'> = { type: 'end', endedAt, counts, ok: problems.length === 0, problems };
  return { records: [...records, end], end, notes };
}

function mergedRun(
  parts: readonly Part[],
  drains: ResultOf<'run'>['drains'],
  problems: string[],
  notes: string[],
): ResultOf<'run'> {
  const runs = parts.map(({ results }) => results.run);
  const { shard: _, profile: __, ...first } = runs[0]!;
  const profiles = [...new Set(runs.flatMap(({ profile }) => profile ?? []))];
  if (profiles.length > 1) problems.push(`the parts are of different profiles: ${profiles.join(', ')}`);
  const seeds = [...new Set(runs.map(({ seed }) => seed))];
  if (seeds.length > 1) notes.push(`The parts have different seeds: ${seeds.join(', ')}; the first is told.`);
  const machines = new Set(runs.map(({ machine }) => JSON.stringify(machine)));
  if (machines.size > 1) notes.push(`The parts are of ${machines.size} different machines; the first is told.`);
  const versions = [...new Set(runs.map(({ tool }) => tool.version))];
  if (versions.length > 1) notes.push(`The parts are of drainproof ${versions.join(', ')}; the first is told.`);
  return {
    ...first,
    startedAt: earliest(runs.map(({ startedAt }) => startedAt)),
    drains,
    ...(profiles.length > 0 && { profile: profiles[0]! }),
    mergedFrom: runs.reduce((sum, { mergedFrom }) => sum + (mergedFrom ?? 1), 0),
  };
}

/** What is wrong with a part itself: cut off, ended early, or not as declared for a reason that no verdict tells. */
function ownProblems({ source, results }: Part): string[] {
  const { problems, end, verdicts, stress } = results;
  const told = problems.filter((problem) => !COUNTED.test(problem)).map((problem) => `${source}: ${problem}`);
  for (const { scenario, drain, partial } of stress)
    if (partial) told.push(`${source}: ${scenario} on ${drain} was ended early`);
  const seen = told.length > 0 || [...verdicts, ...stress].some(({ verdict }) => TROUBLE.has(verdict));
  return end?.ok === false && !seen ? [`${source}: it is not as declared`] : told;
}

/** One record for each name and drain: the worse of two, with a problem for each drain that has any. */
function worseOf<T extends { readonly drain: string; readonly verdict: Verdict }>(
  records: readonly T[],
  nameOf: (record: T) => string,
  problems: string[],
): T[] {
  const kept = new Map<string, T>();
  const twice = new Map<string, Set<string>>();
  for (const record of records) {
    const key = JSON.stringify([nameOf(record), record.drain]);
    const other = kept.get(key);
    if (other === undefined || bySeverity(record, other) < 0) kept.set(key, record);
    if (other === undefined) continue;
    const names = twice.get(record.drain) ?? new Set<string>();
    twice.set(record.drain, names.add(nameOf(record)));
  }
  for (const [drain, names] of twice) {
    const more = names.size > NAMED ? ` and ${names.size - NAMED} more` : '';
    const list = [...names].slice(0, NAMED).join(', ');
    problems.push(`There are two verdicts on ${list}${more} for ${drain}; the worse is kept.`);
  }
  return [...kept.values()];
}

const time = (text: string): number => Date.parse(text) || 0;
const earliest = (times: readonly string[]): string => times.reduce((a, b) => (time(b) < time(a) ? b : a));
const latest = (times: readonly string[]): string => times.reduce((a, b) => (time(b) > time(a) ? b : a));
