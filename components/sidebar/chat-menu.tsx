'use client';

import { Pencil, Trash2 } from 'lucide-react';
import { useRef } from 'react';
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuTrigger,
} from '@/components/ui/dropdown-menu';

type ChatMenuProps = {
  /** The row's button. It stays where it is; the menu hangs on a stand-in of its size. */
  anchor: HTMLElement;
  onRename: () => void;
  onDelete: () => void;
  onClose: () => void;
};

/** One menu for the whole list, open as long as it is mounted. A default export: loaded when it is asked for. */
export default function ChatMenu({ anchor, onRename, onDelete, onClose }: ChatMenuProps) {
  const chosen = useRef(false);
  const { left, top, width, height } = anchor.getBoundingClientRect();
  const choose = (action: () => void) => () => {
    chosen.current = true;
    action();
  };
  return (
    <DropdownMenu open onOpenChange={(open) => !open && onClose()}>
      <DropdownMenuTrigger asChild>
        <span
          aria-hidden="true"
          className="pointer-events-none fixed"
          style={{ left, top, width, height }}
        />
      </DropdownMenuTrigger>
      <DropdownMenuContent
        align="start"
        aria-label="Chat options"
        onCloseAutoFocus={(event) => {
          event.preventDefault();
          if (!chosen.current) anchor.focus();
        }}
      >
        <DropdownMenuItem onSelect={choose(onRename)}>
          <Pencil />
          Rename
        </DropdownMenuItem>
        <DropdownMenuItem variant="destructive" onSelect={choose(onDelete)}>
          <Trash2 />
          Delete
        </DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}
