'use client';

import {
  ArrowDownAZ,
  ArrowDownToLine,
  ArrowLeftToLine,
  ArrowRightToLine,
  ArrowUpAZ,
  ArrowUpToLine,
  MoveHorizontal,
  Sparkles,
  Trash2,
} from 'lucide-react';
import type { ReactNode } from 'react';
import type { Action } from '@/artifacts/sheet/editor-state';
import { KEYS } from '@/artifacts/sheet/key-actions';
import { type Selection, selectedRange } from '@/artifacts/sheet/selection';
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from '@/components/ui/dropdown-menu';
import { Kbd } from '@/components/ui/kbd';
import { ASK_FOR_CHANGE_KEYS } from '@/lib/client/browser/shortcuts';
import { formatCount } from '@/lib/shared/format-count';

const WIDTH_STEP_PX = 40;

type SheetMenuProps = {
  /** Position in viewport pixels. */
  x: number;
  y: number;
  selection: Selection;
  dispatch: (action: Action) => void;
  /** Changes the width of the active column by pixels; null fits it to its content. */
  onChangeWidth: (by: number | null) => void;
  onAskForChange: () => void;
  onClose: () => void;
};

/** The menu of actions on the selection. */
export default function SheetMenu(props: SheetMenuProps) {
  const { selection, dispatch } = props;
  const { top, left, bottom, right } = selectedRange(selection);
  const rows = bottom - top + 1;
  const columns = right - left + 1;
  const row = rows === 1 ? 'row' : formatCount(rows, 'row');
  const column = columns === 1 ? 'column' : formatCount(columns, 'column');

  return (
    <DropdownMenu open onOpenChange={(open) => !open && props.onClose()} modal={false}>
      <DropdownMenuTrigger asChild>
        <span
          aria-hidden="true"
          className="pointer-events-none fixed size-0"
          style={{ left: props.x, top: props.y }}
        />
      </DropdownMenuTrigger>
      <DropdownMenuContent
        align="start"
        aria-label="Rows and columns"
        className="w-80"
        // `onClose` moves the focus back to the grid.
        onCloseAutoFocus={(event) => event.preventDefault()}
      >
        <Item icon={<Sparkles />} keys={ASK_FOR_CHANGE_KEYS} onSelect={props.onAskForChange}>
          Ask for a change
        </Item>
        <DropdownMenuSeparator />
        <Item
          icon={<ArrowUpToLine />}
          keys={KEYS.above}
          onSelect={() => dispatch({ type: 'insert', position: 'above' })}
        >
          Insert {row} above
        </Item>
        <Item
          icon={<ArrowDownToLine />}
          keys={KEYS.below}
          onSelect={() => dispatch({ type: 'insert', position: 'below' })}
        >
          Insert {row} below
        </Item>
        <Item
          icon={<ArrowLeftToLine />}
          keys={KEYS.left}
          onSelect={() => dispatch({ type: 'insert', position: 'left' })}
        >
          Insert {column} left
        </Item>
        <Item
          icon={<ArrowRightToLine />}
          keys={KEYS.right}
          onSelect={() => dispatch({ type: 'insert', position: 'right' })}
        >
          Insert {column} right
        </Item>
        <DropdownMenuSeparator />
        <Item icon={<ArrowDownAZ />} onSelect={() => dispatch({ type: 'sort', descending: false })}>
          Sort rows, ascending
        </Item>
        <Item icon={<ArrowUpAZ />} onSelect={() => dispatch({ type: 'sort', descending: true })}>
          Sort rows, descending
        </Item>
        <DropdownMenuSeparator />
        <Item icon={<MoveHorizontal />} onSelect={() => props.onChangeWidth(WIDTH_STEP_PX)}>
          Widen column
        </Item>
        <Item icon={<MoveHorizontal />} onSelect={() => props.onChangeWidth(-WIDTH_STEP_PX)}>
          Narrow column
        </Item>
        <Item icon={<MoveHorizontal />} onSelect={() => props.onChangeWidth(null)}>
          Fit column to its content
        </Item>
        <DropdownMenuSeparator />
        <Item
          icon={<Trash2 />}
          keys={KEYS.remove}
          onSelect={() => dispatch({ type: 'remove', axis: 'rows' })}
        >
          Delete {row}
        </Item>
        <Item icon={<Trash2 />} onSelect={() => dispatch({ type: 'remove', axis: 'columns' })}>
          Delete {column}
        </Item>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}

type ItemProps = { icon: ReactNode; keys?: string; onSelect: () => void; children: ReactNode };

function Item({ icon, keys, onSelect, children }: ItemProps) {
  return (
    <DropdownMenuItem onSelect={onSelect}>
      {icon}
      <span className="flex-1">{children}</span>
      {keys && <Kbd keys={keys} className="pointer-coarse:hidden" />}
    </DropdownMenuItem>
  );
}
