/** Every fault, loaded from its folder. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
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
