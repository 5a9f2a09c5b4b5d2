/** The deviations file of a project: found, read, checked, and written again by `--fix`. */
import { existsSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import {
  CAPABILITIES,
  DEVIATIONS_FILE,
  DEVIATIONS_VERSION,
  Deviations,
  REQUIREMENTS,
  requirementById,
  type Deviation,
} from '../spec/index.js';
import { DeviationsError } from './deviations-error.js';
import { closest } from './select.js';

/** A file as it was read; `text` is absent when there is none yet. */
export interface DeviationsFile {
  readonly path: string;
  /** What messages call it: its path from the folder that the program was called in. */
  readonly name: string;
  readonly text?: string;
  readonly deviations: Deviations;
}

/** The list of one drain as it shall be. */
export interface NewList {
  readonly deviations: readonly Deviation[];
  /** Written only for a drain that the file does not know yet. */
  readonly capabilities: readonly string[];
}

/** Nothing is declared. */
export function noDeviations(path: string = DEVIATIONS_FILE, name: string = DEVIATIONS_FILE): DeviationsFile {
  return { path, name, deviations: { version: DEVIATIONS_VERSION, drains: {} } };
}

/**
 * Reads the file that was named, or the one of the usual name in `cwd`.
 * @returns without `text` when there is none and none was named, or one to be made was (`make`)
 * @throws DeviationsError when it cannot be read or used, for example because it lists a requirement of the core
 */
export function readDeviations(
  given?: string,
  { cwd = process.cwd(), make = false }: { cwd?: string; make?: boolean } = {},
): DeviationsFile {
  const path = resolve(cwd, given ?? DEVIATIONS_FILE);
  const name = relative(cwd, path) || path;
  if ((given === undefined || make) && !existsSync(path)) return noDeviations(path, name);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new DeviationsError(
      name,
      {
        wrong: `it cannot be read (${(cause as NodeJS.ErrnoException).code})`,
        expected: 'a file of known deviations',
        action: 'check the path, or make one with --fix',
      },
      { cause },
    );
  }
  return { path, name, text, deviations: parseDeviations(text, name) };
}

/** @throws DeviationsError */
export function parseDeviations(text: string, name: string): Deviations {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (cause) {
    const wrong = `it is no JSON (${(cause as Error).message})`;
    throw new DeviationsError(name, { wrong, expected: 'one JSON object', action: 'mend it by hand' }, { cause });
  }
  const checked = Deviations.safeParse(value);
  if (!checked.success) {
    const issue = checked.error.issues[0]!;
    const where = issue.path.map(String).join('.');
    throw new DeviationsError(name, {
      wrong: `${where === '' ? 'the file' : where}: ${issue.message}`,
      expected: 'what spec/schemas/deviations.schema.json states',
      action: 'docs/deviations.md shows an example',
    });
  }
  for (const [drain, { deviations, capabilities }] of Object.entries(checked.data.drains)) {
    checkEntries(name, drain, deviations);
    for (const capability of capabilities ?? []) {
      if (!Object.hasOwn(CAPABILITIES, capability))
        throw unknown(name, drain, 'capability', capability, Object.keys(CAPABILITIES));
    }
  }
  return checked.data;
}

function checkEntries(name: string, drain: string, deviations: readonly Deviation[]): void {
  const seen = new Set<string>();
  for (const { id } of deviations) {
    const requirement = requirementById(id);
    if (requirement === undefined) {
      const known = REQUIREMENTS.map((one) => one.id);
      throw unknown(name, drain, 'requirement', id, known);
    }
    if (requirement.core === true)
      throw new DeviationsError(name, {
        wrong: `${drain}: ${id} (${requirement.title}) is of the core, which cannot be waived`,
        expected: 'no requirement without which what the sink holds cannot be trusted',
        action: 'mend the drain and remove the entry',
      });
    if (seen.has(id))
      throw new DeviationsError(name, {
        wrong: `${drain}: ${id} stands there twice`,
        expected: 'one entry for each requirement',
        action: 'keep the one whose message still occurs',
      });
    seen.add(id);
  }
}

function unknown(name: string, drain: string, kind: string, given: string, known: readonly string[]): DeviationsError {
  const meant = closest(given, known);
  const action = meant === undefined ? 'docs/deviations.md tells where they are listed' : `did you mean '${meant}'?`;
  return new DeviationsError(name, {
    wrong: `${drain}: there is no ${kind} '${given}'`,
    expected: `the name of a ${kind}`,
    action,
  });
}

/** The file's text with these lists. All else stays as it was: other drains, the order of keys, notes. */
export function withLists(file: DeviationsFile, lists: ReadonlyMap<string, NewList>): string {
  interface Section {
    capabilities?: readonly string[];
    deviations?: readonly Deviation[];
  }
  const text = file.text?.replace(/^\ufeff/, '') ?? JSON.stringify(file.deviations);
  const value = JSON.parse(text) as { drains: Record<string, Section> };
  for (const [drain, { deviations, capabilities }] of lists) {
    const section: Section = Object.hasOwn(value.drains, drain) ? value.drains[drain]! : { capabilities };
    const written = new Map((section.deviations ?? []).map((entry) => [entry.id, entry]));
    value.drains[drain] = {
      ...section,
      deviations: deviations.map((entry) => ({ ...written.get(entry.id), ...entry })),
    };
  }
  return `${JSON.stringify(value, null, 2)}\n`;
}

/**
 * Writes a temporary file beside it, then renames that, so that the file is always whole.
 * @throws DeviationsError when somebody else changed the file since it was read; it stays as it is
 */
export function writeDeviations(file: DeviationsFile, text: string): void {
  const now = existsSync(file.path) ? readFileSync(file.path, 'utf8') : undefined;
  if (now !== file.text)
    throw new DeviationsError(file.name, {
      wrong: 'it was changed while the run went on, and is left as it is',
      expected: 'the file that was read before the run',
      action: 'run with --fix again',
    });
  const target = now === undefined ? file.path : realpathSync(file.path);
  const temporary = `${target}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, text, { flag: 'wx' });
    renameSync(temporary, target);
  } catch (cause) {
    throw new DeviationsError(
      file.name,
      {
        wrong: `it cannot be written (${(cause as NodeJS.ErrnoException).code})`,
        expected: 'a folder that can be written to',
        action: 'check its rights and the free space',
      },
      { cause },
    );
  } finally {
    rmSync(temporary, { force: true });
  }
}
