import { Redo2, Rows3, Sparkles, Undo2 } from 'lucide-react';
import type { RefObject } from 'react';
import type { Action, SheetEditorState } from '@/artifacts/sheet/editor-state';
import { KEYS } from '@/artifacts/sheet/key-actions';
import { isSingleCell, selectedRange } from '@/artifacts/sheet/selection';
import { Button } from '@/components/ui/button';
import { Tooltip } from '@/components/ui/tooltip';
import { ASK_FOR_CHANGE_KEYS } from '@/lib/client/browser/shortcuts';

type ToolbarProps = {
  canEdit: boolean;
  state: SheetEditorState;
  dispatch: (action: Action) => void;
  onMenu: (x: number, y: number) => void;
  onAskForChange: () => void;
  /** The button that gets the focus when the keyboard leaves the grid. */
  firstRef: RefObject<HTMLButtonElement | null>;
};

/** Actions for the pointer, and the size of the selection or the sheet. */
export function SheetToolbar({
  canEdit,
  state,
  dispatch,
  onMenu,
  onAskForChange,
  firstRef,
}: ToolbarProps) {
  return (
    <div
      role="toolbar"
      aria-label="Table"
      className="flex h-11 shrink-0 items-center gap-0.5 border-b px-2"
    >
      {canEdit && (
        <Button
          ref={firstRef}
          variant="ghost"
          size="sm"
          aria-haspopup="menu"
          onClick={(event) => {
            const { left, bottom } = event.currentTarget.getBoundingClientRect();
            onMenu(left, bottom);
          }}
        >
          <Rows3 /> Rows and columns
        </Button>
      )}
      <Tooltip label="Ask for a change" keys={ASK_FOR_CHANGE_KEYS} side="bottom">
        <Button
          variant="ghost"
          size={canEdit ? 'icon-sm' : 'sm'}
          aria-label="Ask for a change"
          onClick={onAskForChange}
        >
          <Sparkles /> {!canEdit && 'Ask for a change'}
        </Button>
      </Tooltip>
      {canEdit && <UndoButtons state={state} dispatch={dispatch} />}
      <span className="ml-auto truncate px-2 text-muted-foreground text-xs tabular-nums">
        {sizeLabel(state)}
        {!isSingleCell(state.selection) && <span className="max-sm:hidden"> selected</span>}
      </span>
    </div>
  );
}

function UndoButtons({ state, dispatch }: Pick<ToolbarProps, 'state' | 'dispatch'>) {
  return (
    <>
      <Tooltip label="Undo" keys={KEYS.undo} side="bottom">
        <Button
          variant="ghost"
          size="icon-sm"
          aria-label="Undo"
          aria-disabled={state.past.length === 0}
          onClick={() => dispatch({ type: 'undo' })}
        >
          <Undo2 />
        </Button>
      </Tooltip>
      <Tooltip label="Redo" keys={KEYS.redo} side="bottom">
        <Button
          variant="ghost"
          size="icon-sm"
          aria-label="Redo"
          aria-disabled={state.future.length === 0}
          onClick={() => dispatch({ type: 'redo' })}
        >
          <Redo2 />
        </Button>
      </Tooltip>
    </>
  );
}

function sizeLabel({ sheet, selection }: SheetEditorState): string {
  const { top, left, bottom, right } = selectedRange(selection);
  const times = (rows: number, columns: number) =>
    `${rows.toLocaleString('en')} × ${columns.toLocaleString('en')}`;
  return isSingleCell(selection)
    ? times(Math.max(0, sheet.rows.length - 1), sheet.width)
    : times(bottom - top + 1, right - left + 1);
}
