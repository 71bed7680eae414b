import { memo } from 'react';
import { columnWidth, type GridGeometry, ROW_PX } from '@/artifacts/sheet/grid/geometry';
import { ResizeHandle } from '@/artifacts/sheet/grid/resize-handle';
import { isNumeric } from '@/artifacts/sheet/numbers';
import type { Row } from '@/artifacts/sheet/sheet';
import { cn } from '@/components/ui/class-names';

/** Longer cells are truncated; opening a cell shows all of it. */
const MAX_CELL_CHARS = 300;

const CELL_CLASSES = [
  'relative block shrink-0 truncate border-r px-2.5 leading-8',
  'data-active:bg-transparent data-active:outline-2 data-active:outline-ring/40',
  'data-active:-outline-offset-2 group-focus-within/sheet:data-active:outline-ring',
];
const ROW_HEADER_CLASSES = [
  'sticky left-0 z-1 block shrink-0 border-r bg-muted px-2 text-right font-normal',
  'text-muted-foreground text-xs leading-8 tabular-nums',
];

export const cellId = (grid: string, row: number, column: number) => `${grid}-${row}-${column}`;

export type SheetRowProps = {
  /** The grid's id. */
  grid: string;
  /** Counted from 0, the header row. */
  index: number;
  row: Row | undefined;
  geometry: GridGeometry;
  firstColumn: number;
  lastColumn: number;
  /** The first and last selected columns; none if `selectedTo` < `selectedFrom`. */
  selectedFrom: number;
  selectedTo: number;
  /** The column of the active cell if it is in this row; else -1. */
  activeColumn: number;
};

/** Returns the props that data cells and header cells share. */
function cellProps(props: SheetRowProps, column: number) {
  const { grid, index, geometry, firstColumn, selectedFrom, selectedTo, activeColumn } = props;
  return {
    id: cellId(grid, index, column),
    'aria-colindex': column + 2,
    'aria-selected': column >= selectedFrom && column <= selectedTo,
    'data-active': column === activeColumn || undefined,
    style: {
      width: columnWidth(geometry, column),
      marginLeft: column === firstColumn ? geometry.offsets[column] : undefined,
    },
  };
}

function visibleColumns({ firstColumn, lastColumn }: SheetRowProps): number[] {
  return Array.from({ length: lastColumn - firstColumn + 1 }, (_, index) => firstColumn + index);
}

function truncateCell(text: string): string {
  return text.length > MAX_CELL_CHARS ? `${text.slice(0, MAX_CELL_CHARS)}…` : text;
}

/** A data row, with the cells of the visible columns. */
export const SheetRow = memo(function SheetRow(props: SheetRowProps) {
  const { index, row, geometry, selectedFrom, selectedTo } = props;
  return (
    <tr
      aria-rowindex={index + 1}
      className="absolute left-0 flex w-max border-b bg-card text-sm"
      style={{ height: ROW_PX, top: (index - 1) * ROW_PX }}
    >
      <th
        scope="row"
        aria-colindex={1}
        className={cn(ROW_HEADER_CLASSES, selectedFrom <= selectedTo && 'text-foreground')}
        style={{ width: geometry.rowHeaderWidth }}
      >
        {index}
      </th>
      {visibleColumns(props).map((column) => {
        const text = row?.cells[column] ?? '';
        return (
          <td
            key={column}
            dir="auto"
            {...cellProps(props, column)}
            className={cn(
              CELL_CLASSES,
              isNumeric(text) ? 'text-right tabular-nums' : 'text-start',
              column >= selectedFrom && column <= selectedTo && 'bg-primary/12',
            )}
          >
            {truncateCell(text)}
          </td>
        );
      })}
    </tr>
  );
});

type HeaderRowProps = SheetRowProps & {
  /** Columns of numbers: their names are right-aligned like the numbers. */
  numericColumns: ReadonlySet<number>;
  onResize: (column: number, width: number | null) => void;
};

/** The first row: the names of the columns. */
export function HeaderRow(props: HeaderRowProps) {
  const { row, geometry, selectedFrom, selectedTo, numericColumns, onResize } = props;
  return (
    <tr
      aria-rowindex={1}
      className="flex w-max border-b bg-muted text-sm"
      style={{ height: ROW_PX }}
    >
      <td
        aria-colindex={1}
        className={cn(ROW_HEADER_CLASSES)}
        style={{ width: geometry.rowHeaderWidth }}
      />
      {visibleColumns(props).map((column) => (
        <th
          key={column}
          dir="auto"
          scope="col"
          {...cellProps(props, column)}
          className={cn(
            CELL_CLASSES,
            'font-medium',
            numericColumns.has(column) ? 'text-right' : 'text-start',
            column >= selectedFrom && column <= selectedTo && 'bg-primary/12',
          )}
        >
          {truncateCell(row?.cells[column] ?? '')}
          <ResizeHandle
            width={columnWidth(geometry, column)}
            onResize={(width) => onResize(column, width)}
          />
        </th>
      ))}
    </tr>
  );
}
