'use client';

import { useEffect, useLayoutEffect, useMemo, useReducer, useRef, useState } from 'react';
import { createReader } from '@/artifacts/sheet/csv/parse';
import { writeSheet } from '@/artifacts/sheet/csv/write';
import { begin, reduce, sheetWithDraft } from '@/artifacts/sheet/editor-state';
import { type Geometry, measure } from '@/artifacts/sheet/grid/geometry';
import { isNumeric } from '@/artifacts/sheet/numbers';
import type { Sheet } from '@/artifacts/sheet/sheet';
import type { ViewProps } from '@/artifacts/view-props';

/** The sheet that a view shows: as it is being written, or as the person works on it. */
export function useSheet({
  content,
  mode,
  onEdit,
}: Pick<ViewProps, 'content' | 'mode' | 'onEdit'>) {
  const [read] = useState(createReader);
  const [state, dispatch] = useReducer(reduce, null, () =>
    begin(read(content, mode !== 'streaming')),
  );
  const stateRef = useRef(state);
  useLayoutEffect(() => {
    stateRef.current = state;
  }, [state]);

  const shown = useRef({ content, mode });
  useLayoutEffect(() => {
    const last = shown.current;
    if (last.content === content && last.mode === mode) return;
    shown.current = { content, mode };
    // While editing, changes of the content are the person's own.
    if (mode === 'editing' && last.mode === 'editing') return;
    dispatch({ type: 'load', sheet: read(content, mode !== 'streaming') });
  }, [content, mode, read]);

  const editing = mode === 'editing';
  const { changes } = state;
  const tell = useRef(onEdit);
  useLayoutEffect(() => {
    tell.current = onEdit;
  }, [onEdit]);
  useEffect(() => {
    if (editing && changes > 0) tell.current(() => writeSheet(sheetWithDraft(stateRef.current)));
  }, [editing, changes]);

  return { state, stateRef, dispatch };
}

/** The widths of columns: as their content asks, or as the person chose. */
export function useGeometry(sheet: Sheet) {
  const [chosen, setChosen] = useState<ReadonlyMap<number, number>>(new Map());
  const last = useRef<Geometry>(undefined);
  const geometry = useMemo(() => {
    const next = measure(sheet, chosen);
    // Rows are drawn again only where something has moved.
    if (!last.current || !isSame(last.current, next)) last.current = next;
    return last.current;
  }, [sheet, chosen]);

  function resize(column: number, width: number | null) {
    setChosen((before) => {
      const after = new Map(before);
      if (width === null) after.delete(column);
      else after.set(column, width);
      return after;
    });
  }
  return { geometry, resize };
}

function isSame(one: Geometry, other: Geometry): boolean {
  return (
    one.gutter === other.gutter &&
    one.offsets.length === other.offsets.length &&
    one.offsets.every((offset, index) => offset === other.offsets[index])
  );
}

const SAMPLE = 20;

/** The columns whose first rows are mostly numbers; the same set while they stay the same. */
export function useNumericColumns(sheet: Sheet): ReadonlySet<number> {
  const key = useMemo(() => numericColumns(sheet).join(), [sheet]);
  return useMemo(() => new Set(key === '' ? [] : key.split(',').map(Number)), [key]);
}

/** Looks at each cell of the first rows that is there once. */
function numericColumns({ rows, width }: Sheet): number[] {
  const filled = new Uint8Array(width);
  const numbers = new Uint8Array(width);
  for (const { cells } of rows.slice(1, SAMPLE + 1)) {
    for (let column = 0; column < cells.length; column++) {
      const cell = cells[column] as string;
      if (cell === '') continue;
      filled[column] = (filled[column] ?? 0) + 1;
      if (isNumeric(cell)) numbers[column] = (numbers[column] ?? 0) + 1;
    }
  }
  const columns: number[] = [];
  for (let column = 0; column < width; column++) {
    if ((numbers[column] ?? 0) * 2 > (filled[column] ?? 0)) columns.push(column);
  }
  return columns;
}
