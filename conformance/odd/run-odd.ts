/**
 * Judges every odd and every lying drain by every check, and prints what became of each; exit code 1 if an odd one did not
 * pass all that it claims, or a liar was believed where it matters.
 *
 *     npm run odd                                    all of them
 *     npm run odd -- half-capacity polls             these
 *     npm run odd -- polls --id QUEUE-WAKE --seed 7  by these checks, from this seed
 */
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { buildVariant } from '../broken/build.js';
import { judgeDrain, loadChecks } from '../broken/trial.js';
import type { Limits } from '../client/limits.js';
import { DIST } from '../runner/drains.js';
import { LYING_DRAINS } from './lying-drains.js';
import { ODD_DRAINS } from './odd-drains.js';
import { believed, countOf, falseAlarms, isLiedAbout } from './trial.js';

/** Liars stall: they are waited for less than a user's drain. */
const LIMITS: Limits = { openMs: 20_000, steppedMs: 10_000, freeMs: 40_000, closeMs: 2_000 };

const { values, positionals } = parseArgs({
  options: { id: { type: 'string', multiple: true }, seed: { type: 'string', default: '1' } },
  allowPositionals: true,
});
const asked = [
  ...ODD_DRAINS.map((variant) => ({ kind: 'odd' as const, variant, lies: [] as readonly string[] })),
  ...LYING_DRAINS.map((variant) => ({ kind: 'lying' as const, variant, lies: variant.lies })),
].filter(({ variant }) => positionals.length === 0 || positionals.includes(variant.name));
const checks = [...(await loadChecks()).values()].filter(({ id }) => values.id?.includes(id) !== false);

const table = new Table({
  style: { head: [], border: [] },
  head: ['drain', 'kind', 'claimed', 'passed', 'failed', 'inconclusive', 'not applicable', 'as it must be'],
});
const problems: string[] = [];
for (const { kind, variant, lies } of asked) {
  process.stderr.write(`${variant.name} ...\n`);
  const path = buildVariant(variant, dirname(DIST), kind);
  const verdicts = await judgeDrain(path, variant.name, checks, { seed: Number(values.seed), limits: LIMITS });
  const found = kind === 'odd' ? falseAlarms(verdicts) : believed({ lies }, verdicts);
  problems.push(...found.map((text) => `${variant.name}: ${text}`));
  const matters = verdicts.filter(({ id }) => isLiedAbout({ lies }, id)).length;
  table.push([
    variant.name,
    kind === 'odd' ? kind : `lies about ${matters}`,
    verdicts.length - countOf(verdicts, 'not-applicable'),
    countOf(verdicts, 'pass'),
    countOf(verdicts, 'fail', 'error'),
    countOf(verdicts, 'inconclusive'),
    countOf(verdicts, 'not-applicable'),
    found.length === 0 ? 'yes' : `no (${found.length})`,
  ]);
}
process.stdout.write(`${table.toString()}\n${problems.map((text) => `${text}\n`).join('')}`);
if (asked.length === 0) process.stdout.write(`there is no drain called ${positionals.join(' or ')}\n`);
process.exitCode = problems.length > 0 || asked.length === 0 ? 1 : 0;
