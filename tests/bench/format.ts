import { median, percentile } from './stats';

/** Milliseconds for a person: `0.84 ms`, `12.3 ms`, `412 ms`, `1.94 s`. */
export function ms(value: number): string {
  if (Number.isNaN(value)) return 'nothing';
  if (value >= 1000) return `${(value / 1000).toFixed(2)} s`;
  return `${value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : 2)} ms`;
}

/** The median of milliseconds, and where nine of ten of them lie. */
export function spread(values: readonly number[]): string {
  return `${ms(median(values))} (${ms(percentile(values, 0.05))} to ${ms(percentile(values, 0.95))})`;
}

export function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}
