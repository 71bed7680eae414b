'use client';

import { Ellipsis, Maximize2, Minimize2, Square, X } from 'lucide-react';
import { type ReactNode, useRef, useState } from 'react';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/class-names';
import { CopyButton } from '@/components/ui/copy-button';
import { RenameField } from '@/components/ui/rename-field';
import { Spinner } from '@/components/ui/spinner';
import { Tooltip } from '@/components/ui/tooltip';
import { useLazyComponent } from '@/lib/client/browser/use-lazy-component';
import { useDocumentState } from '@/lib/client/documents/document-store-context';
import type { ArtifactKind } from '@/lib/protocol/artifact-kinds';

const loadMenu = () => import('@/components/documents/panel-menu');

type PanelHeaderProps = {
  title: string;
  displayed: { kind: ArtifactKind; language: string | null } | null;
  /** Returns the displayed content; called when it is copied or downloaded. */
  getContent: () => string;
  isStreaming: boolean;
  fullScreen: boolean;
  /** Undefined while the document cannot be renamed because it is not stored yet. */
  onRename: ((title: string) => void) | undefined;
  onFullScreen: () => void;
  onClose: () => void;
  /** The toolbar of versions, which places its parts in the header's grid. */
  children: ReactNode;
};

/** The panel's header: the title and the actions on the whole document. */
export function PanelHeader({
  title,
  displayed,
  getContent,
  isStreaming,
  fullScreen,
  onRename,
  onFullScreen,
  onClose,
  children,
}: PanelHeaderProps) {
  const [renaming, setRenaming] = useState(false);
  const [menuOpen, setMenuOpen] = useState(false);
  const [Menu, requestMenu] = useLazyComponent(loadMenu);
  const trigger = useRef<HTMLButtonElement>(null);
  const answerControl = useDocumentState((snapshot) => snapshot.answerControl);
  const name = title || 'Document';

  return (
    <header className="@container shrink-0 border-b max-lg:mt-[env(safe-area-inset-top)]">
      <div className="grid min-h-13 grid-cols-[minmax(0,1fr)_auto] items-center gap-x-1 py-1 pr-2 pl-4 @min-[30rem]:grid-cols-[minmax(0,1fr)_auto_auto]">
        {renaming ? (
          <div className="col-start-1 row-start-1 h-8 min-w-0 pointer-coarse:h-11">
            <RenameField
              title={title}
              label="Document title"
              onFinish={(next, byKey) => {
                setRenaming(false);
                if (next) onRename?.(next);
                if (byKey) trigger.current?.focus();
              }}
            />
          </div>
        ) : (
          <h2
            dir="auto"
            className="col-start-1 row-start-1 min-w-0 truncate font-medium text-[0.9375rem]"
            title={name}
          >
            {name}
          </h2>
        )}
        {children}
        <div
          className={cn(
            'col-start-2 row-start-1 flex items-center gap-1 justify-self-end @min-[30rem]:col-start-3',
            children && '@min-[30rem]:row-span-2',
          )}
        >
          {isStreaming && (
            <span className="flex items-center gap-2 px-2 text-muted-foreground text-sm">
              <Spinner label="" className="size-3.5" />
              <span className="max-sm:sr-only">Writing…</span>
            </span>
          )}
          {answerControl && (
            <Tooltip label={answerControl.stopping ? 'Stopping…' : 'Stop'} side="bottom">
              <Button
                size="icon-sm"
                aria-label="Stop"
                aria-disabled={answerControl.stopping}
                onClick={answerControl.stop}
                // Next to the chat, the composer has a Stop button.
                className={cn('rounded-full', !fullScreen && 'lg:hidden')}
              >
                <Square fill="currentColor" className="size-3" />
              </Button>
            </Tooltip>
          )}
          {displayed && <CopyButton getText={getContent} label="Copy document" size="icon-sm" />}
          <Tooltip label="More" side="bottom">
            <Button
              ref={trigger}
              variant="ghost"
              size="icon-sm"
              aria-label="More for this document"
              aria-haspopup="menu"
              aria-expanded={menuOpen}
              onClick={() => {
                requestMenu(() => setMenuOpen(false));
                setMenuOpen(true);
              }}
              onPointerEnter={() => requestMenu()}
            >
              <Ellipsis />
            </Button>
          </Tooltip>
          <Tooltip label={fullScreen ? 'Exit full screen' : 'Full screen'} side="bottom">
            <Button
              variant="ghost"
              size="icon-sm"
              aria-label="Full screen"
              aria-pressed={fullScreen}
              onClick={onFullScreen}
              className="max-lg:hidden"
            >
              {fullScreen ? <Minimize2 /> : <Maximize2 />}
            </Button>
          </Tooltip>
          <Tooltip label="Close" keys="Escape" side="bottom">
            <Button variant="ghost" size="icon-sm" aria-label="Close document" onClick={onClose}>
              <X />
            </Button>
          </Tooltip>
        </div>
      </div>
      {menuOpen && Menu && trigger.current && displayed && (
        <Menu
          anchor={trigger.current}
          document={{ ...displayed, title: name }}
          getContent={getContent}
          onRename={onRename && (() => setRenaming(true))}
          onClose={() => setMenuOpen(false)}
        />
      )}
    </header>
  );
}
