'use client';

import { useEffect, useLayoutEffect, useMemo, useReducer, useRef, useState } from 'react';
import { createSheetParser } from '@/artifacts/sheet/csv/parse';
import { serializeSheet } from '@/artifacts/sheet/csv/write';
import {
  createEditorState,
  reduceEditorState,
  sheetWithDraft,
} from '@/artifacts/sheet/editor-state';
import { type GridGeometry, measureGrid } from '@/artifacts/sheet/grid/geometry';
import { isNumeric } from '@/artifacts/sheet/numbers';
import type { Sheet } from '@/artifacts/sheet/sheet';
import type { ArtifactViewProps } from '@/artifacts/view-props';

/** Parses the content, and holds the editor state of a streamed, edited or read-only sheet. */
export function useSheetEditor({
  content,
  mode,
  onEdit,
}: Pick<ArtifactViewProps, 'content' | 'mode' | 'onEdit'>) {
  const [parse] = useState(createSheetParser);
  const [state, dispatch] = useReducer(reduceEditorState, null, () =>
    createEditorState(parse(content, mode !== 'streaming')),
  );
  const stateRef = useRef(state);
  useLayoutEffect(() => {
    stateRef.current = state;
  }, [state]);

  const loaded = useRef({ content, mode });
  useLayoutEffect(() => {
    const last = loaded.current;
    if (last.content === content && last.mode === mode) return;
    loaded.current = { content, mode };
    // While editing, the content changes only by the user's own edits.
    if (mode === 'editing' && last.mode === 'editing') return;
    dispatch({ type: 'load', sheet: parse(content, mode !== 'streaming') });
  }, [content, mode, parse]);

  const editing = mode === 'editing';
  const { changeCount } = state;
  const latestOnEdit = useRef(onEdit);
  useLayoutEffect(() => {
    latestOnEdit.current = onEdit;
  }, [onEdit]);
  useEffect(() => {
    if (editing && changeCount > 0)
      latestOnEdit.current(() => serializeSheet(sheetWithDraft(stateRef.current)));
  }, [editing, changeCount]);

  return { state, stateRef, dispatch };
}

/** Column widths: fitted to the content, or set by the user. */
export function useGridGeometry(sheet: Sheet) {
  const [resizedWidths, setResizedWidths] = useState<ReadonlyMap<number, number>>(new Map());
  const last = useRef<GridGeometry>(undefined);
  const geometry = useMemo(() => {
    const next = measureGrid(sheet, resizedWidths);
    // The same object while nothing has moved, so that rows do not re-render.
    if (!last.current || !isSameGeometry(last.current, next)) last.current = next;
    return last.current;
  }, [sheet, resizedWidths]);

  function resize(column: number, width: number | null) {
    setResizedWidths((before) => {
      const after = new Map(before);
      if (width === null) after.delete(column);
      else after.set(column, width);
      return after;
    });
  }
  return { geometry, resize };
}

function isSameGeometry(a: GridGeometry, b: GridGeometry): boolean {
  return (
    a.rowHeaderWidth === b.rowHeaderWidth &&
    a.offsets.length === b.offsets.length &&
    a.offsets.every((offset, index) => offset === b.offsets[index])
  );
}

const SAMPLE_ROWS = 20;

/** Returns the columns whose first rows are mostly numbers. The set is stable until they change. */
export function useNumericColumns(sheet: Sheet): ReadonlySet<number> {
  const key = useMemo(() => findNumericColumns(sheet).join(), [sheet]);
  return useMemo(() => new Set(key === '' ? [] : key.split(',').map(Number)), [key]);
}

/** Visits only cells that exist. */
function findNumericColumns({ rows, width }: Sheet): number[] {
  const filled = new Uint8Array(width);
  const numbers = new Uint8Array(width);
  for (const { cells } of rows.slice(1, SAMPLE_ROWS + 1)) {
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
