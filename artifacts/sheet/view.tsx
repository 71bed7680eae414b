'use client';

import { type ClipboardEvent, useEffect, useRef, useState } from 'react';
import { scanClipboard } from '@/artifacts/sheet/csv/parse';
import { formatCells } from '@/artifacts/sheet/csv/write';
import { clampWidth, columnWidth } from '@/artifacts/sheet/grid/geometry';
import { SheetGrid } from '@/artifacts/sheet/grid/sheet-grid';
import { rangeLabel } from '@/artifacts/sheet/range-label';
import { selectedRange } from '@/artifacts/sheet/selection';
import { readCells } from '@/artifacts/sheet/sheet';
import { SheetToolbar } from '@/artifacts/sheet/toolbar';
import { useGridGeometry, useNumericColumns, useSheetEditor } from '@/artifacts/sheet/use-sheet';
import type { ArtifactViewProps } from '@/artifacts/view-props';
import { useLazyComponent } from '@/lib/client/browser/use-lazy-component';
import { useStickToEnd } from '@/lib/client/browser/use-stick-to-end';

const loadMenu = () => import('@/artifacts/sheet/menu');

/** A CSV table: displayed while it streams, then edited as in a spreadsheet. */
export default function SheetView(props: ArtifactViewProps) {
  const { title, mode } = props;
  const { state, stateRef, dispatch } = useSheetEditor(props);
  const { geometry, resize } = useGridGeometry(state.sheet);
  const numericColumns = useNumericColumns(state.sheet);
  const streaming = mode === 'streaming';
  const canEdit = mode === 'editing';
  const { scrollRef, contentRef, isAtEnd, release } = useStickToEnd(streaming);
  useEffect(() => {
    if (!streaming) release();
  }, [streaming, release]);
  const gridRef = useRef<HTMLTableElement>(null);
  const firstRef = useRef<HTMLButtonElement>(null);
  const [menuAt, setMenuAt] = useState<{ x: number; y: number } | null>(null);
  const [SheetMenu, requestMenu] = useLazyComponent(loadMenu);

  /** Returns the selected cells in the clipboard format of spreadsheets: separated by tabs. */
  function selectedText(): string {
    const { sheet, selection } = stateRef.current;
    return readCells(sheet, selectedRange(selection))
      .map((cells) => formatCells(cells, '\t'))
      .join('\n');
  }
  function onCopy(event: ClipboardEvent, cut: boolean) {
    event.preventDefault();
    event.clipboardData.setData('text/plain', selectedText());
    if (cut) dispatch({ type: 'clear' });
  }
  function onPaste(event: ClipboardEvent) {
    event.preventDefault();
    const text = event.clipboardData.getData('text/plain');
    if (canEdit && text) dispatch({ type: 'paste', cells: scanClipboard(text) });
  }
  function openMenu(x: number, y: number) {
    setMenuAt({ x, y });
    requestMenu(() => setMenuAt(null));
  }
  function askForChange() {
    const { sheet, selection } = stateRef.current;
    props.onAskForChange(selectedText(), rangeLabel(sheet, selectedRange(selection)));
  }
  function changeColumnWidth(by: number | null) {
    const { column } = stateRef.current.selection.active;
    resize(column, by === null ? null : clampWidth(columnWidth(geometry, column) + by));
  }

  return (
    <>
      {!streaming && (
        <SheetToolbar
          canEdit={canEdit}
          state={state}
          dispatch={dispatch}
          onMenu={openMenu}
          onAskForChange={askForChange}
          firstRef={firstRef}
        />
      )}
      <SheetGrid
        title={title}
        state={state}
        stateRef={stateRef}
        dispatch={dispatch}
        canEdit={canEdit}
        geometry={geometry}
        numericColumns={numericColumns}
        sticksToEnd={streaming && isAtEnd}
        scrollerRef={scrollRef}
        contentRef={contentRef}
        gridRef={gridRef}
        onCopy={onCopy}
        onPaste={onPaste}
        onResize={resize}
        onMenu={openMenu}
        onAskForChange={streaming ? undefined : askForChange}
        onLeave={() => firstRef.current?.focus()}
      />
      {menuAt && SheetMenu && (
        <SheetMenu
          {...menuAt}
          selection={state.selection}
          dispatch={dispatch}
          onChangeWidth={changeColumnWidth}
          onAskForChange={askForChange}
          onClose={() => {
            setMenuAt(null);
            gridRef.current?.focus({ preventScroll: true });
          }}
        />
      )}
    </>
  );
}
