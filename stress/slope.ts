/** The slope of a noisy series and its confidence interval. */

export interface Slope {
  /** y by x. */
  readonly slope: number;
  /** 95 % confidence interval. */
  readonly lower: number;
  readonly upper: number;
}

/**
 * Neighbouring samples of memory resemble each other: points of one block count as one. With so many blocks what is left of the
 * likeness is small beside the interval.
 */
const BLOCKS = 20;
/** Fewer points have no interval worth the name. */
const LEAST_POINTS = 8;
/** Two-sided 95 % quantiles of Student's t, by degrees of freedom from 1 on. */
const STUDENT = [
  12.71, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131, 2.12, 2.11,
  2.101,
];

/** Least squares over block means; undefined for fewer than 8 points. Points are [x, y] with x rising. */
export function slopeOf(points: readonly (readonly [number, number])[]): Slope | undefined {
  if (points.length < LEAST_POINTS) return undefined;
  const blocks = Math.min(BLOCKS, points.length);
  const means = Array.from({ length: blocks }, (_, i) => {
    const part = points.slice(Math.floor((i * points.length) / blocks), Math.floor(((i + 1) * points.length) / blocks));
    return [mean(part.map(([x]) => x)), mean(part.map(([, y]) => y))] as const;
  });
  const [midX, midY] = [mean(means.map(([x]) => x)), mean(means.map(([, y]) => y))];
  const spread = means.reduce((sum, [x]) => sum + (x - midX) ** 2, 0);
  const slope = means.reduce((sum, [x, y]) => sum + (x - midX) * (y - midY), 0) / spread;
  const left = means.reduce((sum, [x, y]) => sum + (y - midY - slope * (x - midX)) ** 2, 0);
  const half = STUDENT[blocks - 3]! * Math.sqrt(left / (blocks - 2) / spread);
  return { slope, lower: slope - half, upper: slope + half };
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
