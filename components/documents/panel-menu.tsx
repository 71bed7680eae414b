'use client';

import { Download, Pencil } from 'lucide-react';
import { useRef } from 'react';
import { FORMATS } from '@/artifacts/registry/formats';
import { AnchoredMenu } from '@/components/ui/anchored-menu';
import { DropdownMenuItem } from '@/components/ui/dropdown-menu';
import { toast } from '@/lib/client/browser/toast';
import { type DownloadableDocument, downloadDocument } from '@/lib/client/documents/download';

type PanelMenuProps = {
  anchor: HTMLElement;
  document: DownloadableDocument;
  getContent: () => string;
  onRename: (() => void) | undefined;
  onClose: () => void;
};

/** Menu of further actions on the document. A default export because it is lazy-loaded. */
export default function PanelMenu({
  anchor,
  document,
  getContent,
  onRename,
  onClose,
}: PanelMenuProps) {
  const renameChosen = useRef(false);
  return (
    <AnchoredMenu
      anchor={anchor}
      onClose={onClose}
      align="end"
      aria-label="Document options"
      onRestoreFocus={() => {
        // Only now: while it is mounted, the menu would take the focus back.
        if (renameChosen.current) onRename?.();
        else anchor.focus();
      }}
    >
      {onRename && (
        <DropdownMenuItem
          onSelect={() => {
            renameChosen.current = true;
          }}
        >
          <Pencil />
          Rename
        </DropdownMenuItem>
      )}
      {FORMATS[document.kind](document, getContent()).map((format) => (
        <DropdownMenuItem
          key={format.name}
          onSelect={() =>
            downloadDocument(document, format, getContent()).catch(() =>
              toast.error('Couldn’t create the file. Try another format.'),
            )
          }
        >
          <Download />
          <span>
            Download as {format.name}
            {format.note && (
              <span className="block max-w-64 text-muted-foreground text-xs">{format.note}</span>
            )}
          </span>
        </DropdownMenuItem>
      ))}
    </AnchoredMenu>
  );
}
