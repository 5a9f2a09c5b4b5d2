/**
 * For whoever writes a check: judges some checks on a drain module, or on broken drains.
 *
 *     node dist/conformance/broken/try-check.js reference LANE-ORDER LOSS-TORN   these checks on the reference
 *     node dist/conformance/broken/try-check.js native                           all checks on the native drain
 *     node dist/conformance/broken/try-check.js faults lane                      each fault of faults/lane.ts by its own check
 *     node dist/conformance/broken/try-check.js faults native/native-nobody-ages  this one
 *     node dist/conformance/broken/try-check.js odd half-capacity LANE-ORDER     these checks on a drain of odd/; all without ids
 *     node dist/conformance/broken/try-check.js lying does-nothing               the same for a drain that lies
 */
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Check } from '../check.js';
import { LYING_DRAINS } from '../odd/lying-drains.js';
import { ODD_DRAINS } from '../odd/odd-drains.js';
import { DIST, OWN_DRAINS } from '../runner/drains.js';
import { buildFault } from './build-native.js';
import { buildVariant } from './build.js';
import type { AnyFault } from './native-fault.js';
import { isFree } from '../racing.js';
import { judgeDrain, loadChecks } from './trial.js';

const root = dirname(DIST);

async function judge(modulePath: string, name: string, wanted: readonly Check[]): Promise<void> {
  await judgeDrain(modulePath, name, wanted, {
    tell: ({ verdict, id, durationMs, reason }) =>
      process.stdout.write(`${verdict.padEnd(14)} ${id.padEnd(26)} ${name}  ${durationMs} ms  ${reason}\n`),
  });
}

const [what = 'reference', ...names] = process.argv.slice(2);
const checks = await loadChecks();

/** The checks of these ids; `stepped`: all of no racing threads; all without ids. */
function wanted(ids: readonly string[]): Check[] {
  if (ids.length === 0) return [...checks.values()];
  if (ids[0] === 'stepped') return [...checks.values()].filter((check) => !isFree(check));
  if (ids[0] === 'free') return [...checks.values()].filter(isFree);
  return ids.map((id) => checks.get(id)!);
}

if (what === 'faults') {
  for (const [family = '', only] of names.map((name) => name.split('/'))) {
    const file = pathToFileURL(join(DIST, 'conformance/broken/faults', `${family}.js`)).href;
    const { FAULTS, NATIVE_FAULTS } = (await import(file)) as {
      FAULTS?: readonly AnyFault[];
      NATIVE_FAULTS?: readonly AnyFault[];
    };
    for (const fault of FAULTS ?? NATIVE_FAULTS ?? []) {
      if (only !== undefined && fault.name !== only) continue;
      const check = checks.get(fault.requirement);
      if (check === undefined) process.stdout.write(`no check       ${fault.requirement} ${fault.name}\n`);
      else await judge(buildFault(fault, root), `${fault.name} (phrase: ${fault.phrase})`, [check]);
    }
  }
} else if (what === 'odd' || what === 'lying') {
  const [name, ...ids] = names;
  const variant = (what === 'odd' ? ODD_DRAINS : LYING_DRAINS).find((one) => one.name === name);
  if (variant === undefined) throw new Error(`there is no ${what} drain '${name ?? ''}'`);
  await judge(buildVariant(variant, root, what), variant.name, wanted(ids));
} else {
  await judge(OWN_DRAINS[what] ?? resolve(what), what, wanted(names));
}
