import { recoverDrafts } from '@/lib/client/documents/recover-drafts';
import { fetchDocument } from '@/lib/client/documents/requests';
import type { DocumentDetail } from '@/lib/protocol/api';

export type LoadedVersion = {
  detail: DocumentDetail;
  /** What the person has made of it, which the server would not take. */
  rejectedContent: string | undefined;
  /** Names this load: each one has another. */
  loadKey: string;
};

/** Loads versions of one document. Of several loads that are under way the last one arrives. */
export class VersionLoader {
  private readonly id: string;
  /** What was asked for last: see load. */
  requestedVersion: number | string | null = null;
  private loadCount = 0;

  constructor(id: string) {
    this.id = id;
  }

  /** What is under way does not arrive. */
  cancel(): void {
    this.loadCount += 1;
  }

  /**
   * @param version its number, or the key of its writing; null for the newest
   * @param pendingSave what is to be at the server before
   * @param recover whether to save first what an earlier page could not. Not when following another window:
   *   the drafts it finds then are those of the editor that is being typed in there
   * @returns null where it does not arrive
   * @throws RequestError where it would have
   */
  async load(
    version: number | string | null,
    pendingSave: Promise<void>,
    recover: boolean,
  ): Promise<LoadedVersion | null> {
    this.requestedVersion = version;
    this.loadCount += 1;
    const loadNumber = this.loadCount;
    try {
      await pendingSave;
      const loaded = await this.fetch(version, recover);
      const loadKey = `${this.id}:${loaded.detail.version}:${loadNumber}`;
      return loadNumber === this.loadCount ? { ...loaded, loadKey } : null;
    } catch (error) {
      if (loadNumber === this.loadCount) throw error;
      return null;
    }
  }

  /** What an earlier page could not save of the newest version is saved first, and is newer then. */
  private async fetch(
    version: number | string | null,
    recover: boolean,
  ): Promise<Omit<LoadedVersion, 'key'>> {
    const detail = await fetchDocument(this.id, version);
    if (!recover || detail.version !== detail.latest) return { detail, rejectedContent: undefined };
    const { savedCount, rejectedContent } = await recoverDrafts(this.id);
    return { detail: savedCount > 0 ? await fetchDocument(this.id) : detail, rejectedContent };
  }
}
