'use client';

import { type ClipboardEvent, useEffect, useRef, useState } from 'react';
import { scanClipboard } from '@/artifacts/sheet/csv/parse';
import { writeCells } from '@/artifacts/sheet/csv/write';
import { clampWidth, columnWidth } from '@/artifacts/sheet/grid/geometry';
import { SheetGrid } from '@/artifacts/sheet/grid/sheet-grid';
import { placeOf } from '@/artifacts/sheet/place';
import { rangeOf } from '@/artifacts/sheet/selection';
import { cellsIn } from '@/artifacts/sheet/sheet';
import { SheetToolbar } from '@/artifacts/sheet/toolbar';
import { useGeometry, useNumericColumns, useSheet } from '@/artifacts/sheet/use-sheet';
import type { ViewProps } from '@/artifacts/view-props';
import { useStickToEnd } from '@/lib/client/chat/use-stick-to-end';
import { usePart } from '@/lib/client/use-part';

const loadMenu = () => import('@/artifacts/sheet/menu');

/** A table, as separated values: read as it is written, then worked on as in a spreadsheet. */
export default function SheetView(props: ViewProps) {
  const { title, mode } = props;
  const { state, stateRef, dispatch } = useSheet(props);
  const { geometry, resize } = useGeometry(state.sheet);
  const numeric = useNumericColumns(state.sheet);
  const streaming = mode === 'streaming';
  const canEdit = mode === 'editing';
  const { scrollRef, contentRef, isAtEnd, letGo } = useStickToEnd(streaming);
  useEffect(() => {
    if (!streaming) letGo();
  }, [streaming, letGo]);
  const gridRef = useRef<HTMLTableElement>(null);
  const firstRef = useRef<HTMLButtonElement>(null);
  const [menuAt, setMenuAt] = useState<{ x: number; y: number } | null>(null);
  const [SheetMenu, askForMenu] = usePart(loadMenu);

  /** What is selected, as spreadsheets exchange it. */
  function selected(): string {
    const { sheet, selection } = stateRef.current;
    return cellsIn(sheet, rangeOf(selection))
      .map((cells) => writeCells(cells, '\t'))
      .join('\n');
  }
  function onCopy(event: ClipboardEvent, cut: boolean) {
    event.preventDefault();
    event.clipboardData.setData('text/plain', selected());
    if (cut) dispatch({ type: 'clear' });
  }
  function onPaste(event: ClipboardEvent) {
    event.preventDefault();
    const text = event.clipboardData.getData('text/plain');
    if (canEdit && text) dispatch({ type: 'paste', cells: scanClipboard(text) });
  }
  function openMenu(x: number, y: number) {
    setMenuAt({ x, y });
    askForMenu(() => setMenuAt(null));
  }
  function askForChange() {
    const { sheet, selection } = stateRef.current;
    props.onAskForChange(selected(), placeOf(sheet, rangeOf(selection)));
  }
  function setWidth(by: number | null) {
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
        numeric={numeric}
        follow={streaming && isAtEnd}
        boxRef={scrollRef}
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
          onWidth={setWidth}
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
