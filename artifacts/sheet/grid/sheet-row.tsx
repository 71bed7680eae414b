import { memo } from 'react';
import { columnWidth, type Geometry, ROW_PX } from '@/artifacts/sheet/grid/geometry';
import { ResizeHandle } from '@/artifacts/sheet/grid/resize-handle';
import { isNumeric } from '@/artifacts/sheet/numbers';
import type { Row } from '@/artifacts/sheet/sheet';
import { cn } from '@/lib/client/utils';

/** More of a cell is not drawn; opening it shows all. */
const MAX_CHARS = 300;

const CELL = [
  'relative block shrink-0 truncate border-r px-2.5 leading-8',
  'data-active:bg-transparent data-active:outline-2 data-active:outline-ring/40',
  'data-active:-outline-offset-2 group-focus-within/sheet:data-active:outline-ring',
];
const NUMBER = [
  'sticky left-0 z-1 block shrink-0 border-r bg-muted px-2 text-right font-normal',
  'text-muted-foreground text-xs leading-8 tabular-nums',
];

export const cellId = (grid: string, row: number, column: number) => `${grid}-${row}-${column}`;

export type RowProps = {
  /** The grid's id. */
  grid: string;
  /** From 0, which is the row that names the columns. */
  index: number;
  row: Row | undefined;
  geometry: Geometry;
  firstColumn: number;
  lastColumn: number;
  /** The first and the last column that is selected; none where `to` < `from`. */
  from: number;
  to: number;
  /** The column that typing goes to, if it is in this row; else -1. */
  active: number;
};

/** What the cells of a row have in common, by column. */
function cellProps(props: RowProps, column: number) {
  const { grid, index, geometry, firstColumn, from, to, active } = props;
  return {
    id: cellId(grid, index, column),
    'aria-colindex': column + 2,
    'aria-selected': column >= from && column <= to,
    'data-active': column === active || undefined,
    style: {
      width: columnWidth(geometry, column),
      marginLeft: column === firstColumn ? geometry.offsets[column] : undefined,
    },
  };
}

function columnsOf({ firstColumn, lastColumn }: RowProps): number[] {
  return Array.from({ length: lastColumn - firstColumn + 1 }, (_, index) => firstColumn + index);
}

function shorten(text: string): string {
  return text.length > MAX_CHARS ? `${text.slice(0, MAX_CHARS)}…` : text;
}

/** A row, as far as it is drawn. */
export const SheetRow = memo(function SheetRow(props: RowProps) {
  const { index, row, geometry, from, to } = props;
  return (
    <tr
      aria-rowindex={index + 1}
      className="absolute left-0 flex w-max border-b bg-card text-sm"
      style={{ height: ROW_PX, top: (index - 1) * ROW_PX }}
    >
      <th
        scope="row"
        aria-colindex={1}
        className={cn(NUMBER, from <= to && 'text-foreground')}
        style={{ width: geometry.gutter }}
      >
        {index}
      </th>
      {columnsOf(props).map((column) => {
        const text = row?.cells[column] ?? '';
        return (
          <td
            key={column}
            dir="auto"
            {...cellProps(props, column)}
            className={cn(
              CELL,
              isNumeric(text) ? 'text-right tabular-nums' : 'text-start',
              column >= from && column <= to && 'bg-primary/12',
            )}
          >
            {shorten(text)}
          </td>
        );
      })}
    </tr>
  );
});

type HeadingRowProps = RowProps & {
  /** Columns of numbers: their names are set as they are. */
  numeric: ReadonlySet<number>;
  onResize: (column: number, width: number | null) => void;
};

/** The first row, which names the columns. */
export function HeadingRow(props: HeadingRowProps) {
  const { row, geometry, from, to, numeric, onResize } = props;
  return (
    <tr
      aria-rowindex={1}
      className="flex w-max border-b bg-muted text-sm"
      style={{ height: ROW_PX }}
    >
      <td aria-colindex={1} className={cn(NUMBER)} style={{ width: geometry.gutter }} />
      {columnsOf(props).map((column) => (
        <th
          key={column}
          dir="auto"
          scope="col"
          {...cellProps(props, column)}
          className={cn(
            CELL,
            'font-medium',
            numeric.has(column) ? 'text-right' : 'text-start',
            column >= from && column <= to && 'bg-primary/12',
          )}
        >
          {shorten(row?.cells[column] ?? '')}
          <ResizeHandle
            width={columnWidth(geometry, column)}
            onResize={(width) => onResize(column, width)}
          />
        </th>
      ))}
    </tr>
  );
}
