'use client';

/** The history of chats in the browser: one list for the whole page, kept fresh through swr. */
import { use, useCallback, useState, useSyncExternalStore } from 'react';
import useSWR, { mutate } from 'swr';
import { SessionReadyContext } from '@/lib/client/account/session-ready';
import { sleep } from '@/lib/client/browser/wait';
import { api, type RequestError } from '@/lib/client/http/api';
import { isLiveConnected } from '@/lib/client/live/use-live-events';
import type { ChatSummary, HistoryPage, UpdateChatBody } from '@/lib/protocol/api';
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

type HistoryState = {
  history: ChatHistory;
  optimisticChanges: ReadonlyMap<string, OptimisticChange>;
};
type HistoryView = { chats: readonly ChatSummary[]; hasMore: boolean; loaded: boolean };

const EMPTY_VIEW: HistoryView = { chats: [], hasMore: false, loaded: false };
let state: HistoryState = { history: EMPTY_CHAT_HISTORY, optimisticChanges: new Map() };
let view: HistoryView = EMPTY_VIEW;
const listeners = new Set<() => void>();

function setState(next: Partial<HistoryState>): void {
  state = { ...state, ...next };
  view = {
    chats: applyOptimisticChanges(state.history.chats, state.optimisticChanges),
    hasMore: state.history.nextCursor !== null,
    loaded: state.history.loaded,
  };
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Grows with every change that the server confirmed: a page read before it may be out of date. */
let confirmedChangeCount = 0;

async function loadFirstPage(): Promise<HistoryPage> {
  const countBefore = confirmedChangeCount;
  const page = await api<HistoryPage>(FIRST_PAGE_URL);
  if (countBefore !== confirmedChangeCount) return loadFirstPage();
  setState({ history: mergeFirstPage(state.history, page) });
  return page;
}

let olderPageRequest: Promise<void> | null = null;

/** Loads the next older page; one at a time. */
function loadOlderPage(): Promise<void> {
  const cursor = state.history.nextCursor;
  if (cursor === null) return Promise.resolve();
  olderPageRequest ??= api<HistoryPage>(`${FIRST_PAGE_URL}&cursor=${encodeURIComponent(cursor)}`)
    .then((page) => {
      // The list may have started again from its first page meanwhile.
      if (state.history.nextCursor === cursor)
        setState({ history: appendOlderPage(state.history, page) });
    })
    .finally(() => {
      olderPageRequest = null;
    });
  return olderPageRequest;
}

export type UseHistoryResult = HistoryView & {
  /** The first page could not be read, and there is nothing older to show. */
  error: RequestError | undefined;
  loadingMore: boolean;
  /** Why the last older page did not come. */
  moreError: RequestError | undefined;
  loadMore: () => void;
  retry: () => unknown;
};

/** The chats that are loaded, newest first, and how to get more. Any number of components may ask. */
export function useHistory(): UseHistoryResult {
  const current = useSyncExternalStore(
    subscribe,
    () => view,
    () => EMPTY_VIEW,
  );
  const ready = use(SessionReadyContext);
  const { error } = useSWR<HistoryPage, RequestError>(
    ready ? FIRST_PAGE_URL : null,
    loadFirstPage,
    {
      // A new function each time, so that swr looks again when the list has changed.
      refreshInterval: () => pollInterval(view.chats, Date.now(), isLiveConnected()),
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
    ...current,
    error: current.loaded ? undefined : error,
    loadingMore,
    moreError,
    loadMore,
    retry: refreshHistory,
  };
}

/** Between two refreshes, however many are asked for. */
const MIN_REFRESH_INTERVAL_MS = 200;

let lastRefresh: Promise<unknown> = Promise.resolve();
let nextRefresh: Promise<HistoryPage | undefined> | null = null;

/**
 * Asks the server for the newest chats: after a send, at the end of an answer, on news from
 * elsewhere. Those who ask at the same time share one request.
 * @returns the newest page, as far as it is known; a failure shows where the history is shown
 */
export function refreshHistory(): Promise<HistoryPage | undefined> {
  nextRefresh ??= lastRefresh.then(() => {
    nextRefresh = null;
    lastRefresh = sleep(MIN_REFRESH_INTERVAL_MS);
    return mutate<HistoryPage>(FIRST_PAGE_URL).catch(() => undefined);
  });
  return nextRefresh;
}

/** Takes a chat off the list that was deleted elsewhere. */
export function removeChatFromHistory(chatId: string): void {
  setState({ history: applyChange(state.history, chatId, 'deleted') });
}

/** Shows a title that came with the stream, before the history is asked for again. */
export function setTitleInHistory(chatId: string, title: string): void {
  setState({ history: applyChange(state.history, chatId, { title }) });
}

/**
 * Gives a chat a title. Shown at once; taken back if the server refuses.
 * @throws RequestError
 */
export async function renameChatOptimistically(chatId: string, title: string): Promise<void> {
  const body: UpdateChatBody = { title };
  await runOptimistically(chatId, { title }, () =>
    api<ChatSummary>(`/api/chat/${chatId}`, { method: 'PATCH', json: body }),
  );
}

/**
 * Deletes a chat for good. Gone from the list at once; back if the server refuses.
 * @throws RequestError
 */
export async function deleteChatOptimistically(chatId: string): Promise<void> {
  locallyDeletedIds.add(chatId);
  await runOptimistically(chatId, 'deleted', () =>
    api<void>(`/api/chat/${chatId}`, { method: 'DELETE' }).catch((error: RequestError) => {
      // Deleted already, in another tab: that is what was wanted.
      if (error.code === 'chat_not_found') return;
      locallyDeletedIds.delete(chatId);
      throw error;
    }),
  );
}

const locallyDeletedIds = new Set<string>();

/** Whether the person has deleted the chat on this very page, and needs not be told. */
export function isDeletedLocally(chatId: string): boolean {
  return locallyDeletedIds.has(chatId);
}

async function runOptimistically(
  chatId: string,
  change: OptimisticChange,
  request: () => Promise<unknown>,
): Promise<void> {
  setState({ optimisticChanges: new Map(state.optimisticChanges).set(chatId, change) });
  try {
    await request();
    confirmedChangeCount += 1;
    setState({ history: applyChange(state.history, chatId, change) });
  } finally {
    const optimisticChanges = new Map(state.optimisticChanges);
    // A newer change of the same chat keeps its place.
    if (optimisticChanges.get(chatId) === change) optimisticChanges.delete(chatId);
    setState({ optimisticChanges });
  }
}
