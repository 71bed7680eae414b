'use client';

import { type RefObject, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Skeleton } from '@/components/ui/skeleton';
import { useLazyComponent } from '@/lib/client/browser/use-lazy-component';
import { groupByDate } from '@/lib/client/history/history-groups';
import { type UseHistoryResult, useHistory } from '@/lib/client/history/use-history';
import { useCurrentChatId } from '@/lib/client/navigation/use-current-chat-id';
import { chunk } from '@/lib/shared/arrays';
import { ChatRowGroup, ROWS_PER_GROUP } from './chat-row-group';
import { LoadMore } from './load-more';
import { useRowActions } from './use-row-actions';

const loadInstructions = () => import('@/components/chat/stored-instructions-dialog');
/**
 * Waits for the instructions dialog, too: one that loads after its menu has closed would not open.
 * If it cannot be loaded, the menu opens without it.
 */
const loadMenu = async () => {
  const [menu] = await Promise.all([import('./chat-menu'), loadInstructions().catch(() => null)]);
  return menu;
};

const SCROLLBAR_PADDING_PX = 8;

/** The history, grouped by date, with infinite scrolling. */
export function ChatList({ onNavigate }: { onNavigate?: () => void }) {
  const history = useHistory();
  const scroller = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    // The scrollbar's width, which depends on the platform, counts as padding.
    const nav = scroller.current;
    if (nav)
      nav.style.paddingRight = `${Math.max(0, SCROLLBAR_PADDING_PX - nav.offsetWidth + nav.clientWidth)}px`;
  }, []);
  return (
    <nav
      ref={scroller}
      aria-label="Chats"
      tabIndex={-1}
      className="min-h-0 flex-1 overflow-y-auto overscroll-contain pr-0 pb-3 pl-2 outline-none [scrollbar-gutter:stable] [scrollbar-width:thin]"
    >
      {history.chats.length > 0 ? (
        <ChatGroups history={history} scroller={scroller} onNavigate={onNavigate} />
      ) : (
        <EmptyChatList history={history} />
      )}
    </nav>
  );
}

type GroupsProps = {
  history: UseHistoryResult;
  scroller: RefObject<HTMLElement | null>;
  onNavigate?: () => void;
};

function ChatGroups({ history, scroller, onNavigate }: GroupsProps) {
  const { chats } = history;
  const currentId = useCurrentChatId();
  const { overlay, close, actions } = useRowActions(currentId, onNavigate);
  // Frozen while an overlay is open: a row that moves to another group would be remounted.
  const [frozenChats, setFrozenChats] = useState(chats);
  if (!overlay && frozenChats !== chats) setFrozenChats(chats);
  const groups = useMemo(() => groupByDate(frozenChats, new Date()), [frozenChats]);
  const [ChatMenu, requestMenu] = useLazyComponent(loadMenu);
  const [InstructionsDialog, requestInstructions] = useLazyComponent(loadInstructions);
  useEffect(() => {
    if (overlay?.kind === 'menu') {
      requestMenu(() => close('menu'));
      // Preloads the dialog.
      requestInstructions();
    }
    if (overlay?.kind === 'instructions') requestInstructions(() => close('instructions'));
  }, [overlay, close, requestMenu, requestInstructions]);

  return (
    <>
      {groups.map((group) => (
        <section key={group.label} aria-label={group.label} className="pt-3 first:pt-1">
          <h2 className="px-2.5 pb-1 font-medium text-muted-foreground text-xs">{group.label}</h2>
          {chunk(group.chats, ROWS_PER_GROUP).map((chats, index) => {
            const idWithin = (id: string | undefined) => chats.find((chat) => chat.id === id)?.id;
            return (
              <ChatRowGroup
                // biome-ignore lint/suspicious/noArrayIndexKey: the index identifies a row group.
                key={index}
                chats={chats}
                currentId={idWithin(currentId)}
                renamingId={overlay?.kind === 'rename' ? idWithin(overlay.chat.id) : undefined}
                menuId={overlay?.kind === 'menu' ? idWithin(overlay.chat.id) : undefined}
                actions={actions}
              />
            );
          })}
        </section>
      ))}
      <LoadMore history={history} scroller={scroller} />
      {overlay?.kind === 'menu' && overlay.anchor && ChatMenu && (
        <ChatMenu
          anchor={overlay.anchor}
          onRename={() => actions.startRename(overlay.chat)}
          onEditInstructions={() =>
            overlay.anchor && actions.editInstructions(overlay.chat, overlay.anchor)
          }
          onDelete={() => overlay.anchor && actions.deleteChat(overlay.chat, overlay.anchor)}
          onClose={() => close('menu')}
        />
      )}
      {overlay?.kind === 'instructions' && InstructionsDialog && (
        <InstructionsDialog
          chatId={overlay.chat.id}
          onClose={() => close('instructions')}
          onRestoreFocus={() => overlay.anchor?.focus()}
        />
      )}
    </>
  );
}

function EmptyChatList({ history }: { history: UseHistoryResult }) {
  if (history.error) {
    return (
      <div role="alert" className="grid justify-items-start gap-2 px-2.5 pt-3 text-sm">
        <p className="font-medium">Couldn’t load your chats.</p>
        <p className="text-muted-foreground">{history.error.message}</p>
        <Button variant="outline" size="sm" onClick={history.retry}>
          Try again
        </Button>
      </div>
    );
  }
  if (!history.loaded) return <ListSkeleton />;
  return (
    <p className="px-2.5 pt-3 text-muted-foreground text-sm leading-relaxed">
      No chats yet. Your chats will appear here.
    </p>
  );
}

const SKELETON_WIDTHS = ['w-4/5', 'w-3/5', 'w-11/12', 'w-2/3', 'w-3/4', 'w-1/2', 'w-5/6'];

/** Has the same line heights as the list that replaces it. */
function ListSkeleton() {
  return (
    <div className="pt-1" role="status" aria-label="Loading your chats">
      <div className="flex h-5 items-center px-2.5">
        <Skeleton className="h-2.5 w-12" />
      </div>
      {SKELETON_WIDTHS.map((width) => (
        <div key={width} className="mb-px flex h-8 items-center px-2.5 pointer-coarse:h-11">
          <Skeleton className={`h-3 ${width}`} />
        </div>
      ))}
    </div>
  );
}
