import { relative, dirname } from 'node:path';
import pc from 'picocolors';
import { CAPABILITIES, FAMILIES, familyOf, type Requirement } from '../spec/index.js';
import { DIST } from '../conformance/runner/drains.js';
import { checkFile } from '../conformance/runner/run.js';

/** `drainproof explain ID`: all that is known of one requirement. */
export function renderExplanation(requirement: Requirement): string {
  const row = (name: string, text: string): string => `${pc.dim(name.padEnd(14))}${text}`;
  const needs = requirement.needs.map((name) => `${name} (${CAPABILITIES[name]})`);
  const source = relative(dirname(DIST), checkFile(requirement.id))
    .replace(/^dist./, '')
    .replace(/\.js$/, '.ts');
  return `${[
    `${pc.bold(requirement.id)}  ${requirement.level}${requirement.core === true ? ' (core)' : ''}  ${requirement.title}`,
    '',
    requirement.text,
    '',
    row('why', requirement.rationale),
    row('family', FAMILIES[familyOf(requirement.id)]),
    row('source', requirement.source.join(', ')),
    row('needs', needs.length === 0 ? 'nothing beyond the core contract' : needs.join('; ')),
    ...(requirement.core === true ? [row('core', 'cannot be declared as a known deviation')] : []),
    row('when it fails', `look at ${requirement.lookAt}`),
    row('check', requirement.unchecked ?? source),
    row('run it', `drainproof run --id ${requirement.id}`),
  ].join('\n')}\n`;
}
