/**
 * For whoever writes a check: judges some checks on a drain module, or on broken drains.
 *
 *     node dist/conformance/broken/try-check.js reference LANE-ORDER LOSS-TORN   these checks on the reference
 *     node dist/conformance/broken/try-check.js native                           all checks on the native drain
 *     node dist/conformance/broken/try-check.js faults lane                      each fault of faults/lane.ts by its own check
 *     node dist/conformance/broken/try-check.js odd half-capacity LANE-ORDER     these checks on a drain of odd/; all without ids
 *     node dist/conformance/broken/try-check.js lying does-nothing               the same for a drain that lies
 */
import { readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { takeDefinedChecks, type Check } from '../check.js';
import { SubjectClient } from '../client/subject-client.js';
import { judgeCheck } from '../judge.js';
import { LYING_DRAINS } from '../odd/lying-drains.js';
import { ODD_DRAINS } from '../odd/odd-drains.js';
import { buildBroken, buildVariant } from './build.js';
import type { Fault } from './fault.js';

const dist = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const root = dirname(dist);

async function loadChecks(): Promise<Map<string, Check>> {
  const folder = join(dist, 'conformance', 'checks');
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    if (file.endsWith('.check.js')) await import(pathToFileURL(join(folder, file)).href);
  }
  return new Map(takeDefinedChecks().map((check) => [check.id, check]));
}

async function judge(modulePath: string, name: string, checks: readonly Check[]): Promise<void> {
  const client = new SubjectClient([
    process.execPath,
    join(dist, 'conformance', 'subject', 'main.js'),
    modulePath,
    '--workers',
    join(dist, 'reference', 'index.js'),
    '--native',
    join(dist, 'native', 'index.js'),
  ]);
  for (const check of checks) {
    const verdict = await judgeCheck(check, client, {
      drain: name,
      seed: 1,
      replayCommand: (token) => `--replay ${token}`,
    });
    process.stdout.write(
      `${verdict.verdict.padEnd(14)} ${check.id.padEnd(26)} ${name}  ${verdict.durationMs} ms  ${verdict.reason}\n`,
    );
  }
  await client.close();
}

const [what = 'reference', ...names] = process.argv.slice(2);
const checks = await loadChecks();
if (what === 'faults') {
  for (const family of names) {
    const { FAULTS } = (await import(pathToFileURL(join(dist, 'conformance/broken/faults', `${family}.js`)).href)) as {
      FAULTS: readonly Fault[];
    };
    for (const fault of FAULTS) {
      const check = checks.get(fault.requirement);
      if (check === undefined) process.stdout.write(`no check       ${fault.requirement} ${fault.name}\n`);
      else await judge(buildBroken(fault, root), `${fault.name} (phrase: ${fault.phrase})`, [check]);
    }
  }
} else if (what === 'odd' || what === 'lying') {
  const [name, ...ids] = names;
  const variant = (what === 'odd' ? ODD_DRAINS : LYING_DRAINS).find((one) => one.name === name);
  if (variant === undefined) throw new Error(`there is no ${what} drain '${name ?? ''}'`);
  await judge(
    buildVariant(variant, root, what),
    variant.name,
    ids.length === 0 ? [...checks.values()] : ids.map((id) => checks.get(id)!),
  );
} else {
  const path = what === 'reference' || what === 'native' ? join(dist, what, 'index.js') : resolve(what);
  await judge(path, what, names.length === 0 ? [...checks.values()] : names.map((name) => checks.get(name)!));
}
