'use client';

import { Files } from 'lucide-react';
import { useRef, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Tooltip } from '@/components/ui/tooltip';
import { useLazyComponent } from '@/lib/client/browser/use-lazy-component';
import { useDocumentStore } from '@/lib/client/documents/document-store-context';
import { useDocuments } from '@/lib/client/documents/use-documents';

const loadMenu = () => import('@/components/documents/documents-menu');

/**
 * Opens the menu of the chat's documents; renders nothing if there are none. Default export, because
 * it is lazy-loaded.
 */
export default function DocumentsMenuButton({ chatId }: { chatId: string }) {
  const store = useDocumentStore();
  const { documents } = useDocuments(chatId);
  const [open, setOpen] = useState(false);
  const [Menu, requestMenu] = useLazyComponent(loadMenu);
  const trigger = useRef<HTMLButtonElement>(null);
  if (documents.length === 0) return null;
  return (
    <>
      <Tooltip label="Documents of this chat" side="bottom">
        <Button
          ref={trigger}
          variant="ghost"
          size="sm"
          aria-label={`Documents of this chat: ${documents.length}`}
          aria-haspopup="menu"
          aria-expanded={open}
          onClick={() => {
            requestMenu(() => setOpen(false));
            setOpen(true);
          }}
          onPointerEnter={() => requestMenu()}
          className="gap-1.5"
        >
          <Files className="size-4" />
          <span className="tabular-nums">{documents.length}</span>
        </Button>
      </Tooltip>
      {open && Menu && trigger.current && (
        <Menu
          anchor={trigger.current}
          documents={documents}
          onOpen={(id) => store.openDocument(id)}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  );
}
