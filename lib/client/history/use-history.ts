'use client';

/** The list of chats in the browser: one per page, refetched by SWR. */
import { use, useCallback, useState } from 'react';
import useSWR, { mutate } from 'swr';
import { SessionReadyContext } from '@/lib/client/account/session-ready';
import { createStore, useStore } from '@/lib/client/browser/store';
import { sleep } from '@/lib/client/browser/wait';
import { api } from '@/lib/client/http/api';
import type { RequestError } from '@/lib/client/http/request-error';
import { isLiveConnected } from '@/lib/client/live/use-live-events';
import type { ChatSummary, HistoryPage } from '@/lib/protocol/api';
import {
  appendOlderPage,
  applyChange,
  applyOptimisticChanges,
  type ChatHistory,
  EMPTY_CHAT_HISTORY,
  mergeFirstPage,
  type OptimisticChange,
  pollInterval,
} from './chat-history';

const PAGE_SIZE = 40;
const FIRST_PAGE_URL = `/api/history?limit=${PAGE_SIZE}`;

type HistoryView = { chats: readonly ChatSummary[]; hasMore: boolean; loaded: boolean };
type HistoryState = {
  history: ChatHistory;
  optimisticChanges: ReadonlyMap<string, OptimisticChange>;
  /** Derived from both: the history with the optimistic changes applied. */
  view: HistoryView;
};

export const historyStore = createStore<HistoryState>({
  history: EMPTY_CHAT_HISTORY,
  optimisticChanges: new Map(),
  view: { chats: [], hasMore: false, loaded: false },
});

export function updateHistoryState(change: Partial<Omit<HistoryState, 'view'>>): void {
  const { history, optimisticChanges } = { ...historyStore.getState(), ...change };
  const view = {
    chats: applyOptimisticChanges(history.chats, optimisticChanges),
    hasMore: history.nextCursor !== null,
    loaded: history.loaded,
  };
  historyStore.setState({ history, optimisticChanges, view });
}

const updateHistory = (change: (history: ChatHistory) => ChatHistory) =>
  updateHistoryState({ history: change(historyStore.getState().history) });

/** Incremented by each confirmed change: a page requested before it may be outdated. */
let confirmedChangeCount = 0;

/** Applies a change that the server has made. */
export function confirmChange(change: (history: ChatHistory) => ChatHistory): void {
  confirmedChangeCount += 1;
  updateHistory(change);
}

/** The older chats are no longer those that the list contains. */
let restartsAtNextPage = false;

async function loadFirstPage(): Promise<HistoryPage> {
  const countBefore = confirmedChangeCount;
  const page = await api<HistoryPage>(FIRST_PAGE_URL);
  if (countBefore !== confirmedChangeCount) return loadFirstPage();
  const isRestart = restartsAtNextPage;
  restartsAtNextPage = false;
  updateHistory((history) => mergeFirstPage(isRestart ? { ...history, chats: [] } : history, page));
  return page;
}

let olderPageRequest: Promise<void> | null = null;

/** Loads the next older page. Concurrent calls share one request. */
function loadOlderPage(): Promise<void> {
  const cursor = historyStore.getState().history.nextCursor;
  if (cursor === null) return Promise.resolve();
  olderPageRequest ??= api<HistoryPage>(`${FIRST_PAGE_URL}&cursor=${encodeURIComponent(cursor)}`)
    .then((page) => {
      // The list may have restarted from its first page meanwhile.
      if (historyStore.getState().history.nextCursor === cursor)
        updateHistory((history) => appendOlderPage(history, page));
    })
    .finally(() => {
      olderPageRequest = null;
    });
  return olderPageRequest;
}

export type UseHistoryResult = HistoryView & {
  /** The first page failed to load, and no earlier list can be displayed. */
  error: RequestError | undefined;
  loadingMore: boolean;
  /** The error of the last older page. */
  moreError: RequestError | undefined;
  loadMore: () => void;
  retry: () => unknown;
};

/** The loaded chats, newest first, and how to load more. All components share one list. */
export function useHistory(): UseHistoryResult {
  const view = useStore(historyStore, (state) => state.view);
  const ready = use(SessionReadyContext);
  const { error } = useSWR<HistoryPage, RequestError>(
    ready ? FIRST_PAGE_URL : null,
    loadFirstPage,
    {
      // A new function in each render, so that SWR evaluates it again when the list has changed.
      refreshInterval: () =>
        pollInterval(historyStore.getState().view.chats, Date.now(), isLiveConnected()),
      dedupingInterval: 500,
    },
  );
  const [loadingMore, setLoadingMore] = useState(false);
  const [moreError, setMoreError] = useState<RequestError>();

  const loadMore = useCallback(() => {
    setLoadingMore(true);
    setMoreError(undefined);
    loadOlderPage()
      .catch(setMoreError)
      .finally(() => setLoadingMore(false));
  }, []);

  return {
    ...view,
    error: view.loaded ? undefined : error,
    loadingMore,
    moreError,
    loadMore,
    retry: refreshHistory,
  };
}

/** Minimum interval between two refreshes. */
const MIN_REFRESH_INTERVAL_MS = 200;

let lastRefresh: Promise<unknown> = Promise.resolve();
let nextRefresh: Promise<HistoryPage | undefined> | null = null;

/**
 * Refetches the newest chats: after a send, at the end of an answer, on a real-time event.
 * Concurrent calls share one request.
 * @returns the newest page, or undefined on failure; the history displays the error
 */
export function refreshHistory(): Promise<HistoryPage | undefined> {
  nextRefresh ??= lastRefresh.then(() => {
    nextRefresh = null;
    lastRefresh = sleep(MIN_REFRESH_INTERVAL_MS);
    return mutate<HistoryPage>(FIRST_PAGE_URL).catch(() => undefined);
  });
  return nextRefresh;
}

/** Removes a chat that was deleted in another tab or on another device. */
export function removeChatFromHistory(chatId: string): void {
  updateHistory((history) => applyChange(history, chatId, 'deleted'));
}

/**
 * Called when a deleted chat was restored. If this page did not do it, the list starts again from the
 * newest chats: the position of the chat is unknown.
 */
export function restoreInHistory(chatId: string): void {
  const isListed = historyStore.getState().history.chats.some(({ id }) => id === chatId);
  if (!isListed && !locallyDeletedIds.has(chatId)) restartsAtNextPage = true;
}

/** Displays a title from the stream, before the next refetch of the history. */
export function setTitleInHistory(chatId: string, title: string): void {
  updateHistory((history) => applyChange(history, chatId, { title }));
}

/** The chats that this page has deleted and not restored. */
export const locallyDeletedIds = new Set<string>();
