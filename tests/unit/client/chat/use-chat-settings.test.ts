import { mutate } from 'swr';
import { afterEach, expect, it, vi } from 'vitest';
import { saveChatSettings } from '@/lib/client/chat/use-chat-settings';
import type { ChatInfo } from '@/lib/protocol/api';

afterEach(() => vi.unstubAllGlobals());

it('a change of settings caches the settings of the response, without the rest of the chat', async () => {
  const changes = { modelRef: 'demo', systemPrompt: 'Be brief.' };
  const settings = { ...changes, temporary: false };
  const chat: ChatInfo = {
    id: 'c1',
    title: 'Title',
    titlePending: false,
    createdAt: '2026-11-30',
    updatedAt: '2026-11-30',
    live: false,
    interrupted: false,
    ...settings,
  };
  vi.stubGlobal('fetch', async () => new Response(JSON.stringify(chat)));
  await saveChatSettings('c1', changes);
  let cached: unknown;
  await mutate('/api/chat/c1/settings', (current: unknown) => (cached = current), false);
  expect(cached).toEqual(settings);
});
