/**
 * The list of chats as the browser holds it: pure functions over what the server sent.
 *
 * Invariants: newest first, no chat twice, and no gap: every chat between the first and the last is
 * in the list. `nextCursor` continues after the last one. A chat that did not change keeps its
 * object, so that its row does not render again.
 */
import type { ChatSummary, HistoryPage } from '@/lib/protocol/api';

export type ChatHistory = {
  chats: readonly ChatSummary[];
  nextCursor: string | null;
  /** False until the first page came. */
  loaded: boolean;
};

export const EMPTY_CHAT_HISTORY: ChatHistory = { chats: [], nextCursor: null, loaded: false };

/** What the person did to a chat and the server has not confirmed yet. */
export type OptimisticChange = { title: string } | 'deleted';

/**
 * The newest page takes the place of the part of the list that it covers; older chats stay. Where
 * so much is new that page and list no longer touch, the list starts again from the page.
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

/** Adds the page that `list.nextCursor` asked for. */
export function appendOlderPage(list: ChatHistory, page: HistoryPage): ChatHistory {
  const known = new Set(list.chats.map((chat) => chat.id));
  const added = page.chats.filter((chat) => !known.has(chat.id));
  return { chats: [...list.chats, ...added], nextCursor: page.nextCursor, loaded: true };
}

/** The list with one chat changed, or without it. */
export function applyChange(list: ChatHistory, id: string, change: OptimisticChange): ChatHistory {
  return { ...list, chats: applyOptimisticChanges(list.chats, new Map([[id, change]])) };
}

/** The chats as the person expects to see them: with what is still being saved already done. */
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
/** Where news comes by itself, in case some of it does not. */
const CONNECTED_POLL_MS = 30_000;

/**
 * Milliseconds until the history should be asked for again by itself, 0 for never: often while a
 * young chat waits for its title, now and then while an answer is being made anywhere.
 * @param isConnected whether the server tells what happens by itself
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
    a.modelRef === b.modelRef &&
    a.updatedAt === b.updatedAt
  );
}
