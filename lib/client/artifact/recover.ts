import { draftsOf, removeDraft } from '@/lib/client/artifact/drafts';
import { isRefusal, saveVersion } from '@/lib/client/artifact/requests';
import { ensureSession, pageUser } from '@/lib/client/http';

/**
 * Saves what an earlier page of this document could not: it crashed, or the server was away.
 * @returns how many versions were made of it, and the newest content that the server would not take
 * @throws RequestError where the server cannot be asked
 */
export async function saveDrafts(documentId: string): Promise<{ saved: number; refused?: string }> {
  // Whose drafts they are is part of their names.
  if (!pageUser()) await ensureSession();
  let saved = 0;
  let refused: string | undefined;
  for (const { key, draft } of draftsOf(documentId)) {
    const { saveId, baseVersion, content } = draft;
    try {
      await saveVersion(documentId, { saveId, baseVersion, content });
      saved += 1;
    } catch (error) {
      if (!isRefusal(error)) throw error;
      // It goes on as the draft of the editor that it is put into.
      refused = content;
    }
    removeDraft(key);
  }
  return { saved, refused };
}
