import pc from 'picocolors';
import { FAMILIES, familyOf, type Requirement } from '../spec/index.js';

/** `drainproof list`: the requirements, by family. */
export function renderList(requirements: readonly Requirement[]): string {
  const width = Math.max(...requirements.map(({ id }) => id.length));
  const lines: string[] = [];
  let family = '';
  for (const requirement of requirements) {
    if (familyOf(requirement.id) !== family) {
      family = familyOf(requirement.id);
      lines.push('', pc.bold(`${family}  ${FAMILIES[family as keyof typeof FAMILIES]}`));
    }
    lines.push(`  ${requirement.id.padEnd(width)}  ${requirement.level.padEnd(6)}  ${requirement.title}`);
  }
  lines.push('', `${requirements.length} requirements. 'drainproof explain ID' tells more of one.`);
  return `${lines.slice(1).join('\n')}\n`;
}

/** `drainproof list --json`: one array. */
export function renderListJson(requirements: readonly Requirement[]): string {
  return `${JSON.stringify(requirements, null, 2)}\n`;
}
