import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import type { Variant } from './fault.js';

/** A fault whose edit does not fit the reference's source any more. */
export class FaultError extends Error {
  override readonly name = 'FaultError';
}

type Edit = Variant['edits'][number];

/** The source with the edit applied. @throws FaultError unless `find` stands there exactly once */
export function applyEdit(fault: Variant, edit: Edit, source: string): string {
  const places = source.split(edit.find).length - 1;
  if (places !== 1) {
    throw new FaultError(
      `fault '${fault.name}': its text stands ${places} times in reference/${edit.file}; expected exactly once; mend the fault's find text`,
    );
  }
  return source.replace(edit.find, () => edit.replace);
}

/** The edit that takes capabilities from the list that the reference claims. */
const withoutCapabilities = (lacks: readonly string[]): Edit => ({
  file: 'index.ts',
  find: "(capability) => capability !== 'producer-threads'",
  replace: `(capability) => !${JSON.stringify(['producer-threads', ...lacks])}.includes(capability)`,
});

/**
 * Builds a variant beside the reference (`dist/KIND-NAME/`, so that its imports of spec/ hold).
 * @returns the path of its module
 */
export function buildVariant(variant: Variant, root: string, kind: 'broken' | 'odd' | 'lying'): string {
  const target = join(root, 'dist', `${kind}-${variant.name}`);
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  cpSync(join(root, 'dist', 'reference'), target, {
    recursive: true,
    filter: (path) => !/\.(test\.js|d\.ts|map)$/.test(path),
  });
  const { edits, without = [] } = variant;
  const byFile = new Map<string, string>();
  for (const edit of without.length === 0 ? edits : [...edits, withoutCapabilities(without)]) {
    const source = byFile.get(edit.file) ?? readFileSync(join(root, 'reference', edit.file), 'utf8');
    byFile.set(edit.file, applyEdit(variant, edit, source));
  }
  for (const [file, source] of byFile) {
    const { outputText } = ts.transpileModule(source, {
      compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023, verbatimModuleSyntax: true },
    });
    writeFileSync(join(target, file.replace(/\.ts$/, '.js')), outputText);
  }
  return join(target, 'index.js');
}

/** Builds a broken drain. @returns the path of its module */
export function buildBroken(fault: Variant, root: string): string {
  return buildVariant(fault, root, 'broken');
}
