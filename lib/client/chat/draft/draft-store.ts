/** What a user has written and not sent yet, kept in the browser for each account and chat. */
import { draftStorageKey } from '@/lib/client/account/draft-storage';

/** The chat that does not exist yet. */
export const NEW_CHAT_DRAFT_NAME = 'new';

/** '' where there is none. */
export function readDraft(name: string): string {
  const key = draftStorageKey('draft', name);
  try {
    return (key && localStorage.getItem(key)) ?? '';
  } catch {
    return '';
  }
}

export function saveDraft(name: string, text: string): void {
  const key = draftStorageKey('draft', name);
  if (!key) return;
  try {
    if (text.trim() === '') localStorage.removeItem(key);
    else localStorage.setItem(key, text);
  } catch {
    // Storage that is full or forbidden costs only the memory of the draft.
  }
}

/** Hands a draft on to the next new chat, behind what that has already. */
export function moveDraftToNewChat(fromName: string): void {
  const draft = readDraft(fromName);
  if (fromName === NEW_CHAT_DRAFT_NAME || draft === '') return;
  saveDraft(NEW_CHAT_DRAFT_NAME, joinParagraphs(readDraft(NEW_CHAT_DRAFT_NAME), draft));
  saveDraft(fromName, '');
}

/** The texts as paragraphs of one; empty ones are left out. */
export function joinParagraphs(...texts: string[]): string {
  return texts.filter((text) => text !== '').join('\n\n');
}
