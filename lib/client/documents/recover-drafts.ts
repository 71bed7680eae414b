import { listDocumentDrafts, removeDocumentDraft } from '@/lib/client/documents/document-drafts';
import { isPermanentFailure, postVersion } from '@/lib/client/documents/requests';
import { ensureSession, getCurrentUser } from '@/lib/client/http/api';

/**
 * Saves what an earlier page of this document could not: it crashed, or the server was away.
 * @returns how many versions were made of it, and the newest content that the server would not take
 * @throws RequestError where the server cannot be asked
 */
export async function recoverDrafts(
  documentId: string,
): Promise<{ savedCount: number; rejectedContent?: string }> {
  // Whose drafts they are is part of their names.
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
      // It goes on as the draft of the editor that it is put into.
      rejectedContent = content;
    }
    removeDocumentDraft(key);
  }
  return { savedCount, rejectedContent };
}
