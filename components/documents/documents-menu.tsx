'use client';

import { useRef } from 'react';
import { KINDS } from '@/artifacts/registry/kinds';
import { AnchoredMenu } from '@/components/ui/anchored-menu';
import { DropdownMenuItem, DropdownMenuLabel } from '@/components/ui/dropdown-menu';
import { useNow } from '@/lib/client/browser/use-now';
import type { ListedDocument } from '@/lib/client/documents/distinct-titles';
import { formatTimeAgo } from '@/lib/client/documents/version-steps';

type DocumentsMenuProps = {
  anchor: HTMLElement;
  /** Oldest first. */
  documents: readonly ListedDocument[];
  onOpen: (id: string) => void;
  onClose: () => void;
};

/** Menu of a chat's documents. A default export because it is lazy-loaded. */
export default function DocumentsMenu({ anchor, documents, onOpen, onClose }: DocumentsMenuProps) {
  const chosenId = useRef<string | null>(null);
  const now = useNow();
  return (
    <AnchoredMenu
      anchor={anchor}
      onClose={onClose}
      align="end"
      aria-label="Documents of this chat"
      className="w-72 max-w-[calc(100vw-1rem)]"
      onRestoreFocus={() => {
        anchor.focus();
        // Opened with the focus on the button, so that it returns there when the panel closes.
        if (chosenId.current) onOpen(chosenId.current);
      }}
    >
      <DropdownMenuLabel>Documents of this chat</DropdownMenuLabel>
      {documents.map(({ id, label, kind, language, version, updatedAt }) => {
        const { name, Icon } = KINDS[kind];
        return (
          <DropdownMenuItem
            key={id}
            onSelect={() => {
              chosenId.current = id;
            }}
          >
            <Icon aria-hidden="true" />
            <span className="min-w-0 flex-1">
              <span dir="auto" className="block truncate">
                {label}
              </span>
              <span className="block text-muted-foreground text-xs">
                {[
                  language ?? name,
                  version > 0 && `version ${version}`,
                  formatTimeAgo(updatedAt, now),
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </span>
            </span>
          </DropdownMenuItem>
        );
      })}
    </AnchoredMenu>
  );
}
