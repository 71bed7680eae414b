/** Unsent messages, stored in the browser by user and chat. */
import { draftStorageKey } from '@/lib/client/account/draft-storage';

/** The draft name of a new chat. */
export const NEW_CHAT_DRAFT_NAME = 'new';

/** Returns the stored draft, or ''. */
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
    // Storage is full or blocked: only the stored draft is lost.
  }
}

/** Appends a chat's draft to the draft of the next new chat. */
export function moveDraftToNewChat(fromName: string): void {
  const draft = readDraft(fromName);
  if (fromName === NEW_CHAT_DRAFT_NAME || draft === '') return;
  saveDraft(NEW_CHAT_DRAFT_NAME, joinParagraphs(readDraft(NEW_CHAT_DRAFT_NAME), draft));
  saveDraft(fromName, '');
}

/** Joins the non-empty texts as paragraphs. */
export function joinParagraphs(...texts: string[]): string {
  return texts.filter((text) => text !== '').join('\n\n');
}
