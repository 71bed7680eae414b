import { describe, expect, it } from 'vitest';
import { linearScale, tickLabel } from '@/artifacts/code/execution/scale';
import { buildChart } from '@/artifacts/code/sandbox/chart';

describe('a chart', () => {
  it('accepts plain values, x and y, and named series', () => {
    expect(buildChart([4, 5], undefined, {}).series).toEqual([
      {
        name: '',
        points: [
          [0, 4],
          [1, 5],
        ],
      },
    ]);
    expect(buildChart([1, 2], [3, 4], { label: 'a' }).series).toEqual([
      {
        name: 'a',
        points: [
          [1, 3],
          [2, 4],
        ],
      },
    ]);
    const named = buildChart(['x', 'y'], { a: [1, 2], b: [3, 4] }, { kind: 'bar', title: 'T' });
    expect(named).toMatchObject({ kind: 'bar', title: 'T', categories: ['x', 'y'] });
    expect(named.series.map(({ name }) => name)).toEqual(['a', 'b']);
  });

  it('skips values that are not numbers, and downsamples too many points', () => {
    expect(buildChart([1, Number.NaN, 'x', 3], undefined, {}).series[0]?.points).toEqual([
      [0, 1],
      [3, 3],
    ]);
    const largeChart = buildChart(
      Array.from({ length: 20_000 }, (_, i) => i),
      undefined,
      {},
    );
    expect(largeChart.series[0]?.points.length).toBeLessThanOrEqual(5_000);
  });

  it.each<[unknown, unknown, object, RegExp]>([
    [[1, 2], [1], {}, /x has 2 values, but y has 1/],
    [[], undefined, {}, /no numbers/],
    [7, undefined, {}, /lists of numbers/],
    [[1], undefined, { kind: 'pie' }, /kind must be one of/],
  ])('rejects invalid data with a clear error (%o, %o, %o)', (xs, ys, options, message) => {
    expect(() => buildChart(xs, ys, options)).toThrow(message);
  });
});

describe('a chart scale', () => {
  it('places values within the plot, with round ticks', () => {
    const { toPosition, ticks } = linearScale([0, 9.7], [0, 97]);
    expect([toPosition(0), toPosition(9.7)]).toEqual([0, 97]);
    expect(ticks).toEqual([0, 2, 4, 6, 8]);
    expect(linearScale([0.1, 0.3], [0, 1]).ticks).toEqual([0.1, 0.15, 0.2, 0.25, 0.3]);
  });

  it('has no ticks between integers', () => {
    expect(linearScale([2020, 2022], [0, 1], 7).ticks).toEqual([2020, 2021, 2022]);
  });

  it('works with a single value', () => {
    const { toPosition, ticks } = linearScale([5, 5], [0, 10]);
    expect(toPosition(5)).toBe(5);
    expect(ticks).toContain(5);
  });

  it.each([
    [[-5e-324, 5e-324]],
    [[0, 5e-324]],
    [[-1e308, 1e308]],
    [[1e308]],
    [[-Number.MAX_VALUE, Number.MAX_VALUE]],
    [[Number.MAX_VALUE]],
    [[Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]],
    [[0.1, 0.1 + 1.4e-17]],
    [[1e16, 1e16 + 2]],
    [[]],
  ])('keeps %j within the range, with few ticks or none', (values) => {
    const { toPosition, ticks } = linearScale(values, [0, 100]);
    expect(ticks.length).toBeLessThan(20);
    expect(ticks.every(Number.isFinite)).toBe(true);
    for (const value of [...values, ...ticks]) {
      expect(toPosition(value)).toBeGreaterThanOrEqual(-1e-6);
      expect(toPosition(value)).toBeLessThanOrEqual(100 + 1e-6);
    }
  });

  it('abbreviates large numbers', () => {
    expect([tickLabel(1e308), tickLabel(-2.5e-300)]).toEqual(['1E308', '-2.5E-300']);
    expect([tickLabel(2025), tickLabel(12_340), tickLabel(2_500_000), tickLabel(0.25)]).toEqual([
      '2025',
      '12,340',
      '2.5M',
      '0.25',
    ]);
  });
});
