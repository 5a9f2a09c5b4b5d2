import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import type { Fault } from './fault.js';

/** A fault whose edit does not fit the reference's source any more. */
export class FaultError extends Error {
  override readonly name = 'FaultError';
}

/** The source with the edit applied. @throws FaultError unless `find` stands there exactly once */
export function applyEdit(fault: Fault, edit: Fault['edits'][number], source: string): string {
  const places = source.split(edit.find).length - 1;
  if (places !== 1) {
    throw new FaultError(
      `fault '${fault.name}': its text stands ${places} times in reference/${edit.file}; expected exactly once; mend the fault's find text`,
    );
  }
  return source.replace(edit.find, () => edit.replace);
}

/**
 * Builds a broken drain beside the sound one (`dist/broken-NAME/`, so that its imports of spec/ hold).
 * @returns the path of its module
 */
export function buildBroken(fault: Fault, root: string): string {
  const target = join(root, 'dist', `broken-${fault.name}`);
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  cpSync(join(root, 'dist', 'reference'), target, {
    recursive: true,
    filter: (path) => !/\.(test\.js|d\.ts|map)$/.test(path),
  });
  const byFile = new Map<string, string>();
  for (const edit of fault.edits) {
    const source = byFile.get(edit.file) ?? readFileSync(join(root, 'reference', edit.file), 'utf8');
    byFile.set(edit.file, applyEdit(fault, edit, source));
  }
  for (const [file, source] of byFile) {
    const { outputText } = ts.transpileModule(source, {
      compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023, verbatimModuleSyntax: true },
    });
    writeFileSync(join(target, file.replace(/\.ts$/, '.js')), outputText);
  }
  return join(target, 'index.js');
}
