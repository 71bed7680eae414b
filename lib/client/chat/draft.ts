/** What a person has written and not sent yet, kept in the browser for each chat. */

const PREFIX = 'throughline.draft.';
/** The chat that does not exist yet. */
export const NEW_CHAT_DRAFT = 'new';

/** '' where there is none. */
export function readDraft(name: string): string {
  try {
    return localStorage.getItem(PREFIX + name) ?? '';
  } catch {
    return '';
  }
}

export function saveDraft(name: string, text: string): void {
  try {
    if (text.trim() === '') localStorage.removeItem(PREFIX + name);
    else localStorage.setItem(PREFIX + name, text);
  } catch {
    // Storage that is full or forbidden costs only the memory of the draft.
  }
}

/** Hands a draft on to the next new chat, unless that has one of its own. */
export function moveDraft(from: string): void {
  const draft = readDraft(from);
  if (from === NEW_CHAT_DRAFT || draft === '' || readDraft(NEW_CHAT_DRAFT) !== '') return;
  saveDraft(NEW_CHAT_DRAFT, draft);
  saveDraft(from, '');
}
