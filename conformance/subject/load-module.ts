import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CAPABILITIES, CONTRACT_VERSION, MODULE_SHAPE, type DrainModule } from '../../spec/contract.js';
import { DrainError } from '../../spec/errors.js';

type Members = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Members =>
  (typeof value === 'object' && value !== null) || typeof value === 'function';
const kindOf = (value: unknown): string =>
  Array.isArray(value) ? 'array' : value === null ? 'null' : value === undefined ? 'missing' : typeof value;

/** Of the namespace, its default export and its export `implementation`, the one that looks most like a drain. */
function candidate(namespace: Members): Members {
  const all = [namespace, namespace['default'], namespace['implementation']].filter(isObject);
  const found = (members: Members): number => Object.keys(MODULE_SHAPE).filter((name) => name in members).length;
  return all.reduce((best, members) => (found(members) > found(best) ? members : best));
}

/** Everything that keeps `members` from being a drain module, in words. */
function shapeProblems(members: Members): string[] {
  const problems: string[] = [];
  for (const [name, expected] of Object.entries(MODULE_SHAPE)) {
    const seen = kindOf(members[name]);
    if (seen === 'missing') problems.push(`'${name}' is missing (${expected})`);
    else if (seen !== expected) problems.push(`'${name}' is of type ${seen} instead of ${expected}`);
  }
  const { contractVersion, capabilities } = members;
  if (typeof contractVersion === 'number' && contractVersion !== CONTRACT_VERSION)
    problems.push(`'contractVersion' is ${contractVersion} instead of ${CONTRACT_VERSION}`);
  if (Array.isArray(capabilities)) {
    for (const name of capabilities) {
      if (!Object.hasOwn(CAPABILITIES, String(name))) problems.push(`'${String(name)}' is no capability`);
    }
    if (capabilities.includes('producer-threads') && typeof members['startProducers'] !== 'function')
      problems.push(
        `'startProducers' is ${kindOf(members['startProducers'])} (function, as 'producer-threads' is claimed)`,
      );
  }
  return problems;
}

/**
 * Loads the drain module at `path`. Its members may be named exports, the default export or the export `implementation`.
 * @throws DrainError IMPL_UNREADABLE, IMPL_SHAPE (with every missing or wrong member)
 */
export async function loadModule(path: string): Promise<DrainModule> {
  let namespace: Members;
  try {
    namespace = (await import(pathToFileURL(resolve(path)).href)) as Members;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new DrainError('IMPL_UNREADABLE', `'${path}' cannot be loaded: ${why}`);
  }
  const members = candidate(namespace);
  const problems = shapeProblems(members);
  if (problems.length > 0) throw new DrainError('IMPL_SHAPE', `'${path}': ${problems.join(', ')}`);
  return members as unknown as DrainModule;
}
