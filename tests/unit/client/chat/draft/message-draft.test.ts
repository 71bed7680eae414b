import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ensureSession, resetSession } from '@/lib/client/account/session';
import {
  moveDraftToNewChat,
  NEW_CHAT_DRAFT_NAME,
  readDraft,
  saveDraft,
} from '@/lib/client/chat/draft/draft-store';
import { MessageDraft } from '@/lib/client/chat/draft/message-draft';
import { memoryStorage } from '@/tests/support/memory-storage';

/** Signs a user in, as on a loaded page. */
async function signIn(): Promise<void> {
  const body = JSON.stringify({ user: { id: 'ada', anonymous: true } });
  vi.stubGlobal('fetch', async () => new Response(body));
  resetSession();
  await ensureSession();
}

/** Opens the draft in a message box. */
function openDraft(name: string): { draft: MessageDraft; close: () => void } {
  const draft = MessageDraft.getOrCreate(name);
  const close = draft.mount();
  draft.restore();
  return { draft, close };
}

beforeEach(async () => {
  vi.useFakeTimers();
  vi.stubGlobal('localStorage', memoryStorage());
  await signIn();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('the draft in the message box', () => {
  it('is appended to the stored one if it was typed before the stored one was loaded', () => {
    saveDraft('c1', 'A long draft');
    const draft = MessageDraft.getOrCreate('c1');
    const close = draft.mount();
    draft.addPreHydrationText('new words');
    // Longer than the delay before a draft is stored.
    vi.advanceTimersByTime(1_000);
    expect(draft.text).toBe('A long draft\n\nnew words');
    draft.restore();
    expect(draft.text).toBe('A long draft\n\nnew words');
    close();
    expect(readDraft('c1')).toBe('A long draft\n\nnew words');
  });

  it('is not duplicated if the browser has restored the field as well', () => {
    saveDraft('c1', 'A long draft');
    const { draft, close } = openDraft('c1');
    draft.addPreHydrationText('A long draft, longer');
    expect(draft.text).toBe('A long draft, longer');
    close();
  });

  it('is stored until the server has accepted it, next to a new draft', () => {
    const { draft, close } = openDraft('c1');
    draft.setText('a question');
    expect(draft.beginSend()).toBe('a question');
    expect([draft.text, readDraft('c1')]).toEqual(['', 'a question']);
    draft.setText('the next');
    vi.advanceTimersByTime(1_000);
    expect(readDraft('c1')).toBe('a question\n\nthe next');
    draft.finishSend('a question', true);
    expect([draft.text, readDraft('c1')]).toEqual(['the next', 'the next']);
    close();
  });

  it('is put back before the new draft if it could not be sent', () => {
    const { draft, close } = openDraft('c1');
    draft.setText('one');
    draft.beginSend();
    draft.setText('none of it');
    draft.finishSend('one', false);
    expect([draft.text, readDraft('c1')]).toEqual(['one\n\nnone of it', 'one\n\nnone of it']);
    close();
  });

  it('is put back for a user who left the chat and opens it again', () => {
    const first = openDraft('c1');
    first.draft.setText('a question');
    first.draft.beginSend();
    first.close();
    const { draft, close } = openDraft('c1');
    expect(draft.text).toBe('');
    first.draft.finishSend('a question', false);
    expect(draft.text).toBe('a question');
    close();
  });

  it('keeps its excerpt, also if it could not be sent', () => {
    const first = openDraft('c1');
    first.draft.setExcerpt({ text: 'one\ntwo' });
    first.close();
    const { draft, close } = openDraft('c1');
    expect([draft.excerptStore.getState(), draft.text]).toEqual([{ text: 'one\ntwo' }, '']);
    draft.setText('Why?');
    const message = draft.beginSend();
    expect(message).toBe('About this part of your answer:\n\n> one\n> two\n\nWhy?');
    expect([draft.excerptStore.getState(), draft.text, readDraft('c1')]).toEqual([
      ...[null, ''],
      message,
    ]);
    draft.finishSend(message, false);
    expect([draft.excerptStore.getState(), draft.text]).toEqual([{ text: 'one\ntwo' }, 'Why?']);
    draft.setExcerpt(null);
    expect(readDraft('c1')).toBe('Why?');
    close();
  });

  it('keeps an excerpt that was chosen while a message with another one was rejected', () => {
    const { draft, close } = openDraft('c1');
    draft.setExcerpt({ text: 'first' });
    draft.setText('Why?');
    const message = draft.beginSend();
    draft.setExcerpt({ text: 'second' });
    draft.finishSend(message, false);
    expect([draft.excerptStore.getState(), draft.text]).toEqual([{ text: 'second' }, message]);
    close();
  });

  it('moves to the chat that it started, and leaves none for the next new chat', () => {
    const { draft, close } = openDraft(NEW_CHAT_DRAFT_NAME);
    draft.setText('a question');
    draft.beginSend();
    draft.setText('the next');
    vi.advanceTimersByTime(1_000);
    draft.rename('c1');
    draft.finishSend('a question', true);
    expect([readDraft(NEW_CHAT_DRAFT_NAME), readDraft('c1')]).toEqual(['', 'the next']);
    close();
    expect(MessageDraft.getOrCreate(NEW_CHAT_DRAFT_NAME).text).toBe('');
  });

  it('of a deleted chat moves to the next new chat, after the draft that is there', () => {
    saveDraft('gone', 'mine');
    saveDraft(NEW_CHAT_DRAFT_NAME, 'first');
    moveDraftToNewChat('gone');
    expect([readDraft('gone'), readDraft(NEW_CHAT_DRAFT_NAME)]).toEqual(['', 'first\n\nmine']);
  });
});
