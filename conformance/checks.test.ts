import { readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { REQUIREMENTS, Scenario, familyOf, requirementById } from '../spec/index.js';
import { takeDefinedChecks, type Check } from './check.js';
import { DIST } from './runner/drains.js';
import { checkFile } from './runner/run.js';

const FOLDER = join(DIST, 'conformance', 'checks');
const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.check.js'));

async function checksOf(file: string): Promise<Check[]> {
  await import(pathToFileURL(join(FOLDER, file)).href);
  return takeDefinedChecks();
}

test('every requirement has a check or a stated reason for having none, and every check a requirement', () => {
  const checked = new Set(files.map((file) => basename(file, '.check.js').toUpperCase()));
  for (const { id, unchecked } of REQUIREMENTS)
    expect(checked.has(id) || unchecked !== undefined, `${id} has no check`).toBe(true);
  for (const id of checked) expect(requirementById(id), `${id} is no requirement`).toBeDefined();
});

test.each(files)(
  '%s declares one check: its requirement, whose sentence stands on top, with valid scenarios',
  async (file) => {
    const checks = await checksOf(file);
    expect(checks).toHaveLength(1);
    const check = checks[0]!;
    expect(join(FOLDER, file)).toBe(checkFile(check.id));
    expect((check.scenarios?.length ?? 0) + (check.generated?.runs ?? 0)).toBeGreaterThan(0);
    const further = (check.also ?? []).flatMap(({ scenarios }) => scenarios);
    for (const scenario of [...(check.scenarios ?? []), ...further])
      expect(Scenario.safeParse(scenario).error).toBeUndefined();
    const source = readFileSync(
      join(
        dirname(DIST),
        'conformance',
        'checks',
        familyOf(check.id).toLowerCase(),
        `${check.id.toLowerCase()}.check.ts`,
      ),
      'utf8',
    );
    const top = source
      .split(/\n(?!\/\/)/)[0]!
      .replace(/^\/\/ ?/gm, '')
      .replace(/\s+/g, ' ')
      .trim();
    expect(top).toBe(`${check.id}: ${requirementById(check.id)!.text}`);
  },
);
