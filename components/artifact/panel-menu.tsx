'use client';

import { Download, Pencil } from 'lucide-react';
import { useRef } from 'react';
import { FORMATS } from '@/artifacts/registry/formats';
import { AnchoredMenu } from '@/components/ui/anchored-menu';
import { DropdownMenuItem } from '@/components/ui/dropdown-menu';
import { type Downloadable, downloadDocument } from '@/lib/client/artifact/download';
import { toast } from '@/lib/client/toast';

type PanelMenuProps = {
  anchor: HTMLElement;
  document: Downloadable;
  content: () => string;
  onRename: (() => void) | undefined;
  onClose: () => void;
};

/** What else can be done with the document. A default export: loaded when it is asked for. */
export default function PanelMenu({
  anchor,
  document,
  content,
  onRename,
  onClose,
}: PanelMenuProps) {
  const renames = useRef(false);
  return (
    <AnchoredMenu
      anchor={anchor}
      onClose={onClose}
      align="end"
      aria-label="Document options"
      onClosed={() => {
        // Now: as long as the menu is there it would take the focus back.
        if (renames.current) onRename?.();
        else anchor.focus();
      }}
    >
      {onRename && (
        <DropdownMenuItem
          onSelect={() => {
            renames.current = true;
          }}
        >
          <Pencil />
          Rename
        </DropdownMenuItem>
      )}
      {FORMATS[document.kind](document, content()).map((format) => (
        <DropdownMenuItem
          key={format.name}
          onSelect={() =>
            downloadDocument(document, format, content()).catch(() =>
              toast.error('The file could not be made. Try another format.'),
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
