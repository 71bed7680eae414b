'use client';

import { Play } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { requestContinue } from '@/lib/client/chat/pending-continue';
import { useNavigate } from '@/lib/client/navigation/use-navigate';
import type { ChatSummary } from '@/lib/protocol/api';

/** More of them would push the prompts away; the history lists all. */
const MAX_CHATS = 3;

/** The newest chats with a running or an interrupted answer. */
export function UnfinishedChats({ chats }: { chats: readonly ChatSummary[] }) {
  const navigate = useNavigate();
  const path = (chat: ChatSummary) => `/chat/${chat.id}`;
  return (
    <ul
      aria-label="Unfinished answers"
      className="w-full max-w-[calc(var(--container-column)-3rem)] divide-y rounded-xl border"
    >
      {chats.slice(0, MAX_CHATS).map((chat) => {
        const title = chat.title || 'New chat';
        return (
          <li key={chat.id} className="flex min-h-11 items-center gap-3 pr-2 pl-3.5 text-sm">
            <a
              href={path(chat)}
              dir="auto"
              onClick={(event) => {
                if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
                event.preventDefault();
                navigate(path(chat));
              }}
              className="min-w-0 flex-1 truncate py-2.5 hover:underline"
            >
              {title}
            </a>
            {chat.live ? (
              <span className="flex shrink-0 items-center gap-2 text-muted-foreground">
                <span aria-hidden="true" className="live-thread" />
                being written
              </span>
            ) : (
              <>
                <span className="shrink-0 text-muted-foreground max-sm:sr-only">was cut off</span>
                <Button
                  variant="outline"
                  size="sm"
                  aria-label={`Continue ${title}`}
                  onClick={() => {
                    requestContinue(chat.id);
                    navigate(path(chat));
                  }}
                >
                  <Play /> Continue
                </Button>
              </>
            )}
          </li>
        );
      })}
    </ul>
  );
}
