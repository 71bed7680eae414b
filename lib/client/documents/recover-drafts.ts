import { ensureSession, getCurrentUser } from '@/lib/client/account/session';
import {
  listDocumentDrafts,
  readDocumentDraft,
  removeDocumentDraft,
} from '@/lib/client/documents/document-drafts';
import { ifAbandoned, onceAbandoned } from '@/lib/client/documents/draft-locks';
import { isPermanentFailure, postVersion } from '@/lib/client/documents/requests';

/** What became of a draft; null if there was none any more. */
type Recovery = { savedVersion: number } | { rejectedContent: string } | null;

/** Saves drafts of one document whose editors are gone without having saved them. */
export class DraftRecovery {
  private readonly documentId: string;
  private readonly onLateSave: (version: number) => void;
  /** Drafts of editors that are open in other windows. */
  private readonly awaitedKeys = new Set<string>();
  private abortController = new AbortController();

  /** @param onLateSave reports a version that was saved after `run` has resolved */
  constructor(documentId: string, onLateSave: (version: number) => void) {
    this.documentId = documentId;
    this.onLateSave = onLateSave;
  }

  /**
   * Saves the drafts that a page left behind which crashed or could not reach the server. The draft
   * of an editor that is open in another window stays: that window saves it. It is saved here if
   * the window closes without having done so.
   * @returns the number of versions created, and the newest content that the server rejected
   * @throws RequestError if the server is unavailable
   */
  async run(): Promise<{ savedCount: number; rejectedContent?: string }> {
    // The storage keys of drafts contain the user.
    if (!getCurrentUser()) await ensureSession();
    let savedCount = 0;
    let rejectedContent: string | undefined;
    for (const { key } of listDocumentDrafts(this.documentId)) {
      const recovery = await ifAbandoned(key, () => this.recover(key));
      if (recovery === undefined) this.recoverOnceAbandoned(key);
      else if (recovery && 'rejectedContent' in recovery) {
        // The caller puts it into an editor, which stores it as its own draft.
        rejectedContent = recovery.rejectedContent;
        removeDocumentDraft(key);
      } else if (recovery) savedCount += 1;
    }
    return { savedCount, rejectedContent };
  }

  /** Stops waiting for other windows. Their drafts are left for the next `run`. */
  stop(): void {
    this.abortController.abort();
    this.abortController = new AbortController();
    this.awaitedKeys.clear();
  }

  private recoverOnceAbandoned(key: string): void {
    if (this.awaitedKeys.has(key)) return;
    this.awaitedKeys.add(key);
    const { signal } = this.abortController;
    onceAbandoned(key, signal, async () => {
      this.awaitedKeys.delete(key);
      const recovery = await this.recover(key);
      if (recovery && 'savedVersion' in recovery) this.onLateSave(recovery.savedVersion);
    }).catch(() => {
      // Stopped, or not saved: the draft is still there for the next `run`.
    });
  }

  /** @throws RequestError if the server is unavailable; the draft stays */
  private async recover(key: string): Promise<Recovery> {
    // Another window may have saved and removed it since it was listed.
    const draft = readDocumentDraft(key);
    if (!draft) return null;
    const { saveId, baseVersion, content } = draft;
    try {
      const { version } = await postVersion(this.documentId, { saveId, baseVersion, content });
      removeDocumentDraft(key);
      return { savedVersion: version };
    } catch (error) {
      if (!isPermanentFailure(error)) throw error;
      return { rejectedContent: content };
    }
  }
}
