'use client';

import { type RefObject, useEffect, useRef } from 'react';
import { Button } from '@/components/ui/button';
import { Spinner } from '@/components/ui/spinner';
import type { UseHistoryResult } from '@/lib/client/history/use-history';

/** Distance below the viewport at which the next page is requested. */
const LOAD_AHEAD_PX = 600;

type LoadMoreProps = { history: UseHistoryResult; scroller: RefObject<HTMLElement | null> };

/** The end of the list: loads the next page when it comes near the viewport, or by its button. */
export function LoadMore({ history, scroller }: LoadMoreProps) {
  const { chats, hasMore, loadingMore, moreError, loadMore } = history;
  const sentinel = useRef<HTMLDivElement>(null);
  const loadsAutomatically = hasMore && !loadingMore && !moreError;

  // biome-ignore lint/correctness/useExhaustiveDependencies: each page (chats.length) needs a new observer.
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
