import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildBroken, FaultError } from './build.js';
import type { AnyFault, NativeFault } from './native-fault.js';

/** Builds a broken drain of either base. @returns the path of its module @throws FaultError */
export function buildFault(fault: AnyFault, root: string): string {
  return 'base' in fault ? buildBrokenNative(fault, root) : buildBroken(fault, root);
}

/**
 * Builds a broken native drain: `dist/broken-NAME/` holds a copy of dist/native/ and, under `native/`, the edited core
 * with its own addon. The package.json there makes the copy load that addon instead of the sound one.
 * Objects of the sound build are taken over, so that only the edited files are compiled (some seconds).
 * @returns the path of its module
 * @throws FaultError when the fault does not fit the source, or does not compile
 */
export function buildBrokenNative(fault: NativeFault, root: string): string {
  const target = join(root, 'dist', `broken-${fault.name}`);
  const sound = join(root, 'native');
  const broken = join(target, 'native');
  rmSync(target, { recursive: true, force: true });
  mkdirSync(broken, { recursive: true });
  cpSync(join(root, 'dist', 'native'), target, {
    recursive: true,
    filter: (path) => !/\.(test\.js|d\.ts|map)$/.test(path),
  });
  writeFileSync(join(target, 'package.json'), '{ "type": "module" }\n');
  for (const part of ['include', 'load', 'bridge', 'Makefile']) symlinkSync(join(sound, part), join(broken, part));
  const times = { recursive: true, preserveTimestamps: true };
  cpSync(join(sound, 'core'), join(broken, 'core'), times);
  for (const part of ['core', 'load', 'bridge']) {
    const objects = join(sound, 'build', part);
    if (existsSync(objects)) cpSync(objects, join(broken, 'build', part), times);
  }
  for (const [file, text] of editedSources(fault, join(sound, 'core'))) writeFileSync(join(broken, 'core', file), text);
  // A fault may leave a variable without a use: warnings are no errors here.
  const headers = join(root, 'node_modules', 'node-api-headers', 'include');
  const make = spawnSync('make', ['-s', '-C', broken, `NAPI=${headers}`, 'WARN=-w', 'addon'], { encoding: 'utf8' });
  if (make.status !== 0) throw new FaultError(`fault '${fault.name}' does not compile: ${make.stderr}`);
  return join(target, 'index.js');
}

/** The files that the fault changes, with their new text. @throws FaultError unless each `find` stands there once */
export function editedSources(fault: NativeFault, core: string): Map<string, string> {
  const byFile = new Map<string, string>();
  for (const { file, find, replace } of fault.edits) {
    const source = byFile.get(file) ?? readFileSync(join(core, file), 'utf8');
    const places = source.split(find).length - 1;
    if (places !== 1) {
      throw new FaultError(
        `fault '${fault.name}': its text stands ${places} times in native/core/${file}; expected exactly once; mend the fault's find text`,
      );
    }
    byFile.set(
      file,
      source.replace(find, () => replace),
    );
  }
  return byFile;
}
