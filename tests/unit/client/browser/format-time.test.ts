import { describe, expect, it } from 'vitest';
import {
  formatDuration,
  formatExactTime,
  formatRelativeTime,
} from '@/lib/client/browser/format-time';

const NOW = Date.parse('2026-11-30T12:00:00Z');
const relative = (secondsAgo: number, locale = 'en') =>
  formatRelativeTime(new Date(NOW - secondsAgo * 1_000), NOW, locale);

describe('a time relative to now', () => {
  it('is in the largest unit', () => {
    const texts = [0, 59, 60, 3_599, 7_200, 86_400, 8 * 86_400, 61 * 86_400, 800 * 86_400];
    expect(texts.map((seconds) => relative(seconds))).toEqual([
      'now',
      'now',
      '1 minute ago',
      '59 minutes ago',
      '2 hours ago',
      'yesterday',
      'last week',
      '2 months ago',
      '2 years ago',
    ]);
  });

  it('is never in the future, whatever the clocks say', () => {
    expect(relative(-300)).toBe('now');
  });

  it('is in the given locale', () => {
    expect(relative(300, 'de')).toBe('vor 5 Minuten');
    expect(formatExactTime(new Date(NOW), 'de')).toContain('30. November 2026');
  });
});

describe('a duration', () => {
  it('has a unit that fits', () => {
    const durations = [0, 320, 999, 1_000, 1_449, 59_949, 59_950, 125_400].map((ms) =>
      formatDuration(ms, 'en'),
    );
    expect(durations).toEqual([
      '0 ms',
      '320 ms',
      '999 ms',
      '1 sec',
      '1.4 sec',
      '59.9 sec',
      '1 min 0 sec',
      '2 min 5 sec',
    ]);
  });
});
