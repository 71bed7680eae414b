'use client';

/** The history of chats in the browser: one list for the whole page, kept fresh through swr. */
import { use, useCallback, useState, useSyncExternalStore } from 'react';
import useSWR, { mutate } from 'swr';
import { pause } from '@/lib/client/chat/connection';
import { api, type RequestError } from '@/lib/client/http';
import { isLive } from '@/lib/client/live';
import { SessionReady } from '@/lib/client/session-ready';
import type { ChatSummary, HistoryPage, UpdateChatBody } from '@/lib/protocol/api';
import {
  appendOlderPage,
  applyChange,
  EMPTY_HISTORY,
  type HistoryList,
  mergeFirstPage,
  type PendingChange,
  pollInterval,
  withChanges,
} from './history-list';

const PAGE_SIZE = 40;
const FIRST_PAGE = `/api/history?limit=${PAGE_SIZE}`;

type State = { list: HistoryList; pending: ReadonlyMap<string, PendingChange> };
type View = { chats: readonly ChatSummary[]; hasMore: boolean; loaded: boolean };

const EMPTY_VIEW: View = { chats: [], hasMore: false, loaded: false };
let state: State = { list: EMPTY_HISTORY, pending: new Map() };
let view: View = EMPTY_VIEW;
const listeners = new Set<() => void>();

function setState(next: Partial<State>): void {
  state = { ...state, ...next };
  view = {
    chats: withChanges(state.list.chats, state.pending),
    hasMore: state.list.nextCursor !== null,
    loaded: state.list.loaded,
  };
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Grows with every change that the server confirmed: a page read before it may be out of date. */
let confirmedChanges = 0;

async function loadFirstPage(): Promise<HistoryPage> {
  const before = confirmedChanges;
  const page = await api<HistoryPage>(FIRST_PAGE);
  if (before !== confirmedChanges) return loadFirstPage();
  setState({ list: mergeFirstPage(state.list, page) });
  return page;
}

let olderPage: Promise<void> | null = null;

/** Loads the next older page; one at a time. */
function loadOlder(): Promise<void> {
  const cursor = state.list.nextCursor;
  if (cursor === null) return Promise.resolve();
  olderPage ??= api<HistoryPage>(`${FIRST_PAGE}&cursor=${encodeURIComponent(cursor)}`)
    .then((page) => {
      // The list may have started again from its first page meanwhile.
      if (state.list.nextCursor === cursor) setState({ list: appendOlderPage(state.list, page) });
    })
    .finally(() => {
      olderPage = null;
    });
  return olderPage;
}

export type History = View & {
  /** The first page could not be read, and there is nothing older to show. */
  error: RequestError | undefined;
  loadingMore: boolean;
  /** Why the last older page did not come. */
  moreError: RequestError | undefined;
  loadMore: () => void;
  retry: () => unknown;
};

/** The chats that are loaded, newest first, and how to get more. Any number of components may ask. */
export function useHistory(): History {
  const current = useSyncExternalStore(
    subscribe,
    () => view,
    () => EMPTY_VIEW,
  );
  const ready = use(SessionReady);
  const { error } = useSWR<HistoryPage, RequestError>(ready ? FIRST_PAGE : null, loadFirstPage, {
    // A new function each time, so that swr looks again when the list has changed.
    refreshInterval: () => pollInterval(view.chats, Date.now(), isLive()),
    dedupingInterval: 500,
  });
  const [loadingMore, setLoadingMore] = useState(false);
  const [moreError, setMoreError] = useState<RequestError>();

  const loadMore = useCallback(() => {
    setLoadingMore(true);
    setMoreError(undefined);
    loadOlder()
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
const REFRESH_GAP_MS = 200;

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
    lastRefresh = pause(REFRESH_GAP_MS);
    return mutate<HistoryPage>(FIRST_PAGE).catch(() => undefined);
  });
  return nextRefresh;
}

/** Takes a chat off the list that was deleted elsewhere. */
export function dropChat(chatId: string): void {
  setState({ list: applyChange(state.list, chatId, 'deleted') });
}

/** Shows a title that came with the stream, before the history is asked for again. */
export function showTitle(chatId: string, title: string): void {
  setState({ list: applyChange(state.list, chatId, { title }) });
}

/**
 * Gives a chat a title. Shown at once; taken back if the server refuses.
 * @throws RequestError
 */
export async function renameChat(chatId: string, title: string): Promise<void> {
  const body: UpdateChatBody = { title };
  await saveChange(chatId, { title }, () =>
    api<ChatSummary>(`/api/chat/${chatId}`, { method: 'PATCH', json: body }),
  );
}

/**
 * Deletes a chat for good. Gone from the list at once; back if the server refuses.
 * @throws RequestError
 */
export async function deleteChat(chatId: string): Promise<void> {
  deletedHere.add(chatId);
  await saveChange(chatId, 'deleted', () =>
    api<void>(`/api/chat/${chatId}`, { method: 'DELETE' }).catch((error: RequestError) => {
      // Deleted already, in another tab: that is what was wanted.
      if (error.code === 'chat_not_found') return;
      deletedHere.delete(chatId);
      throw error;
    }),
  );
}

const deletedHere = new Set<string>();

/** Whether the person has deleted the chat on this very page, and needs not be told. */
export function isDeletedHere(chatId: string): boolean {
  return deletedHere.has(chatId);
}

async function saveChange(
  chatId: string,
  change: PendingChange,
  request: () => Promise<unknown>,
): Promise<void> {
  setState({ pending: new Map(state.pending).set(chatId, change) });
  try {
    await request();
    confirmedChanges += 1;
    setState({ list: applyChange(state.list, chatId, change) });
  } finally {
    const pending = new Map(state.pending);
    // A newer change of the same chat keeps its place.
    if (pending.get(chatId) === change) pending.delete(chatId);
    setState({ pending });
  }
}
