/** What several results must agree on, and what of theirs is kept once. */
import type { DrainInfo, ResultOf } from '../spec/results.js';
import { ResultsError } from './results-error.js';
import type { Results } from './results-file.js';
import { plain, plural } from './text.js';

/** One of several results. */
export interface Part {
  /** What messages call it: a path. */
  readonly source: string;
  readonly results: Results;
}

/** Missing shards named at most. */
const NAMED = 10;

/** The drains of all parts by name. @throws ResultsError when two of one name differ */
export function drainsOnce(parts: readonly Part[]): DrainInfo[] {
  const known = new Map<string, { drain: DrainInfo; source: string }>();
  for (const { source, results } of parts) {
    for (const drain of results.run.drains) {
      const other = known.get(drain.name);
      if (other === undefined) known.set(drain.name, { drain, source });
      else if (tell(other.drain) !== tell(drain)) throw differ(drain, source, other);
    }
  }
  return [...known.values()].map(({ drain }) => drain);
}

const tell = ({ version, capabilities }: DrainInfo): string =>
  `version ${version}, with ${capabilities.length === 0 ? 'no capability' : [...capabilities].sort().join(', ')}`;

function differ(drain: DrainInfo, source: string, other: { drain: DrainInfo; source: string }): ResultsError {
  return new ResultsError({
    source: plain(source),
    wrong: plain(`its drain '${drain.name}' is ${tell(drain)}; that of ${other.source} is ${tell(other.drain)}`),
    expected: 'one drain of that name in all results',
    action: 'run all parts with the same drain, or give the drains names of their own',
  });
}

/** The first record of each key. Where another differs a note says so: `There are two different benchmarks emit of native; …`. */
export function firstOf<T>(records: readonly T[], keyOf: (record: T) => string[], kind: string, notes: string[]): T[] {
  const kept = new Map<string, T>();
  const differing = new Map<string, string>();
  for (const record of records) {
    const key = JSON.stringify(keyOf(record));
    const other = kept.get(key);
    if (other === undefined) kept.set(key, record);
    else if (JSON.stringify(other) !== JSON.stringify(record)) differing.set(key, keyOf(record).join(' of '));
  }
  for (const name of differing.values()) notes.push(`There are two different ${kind} ${name}; the first is kept.`);
  return [...kept.values()];
}

/** One record for each drain, file and family: the one that covers most lines. Which lines they are is not known, so none can be added up. */
export function coverageOnce(records: readonly ResultOf<'coverage'>[], notes: string[]): ResultOf<'coverage'>[] {
  const kept = new Map<string, ResultOf<'coverage'>>();
  let differing = false;
  for (const record of records) {
    const key = JSON.stringify([record.drain, record.file, record.family]);
    const other = kept.get(key);
    if (other !== undefined && JSON.stringify(other) !== JSON.stringify(record)) differing = true;
    if (other === undefined || record.lines.covered > other.lines.covered) kept.set(key, record);
  }
  if (differing) notes.push('The coverage differs between the parts; of each file the largest is kept.');
  return [...kept.values()];
}

/** Shards that are missing, and shards that are there twice. */
export function shardProblems(parts: readonly Part[]): string[] {
  const problems: string[] = [];
  // shards of a conformance run and of a stress run may lie side by side
  const groups = new Map<string, { of: number; group: Map<number, string> }>();
  for (const { source, results } of parts) {
    const { shard, profile } = results.run;
    if (shard === undefined) continue;
    const key = `${profile === undefined ? 'run' : 'stress'} ${shard.of}`;
    const { group } = groups.get(key) ?? { group: new Map<number, string>() };
    groups.set(key, { of: shard.of, group });
    const other = group.get(shard.index);
    if (other !== undefined)
      problems.push(`shard ${shard.index} of ${shard.of} is there twice: ${other} and ${source}`);
    group.set(shard.index, source);
  }
  for (const { of, group } of groups.values()) {
    const missing: number[] = [];
    for (let index = 1; index <= of && missing.length < NAMED; index += 1) if (!group.has(index)) missing.push(index);
    const there = [...group.keys()].filter((index) => index <= of).length;
    const more = of - there - missing.length;
    if (missing.length === 0) continue;
    const names = `${missing.join(', ')}${more > 0 ? ` and ${plural(more, 'more', 'more')}` : ''}`;
    problems.push(
      `${missing.length === 1 ? 'shard' : 'shards'} ${names} of ${of} ${missing.length === 1 ? 'is' : 'are'} missing`,
    );
  }
  return problems;
}
