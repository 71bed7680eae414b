import { ensureSession, getCurrentUser } from '@/lib/client/account/session';
import { listDocumentDrafts, removeDocumentDraft } from '@/lib/client/documents/document-drafts';
import { isPermanentFailure, postVersion } from '@/lib/client/documents/requests';

/**
 * Saves drafts of this document that an earlier page could not save because it crashed or the
 * server was unavailable.
 * @returns the number of versions created, and the newest content that the server rejected
 * @throws RequestError if the server is unavailable
 */
export async function recoverDrafts(
  documentId: string,
): Promise<{ savedCount: number; rejectedContent?: string }> {
  // The storage keys of drafts contain the user.
  if (!getCurrentUser()) await ensureSession();
  let savedCount = 0;
  let rejectedContent: string | undefined;
  for (const { key, draft } of listDocumentDrafts(documentId)) {
    const { saveId, baseVersion, content } = draft;
    try {
      await postVersion(documentId, { saveId, baseVersion, content });
      savedCount += 1;
    } catch (error) {
      if (!isPermanentFailure(error)) throw error;
      // The caller puts it into an editor, which stores it as its own draft.
      rejectedContent = content;
    }
    removeDocumentDraft(key);
  }
  return { savedCount, rejectedContent };
}
