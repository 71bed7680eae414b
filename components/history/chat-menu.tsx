'use client';

import { Pencil, ScrollText, Trash2 } from 'lucide-react';
import { useRef } from 'react';
import { AnchoredMenu } from '@/components/ui/anchored-menu';
import { DropdownMenuItem } from '@/components/ui/dropdown-menu';

type ChatMenuProps = {
  /** The row's button. */
  anchor: HTMLElement;
  onRename: () => void;
  onEditInstructions: () => void;
  onDelete: () => void;
  onClose: () => void;
};

/** One menu for the whole list. Default export, because it is lazy-loaded. */
export default function ChatMenu({
  anchor,
  onRename,
  onEditInstructions,
  onDelete,
  onClose,
}: ChatMenuProps) {
  const wasChosen = useRef(false);
  const choose = (action: () => void) => () => {
    wasChosen.current = true;
    action();
  };
  return (
    <AnchoredMenu
      anchor={anchor}
      onClose={onClose}
      align="start"
      aria-label="Chat options"
      onRestoreFocus={() => {
        if (!wasChosen.current) anchor.focus();
      }}
    >
      <DropdownMenuItem onSelect={choose(onRename)}>
        <Pencil />
        Rename
      </DropdownMenuItem>
      <DropdownMenuItem onSelect={choose(onEditInstructions)}>
        <ScrollText />
        Instructions for this chat
      </DropdownMenuItem>
      <DropdownMenuItem variant="destructive" onSelect={choose(onDelete)}>
        <Trash2 />
        Delete
      </DropdownMenuItem>
    </AnchoredMenu>
  );
}
