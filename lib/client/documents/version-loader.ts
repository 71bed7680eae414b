import { DraftRecovery } from '@/lib/client/documents/recover-drafts';
import { fetchDocument } from '@/lib/client/documents/requests';
import type { DocumentDetail } from '@/lib/protocol/api';

export type LoadedVersion = {
  detail: DocumentDetail;
  /** The user's edits of this version that the server rejected. */
  rejectedContent: string | undefined;
  /** Unique per load. */
  loadKey: string;
};

/** Loads versions of one document. A new load cancels the previous one. */
export class VersionLoader {
  private readonly id: string;
  /** The last requested version; see `load`. */
  requestedVersion: number | string | null = null;
  private loadCount = 0;
  private readonly draftRecovery: DraftRecovery;

  /** @param onLateSave reports a version that was saved from another window's draft after a load */
  constructor(id: string, onLateSave: (version: number) => void) {
    this.id = id;
    this.draftRecovery = new DraftRecovery(id, onLateSave);
  }

  /** Discards the result of the active load. */
  cancel(): void {
    this.loadCount += 1;
  }

  /** Also stops waiting for drafts of other windows. */
  stop(): void {
    this.cancel();
    this.draftRecovery.stop();
  }

  /**
   * @param version its number, or the `writingId` of its write; null for the newest
   * @param pendingSave awaited before the request
   * @param savesDrafts whether to save drafts left by an earlier page first. False when following
   *   another tab: the drafts are then those of the editor that is in use there.
   * @returns null if the load was canceled or replaced
   * @throws RequestError if it failed and was not canceled
   */
  async load(
    version: number | string | null,
    pendingSave: Promise<void>,
    savesDrafts: boolean,
  ): Promise<LoadedVersion | null> {
    this.requestedVersion = version;
    this.loadCount += 1;
    const loadNumber = this.loadCount;
    try {
      await pendingSave;
      const loaded = await this.fetch(version, savesDrafts);
      const loadKey = `${this.id}:${loaded.detail.version}:${loadNumber}`;
      return loadNumber === this.loadCount ? { ...loaded, loadKey } : null;
    } catch (error) {
      if (loadNumber === this.loadCount) throw error;
      return null;
    }
  }

  /** For the newest version: first saves drafts left by an earlier page, and loads the result. */
  private async fetch(
    version: number | string | null,
    savesDrafts: boolean,
  ): Promise<Omit<LoadedVersion, 'loadKey'>> {
    const detail = await fetchDocument(this.id, version);
    if (!savesDrafts || detail.version !== detail.latest)
      return { detail, rejectedContent: undefined };
    const { savedCount, rejectedContent } = await this.draftRecovery.run();
    return { detail: savedCount > 0 ? await fetchDocument(this.id) : detail, rejectedContent };
  }
}
