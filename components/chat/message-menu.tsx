'use client';

import { RotateCcw, Trash2 } from 'lucide-react';
import { useRef } from 'react';
import { AnchoredMenu } from '@/components/ui/anchored-menu';
import {
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuSeparator,
} from '@/components/ui/dropdown-menu';
import { useModels } from '@/lib/client/models/use-models';

type MessageMenuProps = {
  /** The message's button. */
  anchor: HTMLElement;
  /** Undefined for a user message. */
  onRegenerateWith: ((modelRef: string) => void) | undefined;
  /** Undefined for a message without siblings. */
  onDelete: (() => void) | undefined;
  onClose: () => void;
};

/** One menu for all messages. Default export, because it is lazy-loaded. */
export default function MessageMenu({
  anchor,
  onRegenerateWith,
  onDelete,
  onClose,
}: MessageMenuProps) {
  const { models } = useModels();
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
      aria-label="Message options"
      className="max-w-72"
      onRestoreFocus={() => {
        if (!wasChosen.current) anchor.focus();
      }}
    >
      {onRegenerateWith && <DropdownMenuLabel>Regenerate with</DropdownMenuLabel>}
      {onRegenerateWith &&
        models.map(({ ref, name }) => (
          <DropdownMenuItem key={ref} onSelect={choose(() => onRegenerateWith(ref))}>
            <RotateCcw />
            <span className="truncate">{name}</span>
          </DropdownMenuItem>
        ))}
      {onRegenerateWith && onDelete && <DropdownMenuSeparator />}
      {onDelete && (
        <DropdownMenuItem variant="destructive" onSelect={choose(onDelete)}>
          <Trash2 />
          Delete this version
        </DropdownMenuItem>
      )}
    </AnchoredMenu>
  );
}
