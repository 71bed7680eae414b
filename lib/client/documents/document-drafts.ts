/**
 * Document edits that the server has not confirmed, stored in the browser so that a crash of the
 * tab loses nothing. One draft per document and editor: two tabs do not overwrite each other's
 * drafts.
 */
import { draftStorageKey } from '@/lib/client/account/draft-storage';
import { lockDraft, releaseDraft } from '@/lib/client/documents/draft-locks';

export type DocumentDraft = { saveId: string; baseVersion: number; content: string; at: number };

const MAX_DRAFT_AGE_MS = 30 * 24 * 60 * 60 * 1000;

/** Returns the storage key of one editor's draft. The key contains the current user. */
export function documentDraftKey(documentId: string, editorId: string): string {
  return `${draftKeyPrefix()}${documentId}.${editorId}`;
}

/**
 * An open document was loaded with a session, so the user is known; the fallback is never needed.
 */
function draftKeyPrefix(): string {
  return draftStorageKey('document', '') ?? 'throughline.document..';
}

/**
 * Stores a draft, and locks it for this page until it is removed.
 * @returns false if the quota is exceeded or storage is blocked
 */
export function writeDocumentDraft(key: string, draft: DocumentDraft): boolean {
  lockDraft(key);
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

/** Removes drafts older than `MAX_DRAFT_AGE_MS`, of all users. Returns whether any was removed. */
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
    // If storage is blocked there is nothing to remove.
  }
  releaseDraft(key);
}

/** Returns null if there is no valid draft with this key, or storage is blocked. */
export function readDocumentDraft(key: string): DocumentDraft | null {
  try {
    return parseDocumentDraft(localStorage.getItem(key)) ?? null;
  } catch {
    return null;
  }
}

/** Returns the drafts of a document, oldest first. */
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
    // Storage is blocked.
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
