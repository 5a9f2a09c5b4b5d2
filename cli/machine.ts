import { cpus, release, totalmem, type as osType, availableParallelism } from 'node:os';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DIST } from '../conformance/runner/drains.js';
import type { ResultOf } from '../spec/index.js';

type RunRecord = ResultOf<'run'>;

/** The machine, as results state it. */
export function describeMachine(): RunRecord['machine'] {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    os: `${osType()} ${release()}`,
    node: process.version,
  };
}

/** Name and version of this program. */
export function describeTool(): RunRecord['tool'] {
  const manifest = JSON.parse(readFileSync(join(dirname(DIST), 'package.json'), 'utf8')) as RunRecord['tool'];
  return { name: manifest.name, version: manifest.version };
}
