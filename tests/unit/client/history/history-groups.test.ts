import { describe, expect, it } from 'vitest';
import { groupByDate } from '@/lib/client/history/history-groups';
import type { ChatSummary } from '@/lib/protocol/api';

function chatAt(date: Date): ChatSummary {
  const at = date.toISOString();
  return {
    id: at,
    title: at,
    titlePending: false,
    live: false,
    interrupted: false,
    modelRef: null,
    createdAt: at,
    updatedAt: at,
  };
}

const now = new Date(2026, 10, 24, 0, 30);
const labels = (...dates: Date[]) =>
  groupByDate(dates.map(chatAt), now, 'en').map((g) => [g.label, g.chats.length]);

describe('the headings of the history', () => {
  it('follow calendar days, so that a chat of late yesterday is under yesterday half an hour later', () => {
    expect(labels(new Date(2026, 10, 24, 0, 10), new Date(2026, 10, 23, 23, 50))).toEqual([
      ['Today', 1],
      ['Yesterday', 1],
    ]);
  });

  it('range from days to months', () => {
    expect(
      labels(
        new Date(2026, 10, 20),
        new Date(2026, 10, 17),
        new Date(2026, 10, 16),
        new Date(2026, 9, 3),
        new Date(2026, 9, 1),
        new Date(2025, 9, 30),
      ),
    ).toEqual([
      ['Previous 7 days', 2],
      ['Previous 30 days', 1],
      ['October 2026', 2],
      ['October 2025', 1],
    ]);
  });

  it('put a chat with a future date under today', () => {
    expect(labels(new Date(2026, 10, 25, 12))).toEqual([['Today', 1]]);
  });

  it('are empty without chats', () => {
    expect(groupByDate([], now)).toEqual([]);
  });
});
