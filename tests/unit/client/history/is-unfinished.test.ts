import { expect, it } from 'vitest';
import { isUnfinished } from '@/lib/client/history/is-unfinished';
import type { ChatSummary } from '@/lib/protocol/api';

const NOW = Date.parse('2026-11-30T12:00:00Z');
const chat = (more: Partial<ChatSummary>): ChatSummary => ({
  id: 'c1',
  title: 'Chat',
  titlePending: false,
  live: false,
  interrupted: false,
  modelRef: null,
  createdAt: '2026-11-01T12:00:00Z',
  updatedAt: '2026-11-29T12:00:00Z',
  ...more,
});

it('a chat is unfinished while its answer is running, and for seven days after an interruption', () => {
  expect(isUnfinished(chat({}), NOW)).toBe(false);
  expect(isUnfinished(chat({ live: true, updatedAt: '2026-11-01T12:00:00Z' }), NOW)).toBe(true);
  expect(isUnfinished(chat({ interrupted: true }), NOW)).toBe(true);
  expect(isUnfinished(chat({ interrupted: true, updatedAt: '2026-11-22T12:00:00Z' }), NOW)).toBe(
    false,
  );
});
