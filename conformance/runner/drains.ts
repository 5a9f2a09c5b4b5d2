import { existsSync, statSync, accessSync, constants } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DrainError } from '../../spec/index.js';

/** The folder of the compiled project (`dist/`). */
export const DIST = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
/** The drains of this project, by the name that `--impl` takes. */
export const OWN_DRAINS: Readonly<Record<string, string>> = {
  reference: join(DIST, 'reference', 'index.js'),
  native: join(DIST, 'native', 'index.js'),
};

/** A drain under test: how it is called, and the command of its subject. */
export interface DrainTarget {
  /** Unique in a run. */
  readonly name: string;
  /** What `--impl` was given. */
  readonly given: string;
  readonly path: string;
  readonly command: readonly string[];
}

/** The subject that hosts a JavaScript module. */
export function subjectCommand(modulePath: string): readonly string[] {
  return [
    process.execPath,
    join(DIST, 'conformance', 'subject', 'main.js'),
    modulePath,
    '--workers',
    OWN_DRAINS['reference']!,
    '--native',
    OWN_DRAINS['native']!,
  ];
}

/**
 * The target of an `--impl` value: a name of ours, a JavaScript module, or a program that speaks the subject protocol itself.
 * @throws DrainError IMPL_UNREADABLE
 */
export function resolveDrain(given: string, cwd: string = process.cwd()): DrainTarget {
  const own = OWN_DRAINS[given];
  if (own !== undefined) return { name: given, given, path: own, command: subjectCommand(own) };
  const path = resolve(cwd, given);
  if (!existsSync(path))
    throw new DrainError(
      'IMPL_UNREADABLE',
      `'${given}' is neither ${Object.keys(OWN_DRAINS).join(' nor ')} nor a file`,
    );
  if (!statSync(path).isFile()) throw new DrainError('IMPL_UNREADABLE', `'${given}' is not a file`);
  const name = basename(given).replace(/\.(mjs|cjs|js)$/, '');
  if (/\.(mjs|cjs|js)$/.test(given)) return { name, given, path, command: subjectCommand(path) };
  try {
    accessSync(path, constants.X_OK);
  } catch {
    throw new DrainError(
      'IMPL_UNREADABLE',
      `'${given}' is neither a JavaScript module (.js, .mjs, .cjs) nor executable`,
    );
  }
  return { name, given, path, command: [path] };
}

/** The targets of several `--impl` values, their names made unique. */
export function resolveDrains(given: readonly string[], cwd?: string): DrainTarget[] {
  const seen = new Map<string, number>();
  return given.map((value) => {
    const target = resolveDrain(value, cwd);
    const times = (seen.get(target.name) ?? 0) + 1;
    seen.set(target.name, times);
    return times === 1 ? target : { ...target, name: `${target.name}-${times}` };
  });
}

/** How a user calls this program again: the same way as now. */
export function programName(argv: readonly string[] = process.argv, cwd: string = process.cwd()): string {
  const script = argv[1];
  if (script === undefined || !script.endsWith('.js')) return 'drainproof';
  const near = relative(cwd, script);
  return near.startsWith('..') ? 'drainproof' : `node ${near}`;
}
