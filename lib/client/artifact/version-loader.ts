import { saveDrafts } from '@/lib/client/artifact/recover';
import { fetchDocument } from '@/lib/client/artifact/requests';
import type { DocumentDetail } from '@/lib/protocol/api';

export type Loaded = {
  detail: DocumentDetail;
  /** What the person has made of it, which the server would not take. */
  unsaved: string | undefined;
  /** Names this load: each one has another. */
  key: string;
};

/** Loads versions of one document. Of several loads that are under way the last one arrives. */
export class VersionLoader {
  private readonly id: string;
  /** What was asked for last: see load. */
  wanted: number | string | null = null;
  private loads = 0;

  constructor(id: string) {
    this.id = id;
  }

  /** What is under way does not arrive. */
  cancel(): void {
    this.loads += 1;
  }

  /**
   * @param version its number, or the key of its writing; null for the newest
   * @param saved what is to be at the server before
   * @param recover whether to save first what an earlier page could not. Not when following another window:
   *   the drafts it finds then are those of the editor that is being typed in there
   * @returns null where it does not arrive
   * @throws RequestError where it would have
   */
  async load(
    version: number | string | null,
    saved: Promise<void>,
    recover: boolean,
  ): Promise<Loaded | null> {
    this.wanted = version;
    this.loads += 1;
    const load = this.loads;
    try {
      await saved;
      const loaded = await this.fetch(version, recover);
      const key = `${this.id}:${loaded.detail.version}:${load}`;
      return load === this.loads ? { ...loaded, key } : null;
    } catch (error) {
      if (load === this.loads) throw error;
      return null;
    }
  }

  /** What an earlier page could not save of the newest version is saved first, and is newer then. */
  private async fetch(
    version: number | string | null,
    recover: boolean,
  ): Promise<Omit<Loaded, 'key'>> {
    const detail = await fetchDocument(this.id, version);
    if (!recover || detail.version !== detail.latest) return { detail, unsaved: undefined };
    const { saved, refused: unsaved } = await saveDrafts(this.id);
    return { detail: saved > 0 ? await fetchDocument(this.id) : detail, unsaved };
  }
}
