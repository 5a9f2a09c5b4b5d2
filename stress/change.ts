/** Whether two sets of samples of one metric differ beyond noise. */
import { median } from './case.js';
import { CONFIDENCE, shiftInterval } from './rank-interval.js';

/** A smaller difference of the medians is no change, however sure it is. */
export const FLOOR = 0.05;
/** Noise that could hide a larger difference than this leaves the question open. */
export const HIDDEN = 0.25;

export type ChangeVerdict = 'better' | 'worse' | 'same' | 'cannot tell';

export interface Change {
  readonly verdict: ChangeVerdict;
  /** after / before, of the medians; absent where a sample is not positive. */
  readonly ratio?: number;
  /** In words. */
  readonly reason: string;
}

export interface Metric {
  /** Larger is better. */
  readonly larger: boolean;
  /** What a difference is told by where samples are not positive; 0 or absent: the largest sample. */
  readonly scale?: number;
}

/** A scale on which a difference of 0 is no change and equal steps are equal changes. */
interface Scale {
  readonly of: (value: number) => number;
  /** The step that stands for a rise by this part. */
  readonly step: (part: number) => number;
  readonly words: (step: number) => string;
}

const percent = (part: number): string => `${part < 0 ? '−' : '+'}${(Math.abs(part) * 100).toFixed(1)} %`;

/** What parts grow by, for samples that are all positive. */
const RATIOS: Scale = { of: Math.log, step: Math.log1p, words: (step) => percent(Math.expm1(step)) };

const partsOf = (unit: number): Scale => ({ of: (value) => value / unit, step: (part) => part, words: percent });

/** Judges the samples of two sides by the interval of their shift, or, when there are too few for one, by a wide gap between them. */
export function changeOf(before: readonly number[], after: readonly number[], metric: Metric): Change {
  const all = [...before, ...after];
  if (before.length === 0 || after.length === 0)
    return { verdict: 'cannot tell', reason: `${before.length === 0 ? 'A' : 'B'} has no sample` };
  const positive = all.every((value) => value > 0);
  const ratio = positive ? { ratio: median(after) / median(before) } : {};
  if (all.every((value) => value === all[0])) return { verdict: 'same', ...ratio, reason: 'every sample is the same' };
  const unit = Math.abs(metric.scale ?? 0) || Math.max(...all.map(Math.abs));
  const scale = positive ? RATIOS : partsOf(unit);
  const [a, b] = [before.map(scale.of), after.map(scale.of)];
  const interval = shiftInterval(a, b);
  const judged = interval === undefined ? byGap(a, b, scale) : byInterval(median(b) - median(a), interval, scale);
  const verdict = judged.rise === 'cannot tell' ? judged.rise : verdictOf(judged.rise, metric.larger);
  return { verdict, ...ratio, reason: judged.reason };
}

/** Which way it went: 1 up, -1 down, 0 neither. */
interface Judged {
  readonly rise: -1 | 0 | 1 | 'cannot tell';
  readonly reason: string;
}

function verdictOf(rise: number, larger: boolean): ChangeVerdict {
  return rise === 0 ? 'same' : rise > 0 === larger ? 'better' : 'worse';
}

function byInterval(shift: number, [low, high]: readonly [number, number], { step, words }: Scale): Judged {
  const between = `between ${words(low)} and ${words(high)} (${CONFIDENCE * 100} % sure)`;
  if (low > 0 && shift > step(FLOOR)) return { rise: 1, reason: between };
  if (high < 0 && shift < -step(FLOOR)) return { rise: -1, reason: between };
  if (Math.max(-low, high) > step(HIDDEN)) return { rise: 'cannot tell', reason: `too noisy: ${between}` };
  const small = low > 0 || high < 0 ? `; less than ${FLOOR * 100} %` : '';
  return { rise: 0, reason: `${between}${small}` };
}

/** Too few samples for the test say something only when they lie far apart for how much they vary. */
function byGap(before: readonly number[], after: readonly number[], { step, words }: Scale): Judged {
  const few = `too few samples (${before.length} and ${after.length})`;
  if (Math.min(before.length, after.length) < 2) return { rise: 'cannot tell', reason: few };
  const [a, b] = [rangeOf(before), rangeOf(after)];
  const gap = Math.max(b.low - a.high, a.low - b.high);
  const spread = b.high - b.low + (a.high - a.low);
  if (gap < 2 * spread || gap < step(HIDDEN)) return { rise: 'cannot tell', reason: `${few} that lie too near` };
  const up = b.low > a.high;
  return { rise: up ? 1 : -1, reason: `${few}, but at least ${words(up ? gap : -gap)} apart` };
}

const rangeOf = (values: readonly number[]): { low: number; high: number } => ({
  low: Math.min(...values),
  high: Math.max(...values),
});
