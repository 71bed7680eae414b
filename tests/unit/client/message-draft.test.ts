import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { moveDraft, NEW_CHAT_DRAFT, readDraft, saveDraft } from '@/lib/client/chat/draft';
import { MessageDraft } from '@/lib/client/chat/message-draft';
import { ensureSession, forgetSession } from '@/lib/client/http';
import { memoryStorage } from '@/tests/support/memory-storage';

/** As a page that knows its user. */
async function signIn(): Promise<void> {
  const body = JSON.stringify({ user: { id: 'ada', anonymous: true } });
  vi.stubGlobal('fetch', async () => new Response(body));
  forgetSession();
  await ensureSession();
}

/** A message box that shows this draft. */
function open(name: string): { draft: MessageDraft; close: () => void } {
  const draft = MessageDraft.of(name);
  const close = draft.show();
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

describe('the text in the message box', () => {
  it('is added to what was stored, where it was typed before that could be read', () => {
    saveDraft('c1', 'A long draft');
    const draft = MessageDraft.of('c1');
    const close = draft.show();
    draft.addEarly('new words');
    // Longer than a save waits.
    vi.advanceTimersByTime(1_000);
    expect(draft.text).toBe('A long draft\n\nnew words');
    draft.restore();
    expect(draft.text).toBe('A long draft\n\nnew words');
    close();
    expect(readDraft('c1')).toBe('A long draft\n\nnew words');
  });

  it('is there once, where the browser has put it into the field as well', () => {
    saveDraft('c1', 'A long draft');
    const { draft, close } = open('c1');
    draft.addEarly('A long draft, longer');
    expect(draft.text).toBe('A long draft, longer');
    close();
  });

  it('is kept until the server has accepted it, beside what is written meanwhile', () => {
    const { draft, close } = open('c1');
    draft.write('a question');
    expect(draft.take()).toBe('a question');
    expect([draft.text, readDraft('c1')]).toEqual(['', 'a question']);
    draft.write('the next');
    vi.advanceTimersByTime(1_000);
    expect(readDraft('c1')).toBe('a question\n\nthe next');
    draft.settle('a question', true);
    expect([draft.text, readDraft('c1')]).toEqual(['the next', 'the next']);
    close();
  });

  it('comes back before what was written since, where it could not be sent', () => {
    const { draft, close } = open('c1');
    draft.write('one');
    draft.take();
    draft.write('none of it');
    draft.settle('one', false);
    expect([draft.text, readDraft('c1')]).toEqual(['one\n\nnone of it', 'one\n\nnone of it']);
    close();
  });

  it('comes back to whoever has left the chat and is there again', () => {
    const first = open('c1');
    first.draft.write('a question');
    first.draft.take();
    first.close();
    const { draft, close } = open('c1');
    expect(draft.text).toBe('');
    first.draft.settle('a question', false);
    expect(draft.text).toBe('a question');
    close();
  });

  it('goes along to the chat that it began, and leaves nothing for the next new one', () => {
    const { draft, close } = open(NEW_CHAT_DRAFT);
    draft.write('a question');
    draft.take();
    draft.write('the next');
    vi.advanceTimersByTime(1_000);
    draft.rename('c1');
    draft.settle('a question', true);
    expect([readDraft(NEW_CHAT_DRAFT), readDraft('c1')]).toEqual(['', 'the next']);
    close();
    expect(MessageDraft.of(NEW_CHAT_DRAFT).text).toBe('');
  });

  it('of a chat that is gone goes to the next new chat, behind the draft that is there', () => {
    saveDraft('gone', 'mine');
    saveDraft(NEW_CHAT_DRAFT, 'first');
    moveDraft('gone');
    expect([readDraft('gone'), readDraft(NEW_CHAT_DRAFT)]).toEqual(['', 'first\n\nmine']);
  });
});
