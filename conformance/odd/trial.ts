/** What odd and lying drains must come to, and what they came to. */
import type { Check } from '../check.js';
import { isFree } from '../racing.js';
import type { VerdictRecord } from '../judge.js';
import type { Liar } from './lying-drains.js';

/** True for a requirement that the drain lies about. */
export function isLiedAbout({ lies }: Pick<Liar, 'lies'>, id: string): boolean {
  return lies.some((lie) => id === lie || id.startsWith(`${lie}-`));
}

/** Verdicts that an odd drain must not have, in words: it passes all that it claims. */
export function falseAlarms(verdicts: readonly VerdictRecord[]): string[] {
  return verdicts
    .filter(({ verdict }) => verdict !== 'pass' && verdict !== 'not-applicable')
    .map(({ id, verdict, reason }) => `${id} ${verdict}: ${reason}`);
}

/** Verdicts that a liar must not have, in words: no pass in what it lies about, and it never makes the suite itself fail. */
export function believed(liar: Pick<Liar, 'lies'>, verdicts: readonly VerdictRecord[]): string[] {
  return verdicts
    .filter(({ id, verdict }) => verdict === 'error' || (isLiedAbout(liar, id) && !isDisbelief(verdict)))
    .map(({ id, verdict, reason }) => `${id} ${verdict}: ${reason}`);
}

const isDisbelief = (verdict: VerdictRecord['verdict']): boolean => verdict === 'fail' || verdict === 'inconclusive';

/** How many verdicts there are of each kind. */
export function countOf(verdicts: readonly VerdictRecord[], ...kinds: readonly VerdictRecord['verdict'][]): number {
  return verdicts.filter(({ verdict }) => kinds.includes(verdict)).length;
}

/** Of the checks without racing threads: their written scenarios, and of every `nth` check (beginning at one of them) all. */
export function sampled(checks: Iterable<Check>, nth: number, begin: number): Check[] {
  return [...checks]
    .filter((check) => !isFree(check))
    .map((check, i): Check => {
      const { generated, ...written } = check;
      if (generated === undefined || i % nth === begin % nth) return check;
      const runs = check.scenarios === undefined ? Math.ceil(generated.runs / nth) : 0;
      return runs === 0 ? written : { ...check, generated: { ...generated, runs } };
    });
}
