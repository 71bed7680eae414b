'use client';

import { type RefObject, useEffect, useRef } from 'react';
import { Button } from '@/components/ui/button';
import { Spinner } from '@/components/ui/spinner';
import type { UseHistoryResult } from '@/lib/client/history/use-history';

/** How far below the visible part the next page is asked for. */
const LOAD_AHEAD_PX = 600;

type LoadMoreProps = { history: UseHistoryResult; scroller: RefObject<HTMLElement | null> };

/** The end of the list: loads the next page as it comes near, and by hand. */
export function LoadMore({ history, scroller }: LoadMoreProps) {
  const { chats, hasMore, loadingMore, moreError, loadMore } = history;
  const sentinel = useRef<HTMLDivElement>(null);
  const loadsAutomatically = hasMore && !loadingMore && !moreError;

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new observer tells anew whether the end is near, which it must after each page (chats.length).
  useEffect(() => {
    if (!loadsAutomatically || !sentinel.current) return;
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (entry?.isIntersecting) loadMore();
      },
      { root: scroller.current, rootMargin: `0px 0px ${LOAD_AHEAD_PX}px` },
    );
    observer.observe(sentinel.current);
    return () => observer.disconnect();
  }, [loadsAutomatically, chats.length, loadMore, scroller]);

  if (!hasMore) return null;
  return (
    <div ref={sentinel} className="grid justify-items-center gap-1 pt-3 text-sm">
      {moreError && (
        <p role="alert" className="px-2.5 text-muted-foreground">
          {moreError.message}
        </p>
      )}
      <Button variant="ghost" size="sm" onClick={loadMore} disabled={loadingMore}>
        {loadingMore && <Spinner label="" />}
        {moreError ? 'Try again' : loadingMore ? 'Loading…' : 'Load more'}
      </Button>
    </div>
  );
}
