import { describe, expect, it } from 'vitest';
import {
  appendOlderPage,
  applyChange,
  applyOptimisticChanges,
  type ChatHistory,
  EMPTY_CHAT_HISTORY,
  mergeFirstPage,
  pollInterval,
} from '@/lib/client/history/chat-history';
import { insertChat } from '@/lib/client/history/insert-chat';
import type { ChatSummary, HistoryPage } from '@/lib/protocol/api';
import fc from '@/tests/support/fast-check';

const EPOCH_MS = Date.UTC(2026, 0, 1);

function chat(id: number, minute: number, more: Partial<ChatSummary> = {}): ChatSummary {
  const at = new Date(EPOCH_MS + minute * 60_000).toISOString();
  return {
    id: `chat-${id}`,
    title: `Chat ${id}`,
    titlePending: false,
    live: false,
    interrupted: false,
    modelRef: null,
    createdAt: at,
    updatedAt: at,
    ...more,
  };
}

/** A page of the server: all chats, newest first. The cursor is the time of the last chat. */
function pageOf(all: ChatSummary[], limit: number, cursor: string | null): HistoryPage {
  const sorted = [...all].sort((a, b) => (a.updatedAt < b.updatedAt ? 1 : -1));
  const from = cursor === null ? 0 : sorted.findIndex((c) => c.updatedAt < cursor);
  const chats = from < 0 ? [] : sorted.slice(from, from + limit);
  const more = from >= 0 && from + limit < sorted.length;
  return { chats, nextCursor: more ? (chats.at(-1)?.updatedAt ?? null) : null };
}

const ids = (list: ChatHistory) => list.chats.map((c) => c.id);

describe('the history in the browser', () => {
  it('shows the newest page and loads the next one', () => {
    const all = [chat(1, 1), chat(2, 2), chat(3, 3)];
    const first = mergeFirstPage(EMPTY_CHAT_HISTORY, pageOf(all, 2, null));
    expect(ids(first)).toEqual(['chat-3', 'chat-2']);
    const allPages = appendOlderPage(first, pageOf(all, 2, first.nextCursor));
    expect(ids(allPages)).toEqual(['chat-3', 'chat-2', 'chat-1']);
    expect(allPages.nextCursor).toBeNull();
  });

  it('keeps older pages when the newest one is refreshed', () => {
    const all = Array.from({ length: 6 }, (_, i) => chat(i, i));
    let list = mergeFirstPage(EMPTY_CHAT_HISTORY, pageOf(all, 2, null));
    list = appendOlderPage(list, pageOf(all, 2, list.nextCursor));
    const grown = [...all, chat(9, 9)];
    list = mergeFirstPage(list, pageOf(grown, 2, null));
    expect(ids(list)).toEqual(['chat-9', 'chat-5', 'chat-4', 'chat-3', 'chat-2']);
  });

  it('moves a chat with a new message to the top without duplicating it', () => {
    const all = Array.from({ length: 4 }, (_, i) => chat(i, i));
    let list = mergeFirstPage(EMPTY_CHAT_HISTORY, pageOf(all, 2, null));
    list = appendOlderPage(list, pageOf(all, 2, list.nextCursor));
    all[0] = chat(0, 20);
    list = mergeFirstPage(list, pageOf(all, 2, null));
    expect(ids(list)).toEqual(['chat-0', 'chat-3', 'chat-2', 'chat-1']);
  });

  it('contains a restored chat at its position, unless that is among the chats not loaded yet', () => {
    const all = [chat(1, 50), chat(2, 40), chat(3, 30), chat(4, 20)];
    const restored = chat(5, 35);
    const inserted = ['chat-1', 'chat-2', 'chat-5', 'chat-3'];
    const list: ChatHistory = { ...pageOf(all, 3, null), loaded: true };
    expect(ids(insertChat(list, restored))).toEqual(inserted);
    expect(ids(insertChat(insertChat(list, restored), restored))).toEqual(inserted);
    expect(ids(insertChat(list, chat(6, 25)))).toEqual(['chat-1', 'chat-2', 'chat-3']);
    const complete: ChatHistory = { ...pageOf(all, 4, null), loaded: true };
    expect(ids(insertChat(complete, chat(7, 10))).at(-1)).toBe('chat-7');
  });

  it('removes a chat that was deleted in another tab', () => {
    const all = Array.from({ length: 4 }, (_, i) => chat(i, i));
    const list = mergeFirstPage(EMPTY_CHAT_HISTORY, pageOf(all, 4, null));
    const fewer = all.filter((c) => c.id !== 'chat-3');
    expect(ids(mergeFirstPage(list, pageOf(fewer, 4, null)))).toEqual([
      'chat-2',
      'chat-1',
      'chat-0',
    ]);
  });

  it('keeps the objects of unchanged chats, so that their rows do not render again', () => {
    const all = [chat(1, 1), chat(2, 2)];
    const before = mergeFirstPage(EMPTY_CHAT_HISTORY, pageOf(all, 2, null));
    const copies = all.map((c) => ({ ...c }));
    const after = mergeFirstPage(before, pageOf(copies, 2, null));
    expect(after.chats[0]).toBe(before.chats[0]);
    expect(after.chats[1]).toBe(before.chats[1]);
  });

  it('never has duplicates, gaps or a wrong order, for any concurrent changes', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('write' as const), which: fc.nat(40) }),
      fc.record({ kind: fc.constant('create' as const), which: fc.integer({ min: 1, max: 6 }) }),
      fc.record({ kind: fc.constant('more' as const), which: fc.nat() }),
      fc.record({ kind: fc.constant('refresh' as const), which: fc.nat() }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        let minute = 0;
        let next = 0;
        const all: ChatSummary[] = [];
        const create = () => all.push(chat(next++, minute++));
        for (let i = 0; i < 12; i += 1) create();
        let list = mergeFirstPage(EMPTY_CHAT_HISTORY, pageOf(all, 4, null));
        for (const { kind, which } of steps) {
          if (kind === 'create') for (let i = 0; i < which; i += 1) create();
          if (kind === 'write') {
            const at = which % all.length;
            all[at] = chat(Number(all[at]?.id.slice(5)), minute++);
          }
          if (kind === 'more' && list.nextCursor !== null) {
            list = appendOlderPage(list, pageOf(all, 4, list.nextCursor));
          }
          if (kind === 'refresh') list = mergeFirstPage(list, pageOf(all, 4, null));
        }
        list = mergeFirstPage(list, pageOf(all, 4, null));
        const expected = pageOf(all, all.length, null).chats.map((c) => c.id);
        expect(ids(list)).toEqual(expected.slice(0, list.chats.length));
        if (list.nextCursor === null) expect(list.chats).toHaveLength(expected.length);
      }),
      { numRuns: 500 },
    );
  });
});

