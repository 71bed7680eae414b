import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { removeDrafts, transferDrafts } from '@/lib/client/account/account-drafts';
import { ensureSession, resetSession } from '@/lib/client/account/session';
import { readDraft, saveDraft } from '@/lib/client/chat/draft/draft-store';
import {
  readNewChatSettings,
  saveNewChatSettings,
} from '@/lib/client/chat/draft/new-chat-settings';
import {
  documentDraftKey,
  listDocumentDrafts,
  writeDocumentDraft,
} from '@/lib/client/documents/document-drafts';
import { memoryStorage } from '@/tests/support/memory-storage';

/** Signs this account in, as after a load of the page. */
async function signInAs(id: string): Promise<void> {
  resetSession();
  const body = JSON.stringify({ user: { id, name: id, email: null, anonymous: true } });
  vi.stubGlobal('fetch', async () => new Response(body));
  await ensureSession();
}

const draft = { saveId: 's', baseVersion: 1, content: 'mine', at: 1 };

beforeEach(() => vi.stubGlobal('localStorage', memoryStorage()));
afterEach(() => vi.unstubAllGlobals());

describe('an unsaved draft', () => {
  it('is visible only to the account that wrote it in the same browser', async () => {
    await signInAs('ada');
    saveDraft('new', 'a secret');
    writeDocumentDraft(documentDraftKey('d1', 'e1'), draft);
    await signInAs('bob');
    expect(readDraft('new')).toBe('');
    expect(listDocumentDrafts('d1')).toEqual([]);
    saveDraft('new', 'of Bob');
    await signInAs('ada');
    expect(readDraft('new')).toBe('a secret');
    expect(listDocumentDrafts('d1')).toHaveLength(1);
  });

  it('moves with a guest who signs in, and replaces no draft of the account', async () => {
    await signInAs('guest');
    saveDraft('new', 'half a thought');
    saveDraft('chat', 'more');
    saveNewChatSettings({ systemPrompt: 'Be brief.' });
    writeDocumentDraft(documentDraftKey('d1', 'e1'), draft);
    await signInAs('ada');
    saveDraft('chat', 'of Ada');
    transferDrafts('guest', 'ada');
    expect(readDraft('new')).toBe('half a thought');
    expect(readDraft('chat')).toBe('of Ada');
    expect(readNewChatSettings()).toEqual({ systemPrompt: 'Be brief.' });
    expect(listDocumentDrafts('d1')).toHaveLength(1);
    await signInAs('guest');
    expect(readDraft('new')).toBe('');
  });

  it('is removed when a guest signs out, and for no other user', async () => {
    await signInAs('ada');
    saveDraft('new', 'of Ada');
    await signInAs('guest');
    saveDraft('new', 'half a thought');
    saveNewChatSettings({ systemPrompt: 'Be brief.' });
    writeDocumentDraft(documentDraftKey('d1', 'e1'), draft);
    removeDrafts('guest');
    expect(readDraft('new')).toBe('');
    expect(readNewChatSettings()).toEqual({});
    expect(listDocumentDrafts('d1')).toEqual([]);
    await signInAs('ada');
    expect(readDraft('new')).toBe('of Ada');
  });
});
