/** How far two sets of samples lie apart, by ranks alone: no distribution of the noise is assumed. */

/** The confidence of every interval. */
export const CONFIDENCE = 0.99;
const TAIL = (1 - CONFIDENCE) / 2;
/** From here on the normal distribution is as good as the exact one. */
const EXACT_AT_MOST = 100;
/** The normal deviate that TAIL lies beyond. */
const DEVIATE = 2.5758;

/**
 * Confidence interval of the shift from `before` to `after`: what the two-sided Mann-Whitney test does not rule out.
 * Undefined when so few samples rule out nothing at this confidence (fewer than 5 on both sides, for example).
 */
export function shiftInterval(
  before: readonly number[],
  after: readonly number[],
): readonly [low: number, high: number] | undefined {
  const beyond = mostBeyond(before.length, after.length);
  if (beyond < 0) return undefined;
  const shifts = after.flatMap((b) => before.map((a) => b - a)).sort((a, b) => a - b);
  return [shifts[beyond]!, shifts[shifts.length - 1 - beyond]!];
}

/** The largest u with P(U <= u) <= TAIL, of the Mann-Whitney statistic of n and m samples of one distribution; -1: there is none. */
export function mostBeyond(n: number, m: number): number {
  if (n === 0 || m === 0) return -1;
  if (n + m > EXACT_AT_MOST)
    return Math.max(-1, Math.floor((n * m) / 2 - DEVIATE * Math.sqrt((n * m * (n + m + 1)) / 12) - 0.5));
  const ways = waysOf(n, m);
  const limit = TAIL * ways.reduce((sum, one) => sum + one, 0);
  let sum = 0;
  let u = 0;
  while (sum + ways[u]! <= limit) sum += ways[u++]!;
  return u - 1;
}

/** How many orders of n and m samples give each value of U: the Gaussian binomial coefficient, factor by factor. */
function waysOf(n: number, m: number): Float64Array {
  const ways = new Float64Array(n * m + 1);
  ways[0] = 1;
  for (let i = 1; i <= n; i += 1) {
    for (let u = n * m; u >= m + i; u -= 1) ways[u]! -= ways[u - m - i]!;
    for (let u = i; u <= n * m; u += 1) ways[u]! += ways[u - i]!;
  }
  return ways;
}
