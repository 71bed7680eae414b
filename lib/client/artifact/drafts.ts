/**
 * Edits of documents that the server has not confirmed, kept in the browser: a tab that crashes
 * loses nothing. One a document and editor, so that two tabs do not overwrite each other's.
 */
import { draftName } from '@/lib/client/draft-storage';

export type Draft = { saveId: string; baseVersion: number; content: string; at: number };

const STALE_MS = 30 * 24 * 60 * 60 * 1000;

/** Names the draft of one editor; it is the page's account's alone. */
export function draftKey(documentId: string, editorId: string): string {
  return `${prefix()}${documentId}.${editorId}`;
}

/** A document that is open has come with a session: whose it is, is known then. */
function prefix(): string {
  return draftName('document', '') ?? 'throughline.document..';
}

/** @returns false where the browser has no room or does not allow it */
export function writeDraft(key: string, draft: Draft): boolean {
  const text = JSON.stringify(draft);
  return setItem(key, text) || (makeRoom() && setItem(key, text));
}

function setItem(key: string, text: string): boolean {
  try {
    localStorage.setItem(key, text);
    return true;
  } catch {
    return false;
  }
}

/** Drops drafts that nobody has come back for. */
function makeRoom(): boolean {
  const old = allDrafts('throughline.document.').filter(
    ({ draft }) => Date.now() - draft.at > STALE_MS,
  );
  for (const { key } of old) removeDraft(key);
  return old.length > 0;
}

export function removeDraft(key: string): void {
  try {
    localStorage.removeItem(key);
  } catch {
    // Where storage is forbidden there is nothing to remove.
  }
}

/** The drafts of a document, oldest first. */
export function draftsOf(documentId: string): { key: string; draft: Draft }[] {
  return allDrafts(`${prefix()}${documentId}.`).sort((a, b) => a.draft.at - b.draft.at);
}

function allDrafts(prefix: string): { key: string; draft: Draft }[] {
  try {
    return Object.keys(localStorage)
      .filter((key) => key.startsWith(prefix))
      .flatMap((key) => {
        const draft = parseDraft(localStorage.getItem(key));
        return draft ? [{ key, draft }] : [];
      });
  } catch {
    // Storage is forbidden.
    return [];
  }
}

function parseDraft(text: string | null): Draft | undefined {
  try {
    const { saveId, baseVersion, content, at } = JSON.parse(text ?? '') as Draft;
    const whole = typeof saveId === 'string' && typeof content === 'string';
    return whole
      ? { saveId, baseVersion: Number(baseVersion), content, at: Number(at) }
      : undefined;
  } catch {
    return undefined;
  }
}
