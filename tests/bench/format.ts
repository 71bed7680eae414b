import { median, percentile } from './stats';

/** Formats milliseconds: `0.84 ms`, `12.3 ms`, `412 ms`, `1.94 s`. */
export function formatMs(value: number): string {
  if (Number.isNaN(value)) return 'nothing';
  if (value >= 1000) return `${(value / 1000).toFixed(2)} s`;
  return `${value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : 2)} ms`;
}

/** Formats the median of milliseconds, with the 5th and the 95th percentile. */
export function formatDistribution(values: readonly number[]): string {
  return `${formatMs(median(values))} (${formatMs(percentile(values, 0.05))} to ${formatMs(percentile(values, 0.95))})`;
}

export function formatCount(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}
