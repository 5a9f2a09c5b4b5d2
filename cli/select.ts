import { distance } from 'fastest-levenshtein';
import { FAMILIES, REQUIREMENTS, familyOf, type Requirement } from '../spec/index.js';

/** A mistake in the command line; the message says what was meant, perhaps, and what there is. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The name of `known` that `given` most likely meant, or undefined. */
export function closest(given: string, known: readonly string[]): string | undefined {
  const wanted = given.toUpperCase();
  const ranked = known
    .map((name) => ({
      name,
      far: wanted.length > 2 && name.toUpperCase().includes(wanted) ? 0 : distance(wanted, name.toUpperCase()),
    }))
    .sort((a, b) => a.far - b.far);
  const best = ranked[0];
  return best !== undefined && best.far <= Math.max(2, given.length * 0.65) ? best.name : undefined;
}

function unknownName(kind: string, given: string, known: readonly string[], list: string): UsageError {
  const meant = closest(given, known);
  const hint = meant === undefined ? '' : ` Did you mean '${meant}'?`;
  return new UsageError(`There is no ${kind} '${given}'.${hint} '${list}' shows all.`);
}

/** The requirement of an id, in any case. @throws UsageError with the closest id */
export function requirementOf(id: string): Requirement {
  const found = REQUIREMENTS.find((requirement) => requirement.id === id.toUpperCase());
  if (found === undefined)
    throw unknownName(
      'requirement',
      id,
      REQUIREMENTS.map(({ id: known }) => known),
      'drainproof list',
    );
  return found;
}

/** The requirements of these families and ids (of all, when neither is given), in report order. @throws UsageError */
export function selectRequirements(
  families: readonly string[] = [],
  ids: readonly string[] = [],
): readonly Requirement[] {
  const known = Object.keys(FAMILIES);
  for (const family of families) {
    if (!known.includes(family.toUpperCase())) throw unknownName('family', family, known, 'drainproof list');
  }
  const wanted = new Set<string>(ids.map((id) => requirementOf(id).id));
  const inFamily = new Set(families.map((family) => family.toUpperCase()));
  if (wanted.size === 0 && inFamily.size === 0) return REQUIREMENTS;
  return REQUIREMENTS.filter(({ id }) => wanted.has(id) || inFamily.has(familyOf(id)));
}
