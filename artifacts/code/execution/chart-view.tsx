'use client';

import type { Chart } from '@/artifacts/code/execution/protocol';
import { linearScale, type Scale, tickLabel } from '@/artifacts/code/execution/scale';

const WIDTH = 560;
const HEIGHT = 300;
const LEFT = 56;
const RIGHT = 24;
const TOP = 12;
const BOTTOM = 40;
/** More labels do not fit on the x axis. */
const MAX_CATEGORY_LABELS = 10;

/** A chart in the colors of the theme. */
export function ChartView({ chart }: { chart: Chart }) {
  const { series, categories, kind } = chart;
  const points = series.flatMap((line) => line.points);
  const ys = points.map(([, y]) => y);
  const isBarChart = kind === 'bar';
  const xs = points.map(([x]) => x);
  const barPadding = isBarChart ? minDistance(xs) / 2 : 0;
  const x = linearScale(
    [minOf(xs) - barPadding, -minOf(xs.map((value) => -value)) + barPadding],
    [LEFT, WIDTH - RIGHT],
    7,
  );
  const y = linearScale(isBarChart ? [...ys, 0] : ys, [HEIGHT - BOTTOM, TOP]);
  return (
    <figure className="max-w-2xl font-sans">
      {chart.title && <figcaption className="pb-1 font-medium text-sm">{chart.title}</figcaption>}
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={chartLabel(chart)}
        className="h-auto w-full text-muted-foreground"
      >
        <g fontSize="11" fill="currentColor">
          {y.ticks.map((tick) => (
            <g key={tick}>
              <line
                x1={LEFT}
                x2={WIDTH - RIGHT}
                y1={y.toPosition(tick)}
                y2={y.toPosition(tick)}
                stroke="var(--border)"
              />
              <text x={LEFT - 6} y={y.toPosition(tick)} dy="0.32em" textAnchor="end">
                {tickLabel(tick)}
              </text>
            </g>
          ))}
          {xAxisLabels(categories, x).map(([value, name]) => (
            <text key={value} x={x.toPosition(value)} y={HEIGHT - BOTTOM + 15} textAnchor="middle">
              {name}
            </text>
          ))}
          <text x={(LEFT + WIDTH - RIGHT) / 2} y={HEIGHT - 6} textAnchor="middle">
            {chart.xlabel}
          </text>
          <text
            transform={`translate(11 ${(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)`}
            textAnchor="middle"
          >
            {chart.ylabel}
          </text>
        </g>
        {series.map(({ name, points }, index) => (
          <g key={name} color={seriesColor(index)}>
            {kind === 'line' && <Line points={points} x={x} y={y} />}
            {kind === 'scatter' && <Dots points={points} x={x} y={y} />}
            {isBarChart && (
              <Bars
                points={points}
                x={x}
                y={y}
                position={[index, series.length]}
                slotWidth={2 * barPadding}
              />
            )}
          </g>
        ))}
      </svg>
      {series.some(({ name }) => name) && (
        <ul className="flex flex-wrap gap-x-4 gap-y-1 pt-1 text-muted-foreground text-xs">
          {series.map(({ name }, index) => (
            <li key={name} className="flex items-center gap-1.5">
              <span className="size-2.5 rounded-full" style={{ background: seriesColor(index) }} />
              {name}
            </li>
          ))}
        </ul>
      )}
    </figure>
  );
}

type SeriesProps = { points: Array<[number, number]>; x: Scale; y: Scale };

function Line({ points, x, y }: SeriesProps) {
  const path = points
    .map(([a, b]) => `${x.toPosition(a).toFixed(1)},${y.toPosition(b).toFixed(1)}`)
    .join(' ');
  return (
    <polyline
      points={path}
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinejoin="round"
    />
  );
}

function Dots({ points, x, y }: SeriesProps) {
  return points.map(([a, b], index) => (
    <circle
      // biome-ignore lint/suspicious/noArrayIndexKey: points never move
      key={index}
      cx={x.toPosition(a)}
      cy={y.toPosition(b)}
      r="3"
      fill="currentColor"
      fillOpacity="0.75"
    />
  ));
}

/** `position`: index and number of bars at one x; `slotWidth`: their total width in units of x. */
function Bars({
  points,
  x,
  y,
  position,
  slotWidth,
}: SeriesProps & { position: [number, number]; slotWidth: number }) {
  const [index, count] = position;
  const groupWidth = Math.max(1, (x.toPosition(slotWidth) - x.toPosition(0)) * 0.8);
  const width = groupWidth / count;
  return points.map(([a, b]) => {
    const top = Math.min(y.toPosition(b), y.toPosition(0));
    const height = Math.abs(y.toPosition(b) - y.toPosition(0));
    const left = x.toPosition(a) - groupWidth / 2 + index * width;
    return <rect key={a} x={left} y={top} width={width} height={height} fill="currentColor" />;
  });
}

function minOf(values: number[]): number {
  return values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
}

/** The smallest distance between two different values; 1 if there is only one. */
function minDistance(xs: number[]): number {
  const values = [...new Set(xs)].sort((a, b) => a - b);
  const gaps = values.slice(1).map((value, index) => value - (values[index] as number));
  return gaps.length > 0 ? minOf(gaps) : 1;
}

function xAxisLabels(categories: string[] | null, x: Scale): Array<[value: number, name: string]> {
  if (!categories) return x.ticks.map((tick) => [tick, tickLabel(tick)]);
  const step = Math.ceil(categories.length / MAX_CATEGORY_LABELS);
  const named = categories.map((name, index): [number, string] => [index, name]);
  return named
    .filter(([index]) => index % step === 0)
    .map(([index, name]) => [index, truncateLabel(name)]);
}

function truncateLabel(name: string): string {
  return name.length > 12 ? `${name.slice(0, 11)}…` : name;
}

function seriesColor(index: number): string {
  return `var(--series-${(index % 6) + 1})`;
}

function chartLabel({ title, kind, series }: Chart): string {
  const count = series.reduce((sum, { points }) => sum + points.length, 0);
  return `${title || 'Chart'}: ${kind}, ${count} points`;
}
