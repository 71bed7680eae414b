'use client';

import type { UIMessage } from 'ai';
import { FileCode, FileText, type LucideIcon, RotateCcw, Trash2 } from 'lucide-react';
import { useRef } from 'react';
import { AnchoredMenu } from '@/components/ui/anchored-menu';
import {
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuSeparator,
} from '@/components/ui/dropdown-menu';
import { copyText } from '@/lib/client/browser/copy-text';
import { toast } from '@/lib/client/browser/toast';
import { textOfMessage } from '@/lib/client/chat/message-view';
import { plainText } from '@/lib/client/markdown/plain-text';
import { useModels } from '@/lib/client/models/use-models';

type MessageMenuProps = {
  message: UIMessage;
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
  message,
  anchor,
  onRegenerateWith,
  onDelete,
  onClose,
}: MessageMenuProps) {
  const { models } = useModels();
  const isAnswer = message.role === 'assistant';
  const wasChosen = useRef(false);
  const chosenText = useRef<(() => string) | null>(null);
  const choose = (action: () => void) => () => {
    wasChosen.current = true;
    action();
  };
  const textItems: Array<[label: string, Icon: LucideIcon, getText: () => string]> = [
    ['Copy as Markdown', FileCode, () => textOfMessage(message)],
    ['Copy as plain text', FileText, () => plainText(textOfMessage(message))],
  ];
  return (
    <AnchoredMenu
      anchor={anchor}
      onClose={onClose}
      align="start"
      aria-label="Message options"
      className="max-w-72"
      onRestoreFocus={() => {
        if (!wasChosen.current) anchor.focus();
        // Only now: copying without the Clipboard API needs the focus, which the open menu keeps.
        if (chosenText.current) void copy(chosenText.current());
      }}
    >
      {isAnswer &&
        textItems.map(([label, Icon, getText]) => (
          <DropdownMenuItem
            key={label}
            onSelect={() => {
              chosenText.current = getText;
            }}
          >
            <Icon />
            {label}
          </DropdownMenuItem>
        ))}
      {isAnswer && (onRegenerateWith || onDelete) && <DropdownMenuSeparator />}
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

async function copy(text: string): Promise<void> {
  if (await copyText(text)) toast.success('Copied.');
  else toast.error('The browser doesn’t allow copying here. Select the text instead.');
}
