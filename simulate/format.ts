/** Numbers for tables and axes: the same on every machine. */

/** `1,234,567`. */
export function whole(n: number): string {
  return String(Math.round(n)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `950`, `12.3 k`, `4.56 M`, `7.8 G`. */
export function large(n: number): string {
  const at = n < 1000 ? 0 : n < 1e6 ? 1 : n < 1e9 ? 2 : 3;
  const value = n / 1000 ** at;
  return at === 0 ? trim(value, 1) : `${trim(value, value < 10 ? 2 : value < 100 ? 1 : 0)} ${'kMG'[at - 1]}`;
}

/** `120 ns`, `3.4 µs`, `12 ms`, `1.5 s`. */
export function span(ns: number): string {
  const at = ns < 1000 ? 0 : ns < 1e6 ? 1 : ns < 1e9 ? 2 : 3;
  const value = ns / 1000 ** at;
  return `${trim(value, value < 10 ? 2 : value < 100 ? 1 : 0)} ${['ns', 'µs', 'ms', 's'][at]}`;
}

/** At most so many decimals, none that say nothing. */
export function trim(value: number, decimals: number): string {
  return String(Number(value.toFixed(decimals)));
}

/** Never rounded up to 1: three decimals, downwards. */
export function part(value: number): string {
  return (Math.floor(value * 1000 + 1e-9) / 1000).toFixed(3);
}
