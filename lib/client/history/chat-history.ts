/**
 * The browser's list of chats: pure functions over the server's pages.
 *
 * Invariants: newest first, no duplicates, no gaps: every chat between the first and the last is
 * in the list. `nextCursor` continues after the last one. An unchanged chat keeps its object, so
 * that its row does not re-render.
 */
import type { ChatSummary, HistoryPage } from '@/lib/protocol/api';

export type ChatHistory = {
  chats: readonly ChatSummary[];
  nextCursor: string | null;
  /** False until the first page has loaded. */
  loaded: boolean;
};

export const EMPTY_CHAT_HISTORY: ChatHistory = { chats: [], nextCursor: null, loaded: false };

/** A user's change that the server has not confirmed yet. */
export type OptimisticChange = { title: string } | 'deleted';

/**
 * Replaces the part of the list that the newest page covers; older chats stay. If page and list no
 * longer overlap, the list restarts from the page.
 */
export function mergeFirstPage(list: ChatHistory, page: HistoryPage): ChatHistory {
  const chats = reuseUnchanged(list.chats, page.chats);
  const last = page.chats.at(-1);
  const first = list.chats[0];
  const overlaps = last && first && last.updatedAt <= first.updatedAt;
  if (!overlaps || page.nextCursor === null) {
    return { chats, nextCursor: page.nextCursor, loaded: true };
  }
  const inPage = new Set(page.chats.map((chat) => chat.id));
  const older = list.chats.filter(
    (chat) => !inPage.has(chat.id) && chat.updatedAt <= last.updatedAt,
  );
  if (older.length === 0) return { chats, nextCursor: page.nextCursor, loaded: true };
  return { chats: [...chats, ...older], nextCursor: list.nextCursor, loaded: true };
}

/** Appends the page that was requested with `list.nextCursor`. */
export function appendOlderPage(list: ChatHistory, page: HistoryPage): ChatHistory {
  const known = new Set(list.chats.map((chat) => chat.id));
  const added = page.chats.filter((chat) => !known.has(chat.id));
  return { chats: [...list.chats, ...added], nextCursor: page.nextCursor, loaded: true };
}

/** Returns the list with one chat changed or removed. */
export function applyChange(list: ChatHistory, id: string, change: OptimisticChange): ChatHistory {
  return { ...list, chats: applyOptimisticChanges(list.chats, new Map([[id, change]])) };
}

/** Returns the chats to display, with unconfirmed changes applied. */
export function applyOptimisticChanges(
  chats: readonly ChatSummary[],
  changes: ReadonlyMap<string, OptimisticChange>,
): readonly ChatSummary[] {
  if (changes.size === 0) return chats;
  return chats.flatMap((chat) => {
    const change = changes.get(chat.id);
    if (change === undefined) return [chat];
    return change === 'deleted' ? [] : [{ ...chat, title: change.title, titlePending: false }];
  });
}

const TITLE_POLL_WINDOW_MS = 60_000;
const TITLE_POLL_MS = 1_500;
const LIVE_POLL_MS = 4_000;
/** While the real-time connection is up: a fallback for missed events. */
const CONNECTED_POLL_MS = 30_000;

/**
 * Milliseconds until the next poll of the history, 0 for no poll: short while a new chat waits for
 * its title, longer while an answer is running in any chat.
 * @param isConnected whether the real-time connection is up
 */
export function pollInterval(
  chats: readonly ChatSummary[],
  nowMs: number,
  isConnected: boolean,
): number {
  const isTitlePending = (chat: ChatSummary) =>
    chat.titlePending && nowMs - Date.parse(chat.updatedAt) < TITLE_POLL_WINDOW_MS;
  if (chats.some(isTitlePending)) return isConnected ? CONNECTED_POLL_MS : TITLE_POLL_MS;
  if (!chats.some((chat) => chat.live)) return 0;
  return isConnected ? CONNECTED_POLL_MS : LIVE_POLL_MS;
}

function reuseUnchanged(previous: readonly ChatSummary[], next: ChatSummary[]): ChatSummary[] {
  const previousById = new Map(previous.map((chat) => [chat.id, chat]));
  return next.map((chat) => {
    const previousChat = previousById.get(chat.id);
    return previousChat && isSameSummary(previousChat, chat) ? previousChat : chat;
  });
}

function isSameSummary(a: ChatSummary, b: ChatSummary): boolean {
  return (
    a.title === b.title &&
    a.titlePending === b.titlePending &&
    a.live === b.live &&
    a.interrupted === b.interrupted &&
    a.modelRef === b.modelRef &&
    a.updatedAt === b.updatedAt
  );
}
