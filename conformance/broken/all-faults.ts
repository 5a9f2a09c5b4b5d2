/** Every fault and every check, loaded from their folders. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { takeDefinedChecks, type Check } from '../check.js';
import { DIST } from '../runner/drains.js';
import type { Fault } from './fault.js';
import { NATIVE_FAULTS } from './faults/native.js';
import type { AnyFault } from './native-fault.js';

/** The faults of the reference, family by family, then those of the native drain. */
export async function loadFaults(): Promise<AnyFault[]> {
  const folder = join(DIST, 'conformance', 'broken', 'faults');
  const faults: AnyFault[] = [];
  for (const file of readdirSync(folder).sort()) {
    if (!/^[a-z-]+\.js$/.test(file)) continue;
    const module = (await import(pathToFileURL(join(folder, file)).href)) as { FAULTS?: readonly Fault[] };
    faults.push(...(module.FAULTS ?? []));
  }
  return [...faults, ...NATIVE_FAULTS];
}

/** Every check, by its requirement. */
export async function loadChecks(): Promise<Map<string, Check>> {
  const folder = join(DIST, 'conformance', 'checks');
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    if (file.endsWith('.check.js')) await import(pathToFileURL(join(folder, file)).href);
  }
  return new Map(takeDefinedChecks().map((check) => [check.id, check]));
}
