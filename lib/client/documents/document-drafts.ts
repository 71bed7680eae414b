/**
 * Edits of documents that the server has not confirmed, kept in the browser: a tab that crashes
 * loses nothing. One a document and editor, so that two tabs do not overwrite each other's.
 */
import { draftStorageKey } from '@/lib/client/account/draft-storage';

export type DocumentDraft = { saveId: string; baseVersion: number; content: string; at: number };

const MAX_DRAFT_AGE_MS = 30 * 24 * 60 * 60 * 1000;

/** Names the draft of one editor; it is the page's account's alone. */
export function documentDraftKey(documentId: string, editorId: string): string {
  return `${draftKeyPrefix()}${documentId}.${editorId}`;
}

/** A document that is open has come with a session: whose it is, is known then. */
function draftKeyPrefix(): string {
  return draftStorageKey('document', '') ?? 'throughline.document..';
}

/** @returns false where the browser has no room or does not allow it */
export function writeDocumentDraft(key: string, draft: DocumentDraft): boolean {
  const text = JSON.stringify(draft);
  return setItem(key, text) || (removeStaleDrafts() && setItem(key, text));
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
function removeStaleDrafts(): boolean {
  const stale = listDraftsByPrefix('throughline.document.').filter(
    ({ draft }) => Date.now() - draft.at > MAX_DRAFT_AGE_MS,
  );
  for (const { key } of stale) removeDocumentDraft(key);
  return stale.length > 0;
}

export function removeDocumentDraft(key: string): void {
  try {
    localStorage.removeItem(key);
  } catch {
    // Where storage is forbidden there is nothing to remove.
  }
}

/** The drafts of a document, oldest first. */
export function listDocumentDrafts(documentId: string): { key: string; draft: DocumentDraft }[] {
  return listDraftsByPrefix(`${draftKeyPrefix()}${documentId}.`).sort(
    (a, b) => a.draft.at - b.draft.at,
  );
}

function listDraftsByPrefix(draftKeyPrefix: string): { key: string; draft: DocumentDraft }[] {
  try {
    return Object.keys(localStorage)
      .filter((key) => key.startsWith(draftKeyPrefix))
      .flatMap((key) => {
        const draft = parseDocumentDraft(localStorage.getItem(key));
        return draft ? [{ key, draft }] : [];
      });
  } catch {
    // Storage is forbidden.
    return [];
  }
}

function parseDocumentDraft(text: string | null): DocumentDraft | undefined {
  try {
    const { saveId, baseVersion, content, at } = JSON.parse(text ?? '') as DocumentDraft;
    const isValid = typeof saveId === 'string' && typeof content === 'string';
    return isValid
      ? { saveId, baseVersion: Number(baseVersion), content, at: Number(at) }
      : undefined;
  } catch {
    return undefined;
  }
}
