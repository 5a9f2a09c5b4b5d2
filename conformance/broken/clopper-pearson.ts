/** Exact (Clopper-Pearson) bounds of a probability, from the binomial distribution alone. */

/** P(X <= k) for X binomial(n, p), by logarithms of its terms; exact to about 1e-12. */
export function binomialAtMost(k: number, n: number, p: number): number {
  if (k >= n || p <= 0) return 1;
  if (p >= 1) return 0;
  let logTerm = n * Math.log1p(-p);
  let sum = Math.exp(logTerm);
  for (let i = 1; i <= k; i += 1) {
    logTerm += Math.log((n - i + 1) / i) + Math.log(p) - Math.log1p(-p);
    sum += Math.exp(logTerm);
  }
  return Math.min(1, sum);
}

/**
 * The upper end of the two-sided 95 % Clopper-Pearson interval: the largest rate of which `seen` or fewer hits in
 * `runs` would still be seen with probability 2.5 %. 0 of 100 gives 0.0362 (one-sided it would be 0.0295).
 * @throws RangeError unless 0 <= seen <= runs and runs >= 1, both whole
 */
export function upperBound(seen: number, runs: number, tail = 0.025): number {
  if (!Number.isInteger(seen) || !Number.isInteger(runs) || runs < 1 || seen < 0 || seen > runs)
    throw new RangeError(`${seen} of ${runs}: expected whole numbers, 0 <= seen <= runs, runs >= 1`);
  if (seen === runs) return 1;
  let low = seen / runs;
  let high = 1;
  for (let i = 0; i < 60; i += 1) {
    const middle = (low + high) / 2;
    if (binomialAtMost(seen, runs, middle) > tail) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