describe('an optimistic change', () => {
  const chats = [chat(1, 1), chat(2, 2, { titlePending: true })];

  it('shows the new title immediately', () => {
    const displayed = applyOptimisticChanges(chats, new Map([['chat-2', { title: 'Mine' }]]));
    expect(displayed[1]).toMatchObject({ title: 'Mine', titlePending: false });
    expect(displayed[0]).toBe(chats[0]);
  });

  it('hides a deleted chat immediately, and shows it again after a rollback', () => {
    expect(applyOptimisticChanges(chats, new Map([['chat-1', 'deleted' as const]]))).toHaveLength(
      1,
    );
    expect(applyOptimisticChanges(chats, new Map())).toBe(chats);
  });

  it('becomes part of the list once it is saved', () => {
    const list = { chats, nextCursor: null, loaded: true };
    expect(applyChange(list, 'chat-1', 'deleted').chats.map((c) => c.id)).toEqual(['chat-2']);
  });
});

describe('polling of the history', () => {
  const now = EPOCH_MS + 10 * 60_000;

  it('is frequent while a new chat waits for its title', () => {
    expect(pollInterval([chat(1, 9.5, { titlePending: true })], now, false)).toBe(1_500);
  });
  it('stops waiting for a title after a minute', () => {
    expect(pollInterval([chat(1, 8, { titlePending: true })], now, false)).toBe(0);
  });
  it('is slow while any answer is running', () => {
    expect(pollInterval([chat(1, 1, { live: true })], now, false)).toBe(4_000);
  });
  it('is rare if the server sends events', () => {
    expect(pollInterval([chat(1, 9.5, { titlePending: true })], now, true)).toBe(30_000);
    expect(pollInterval([chat(1, 1, { live: true })], now, true)).toBe(30_000);
    expect(pollInterval([chat(1, 9.9)], now, true)).toBe(0);
  });
  it('does not happen without a pending title or a running answer', () => {
    expect(pollInterval([chat(1, 9.9)], now, false)).toBe(0);
  });
});
