import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { draftStorageKey } from '@/lib/client/account/draft-storage';
import { ensureSession, resetSession } from '@/lib/client/account/session';
import {
  beginNewChatSend,
  finishNewChatSend,
  readNewChatSettings,
  saveNewChatSettings,
} from '@/lib/client/chat/draft/new-chat-settings';
import { memoryStorage } from '@/tests/support/memory-storage';

async function signInAs(id: string): Promise<void> {
  const body = JSON.stringify({ user: { id, anonymous: true } });
  vi.stubGlobal('fetch', async () => new Response(body));
  resetSession();
  await ensureSession();
}

beforeEach(async () => {
  vi.stubGlobal('localStorage', memoryStorage());
  await signInAs('ada');
});
afterEach(() => vi.unstubAllGlobals());

describe('the settings of a new chat', () => {
  it('are stored for their user until the chat exists', async () => {
    expect(readNewChatSettings()).toEqual({});
    saveNewChatSettings({ systemPrompt: 'Be brief.' });
    expect(readNewChatSettings()).toEqual({ systemPrompt: 'Be brief.' });
    await signInAs('bob');
    expect(readNewChatSettings()).toEqual({});
    await signInAs('ada');
    saveNewChatSettings({});
    expect(readNewChatSettings()).toEqual({});
  });

  it('say whether the chat is temporary, and nothing else of another type', () => {
    saveNewChatSettings({ temporary: true });
    expect(readNewChatSettings()).toEqual({ temporary: true });
    saveNewChatSettings({ temporary: false });
    expect(Object.keys(localStorage)).toEqual([]);
    const key = draftStorageKey('settings', 'new') as string;
    localStorage.setItem(key, JSON.stringify({ temporary: 'yes', systemPrompt: true }));
    expect(readNewChatSettings()).toEqual({});
  });

  it('leave nothing in the storage if they are the default ones', () => {
    saveNewChatSettings({ systemPrompt: 'Be brief.' });
    saveNewChatSettings({ systemPrompt: null });
    expect(Object.keys(localStorage)).toEqual([]);
  });

  it('are not those of a first message that is being sent, and are removed once it is accepted', () => {
    const settings = { systemPrompt: 'Be brief.' };
    saveNewChatSettings(settings);
    beginNewChatSend();
    // The user opens another new chat before the server has responded.
    expect(readNewChatSettings()).toEqual({});
    finishNewChatSend(false, settings);
    expect(readNewChatSettings()).toEqual(settings);
    beginNewChatSend();
    finishNewChatSend(true, settings);
    expect(Object.keys(localStorage)).toEqual([]);
  });

  it('are removed if they are changed during the send, unless another chat has stored its own', () => {
    const changed = { systemPrompt: 'Be verbose.' };
    beginNewChatSend();
    saveNewChatSettings(changed);
    finishNewChatSend(true, changed);
    expect(readNewChatSettings()).toEqual({});
    beginNewChatSend();
    saveNewChatSettings({ systemPrompt: 'Of another chat.' });
    finishNewChatSend(true, changed);
    expect(readNewChatSettings()).toEqual({ systemPrompt: 'Of another chat.' });
  });

  it.each([
    'no JSON',
    'null',
    '7',
    '[]',
    '{"removedSetting":1}',
    '{"modelRef":"m","systemPrompt":7}',
    '{"constructor":"x"}',
  ])('are the default ones if the storage contains %s', (stored) => {
    localStorage.setItem(draftStorageKey('settings', 'new') as string, stored);
    expect(readNewChatSettings()).toEqual({});
  });
});
