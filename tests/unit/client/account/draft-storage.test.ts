import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { handOverDrafts, removeDrafts } from '@/lib/client/account-drafts';
import { readDraft, saveDraft } from '@/lib/client/chat/draft/draft-store';
import {
  documentDraftKey,
  listDocumentDrafts,
  writeDocumentDraft,
} from '@/lib/client/documents/document-drafts';
import { ensureSession, resetSession } from '@/lib/client/http/api';
import { memoryStorage } from '@/tests/support/memory-storage';

/** The page's session is this account's from now on, as after a load of the page. */
async function signedInAs(id: string): Promise<void> {
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
    await signedInAs('ada');
    saveDraft('new', 'a secret');
    writeDocumentDraft(documentDraftKey('d1', 'e1'), draft);
    await signedInAs('bob');
    expect(readDraft('new')).toBe('');
    expect(listDocumentDrafts('d1')).toEqual([]);
    saveDraft('new', 'of Bob');
    await signedInAs('ada');
    expect(readDraft('new')).toBe('a secret');
    expect(listDocumentDrafts('d1')).toHaveLength(1);
  });

  it('moves with a guest who signs in, and replaces no draft of the account', async () => {
    await signedInAs('guest');
    saveDraft('new', 'half a thought');
    saveDraft('chat', 'more');
    writeDocumentDraft(documentDraftKey('d1', 'e1'), draft);
    await signedInAs('ada');
    saveDraft('chat', 'of Ada');
    handOverDrafts('guest', 'ada');
    expect(readDraft('new')).toBe('half a thought');
    expect(readDraft('chat')).toBe('of Ada');
    expect(listDocumentDrafts('d1')).toHaveLength(1);
    await signedInAs('guest');
    expect(readDraft('new')).toBe('');
  });

  it('is removed with a guest who signs out, and with nobody else', async () => {
    await signedInAs('ada');
    saveDraft('new', 'of Ada');
    await signedInAs('guest');
    saveDraft('new', 'half a thought');
    writeDocumentDraft(documentDraftKey('d1', 'e1'), draft);
    removeDrafts('guest');
    expect(readDraft('new')).toBe('');
    expect(listDocumentDrafts('d1')).toEqual([]);
    await signedInAs('ada');
    expect(readDraft('new')).toBe('of Ada');
  });
});
