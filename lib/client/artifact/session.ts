/**
 * One document open in the panel: what is shown of it, whether it can be edited, and how news of it
 * is taken. Knows no React. Nothing a person has written is ever taken out from under their hands.
 */
import { draftKey } from '@/lib/client/artifact/drafts';
import { saveVersion } from '@/lib/client/artifact/requests';
import { Saver } from '@/lib/client/artifact/saver';
import {
  detailOf,
  isInEditor,
  NOT_LOADING,
  NOTHING_SHOWN,
  type SessionState,
} from '@/lib/client/artifact/session-state';
import type { ArtifactStore } from '@/lib/client/artifact/store';
import { type Loaded, VersionLoader } from '@/lib/client/artifact/version-loader';
import { watchWriting } from '@/lib/client/artifact/watch-writing';
import type { Writing } from '@/lib/client/artifact/writing';
import { newId } from '@/lib/client/chat/new-id';
import { RequestError } from '@/lib/client/http';
import type { DocumentDetail, SavedVersion } from '@/lib/protocol/api';

export class DocumentSession {
  readonly id: string;
  state: SessionState;
  private readonly store: ArtifactStore;
  private readonly hasFocus: () => boolean;
  private readonly listeners = new Set<() => void>();
  private saver: Saver | null = null;
  private readonly loader: VersionLoader;
  /** The version of which the person knows that it was written beside another. */
  private told: number | null = null;
  private unwatch: (() => void) | null = null;

  /** @param hasFocus whether the user is in the document at the moment, be it with the cursor or a button */
  constructor(id: string, store: ArtifactStore, hasFocus: () => boolean = () => false) {
    this.id = id;
    this.store = store;
    this.hasFocus = hasFocus;
    this.loader = new VersionLoader(id);
    this.state = { ...NOTHING_SHOWN, viewKey: id };
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  get = (): SessionState => this.state;

  /** Shows what the store asks for, and hears of it from now on. */
  start(version: number | string | null): void {
    this.unwatch ??= watchWriting(this.store, this.id, {
      onBegin: (writing) => this.onBegin(writing),
      onGrow: (live) => this.state.live && this.set({ live }),
      onEnd: (writing) => this.onEnd(writing),
    });
    this.show(version);
  }

  /** Edits are saved; the saver goes on by itself until they are. */
  stop(): void {
    this.unwatch?.();
    this.unwatch = null;
    this.loader.cancel();
    this.saver?.flush();
  }

  /** Shows a version, or the newest, or what is being written. */
  show(version: number | string | null): void {
    const { writing } = this.store.get();
    const written = version === null && writing?.documentId === this.id ? writing : null;
    if (written?.status === 'streaming') this.follow(written);
    // The server may not have it yet.
    else if (written?.version === 0) this.adopt(written);
    else if (isInEditor(this.state, version)) {
      // Loaded again, it would lose what is typed meanwhile. What else was asked for is not wanted any more.
      this.cancelLoad();
    } else this.load(version);
  }

  edit = (read: () => string): void => {
    // Whoever goes on writing does not want what they asked for before: it would take the editor away.
    if (this.saver && this.state.loading) this.cancelLoad();
    this.saver?.edit(read);
  };

  async flush(leaving = false): Promise<void> {
    await this.saver?.flush(leaving);
  }

  /** What is shown, as it is now. */
  content(): string {
    return this.state.live?.content ?? this.saver?.content ?? this.state.detail?.content ?? '';
  }

  /** There is a version of this number. */
  hear(version: number): void {
    const { detail, live, editable } = this.state;
    if (!detail && version > 0 && this.state.problem) this.load(this.loader.wanted);
    if (!detail || live || version <= detail.latest) return;
    // It may be one's own, whose answer is under way.
    if (this.saver?.state.status === 'saving') {
      this.saver.flush().then(() => this.hear(version));
      return;
    }
    const newest = detail.version === detail.latest;
    this.set({ detail: { ...detail, latest: version } });
    // The user has chosen another version, which is on its way.
    const chosen = this.state.loading && this.loader.wanted !== null;
    if (newest && !chosen && !(editable && this.isWorkedIn)) this.load(null, true);
  }

  /**
   * Makes an older version the newest once more.
   * @throws RequestError
   */
  async restore(version: number): Promise<void> {
    await this.flush();
    const baseVersion = this.state.detail?.latest ?? version;
    await saveVersion(this.id, { saveId: newId(), baseVersion, restore: version });
    await this.load(null);
  }

  /** The person's own shall be the newest, whatever was written beside it. */
  async keepMine(): Promise<void> {
    await this.flush();
    const { detail } = this.state;
    if (!detail || !this.saver) return;
    if (detail.version < detail.latest) {
      const { version: restore, latest: baseVersion } = detail;
      const saved = await saveVersion(this.id, { saveId: newId(), baseVersion, restore });
      this.saver.rebase(saved.version);
      this.onSaved(saved, this.saver.content);
    }
    this.dismiss();
  }

  /** The person would rather see what the model writes; their edits are saved. */
  watch(): void {
    this.flush();
    this.show(null);
  }

  /** The person knows that there are two. */
  dismiss(): void {
    this.told = this.state.detail?.version ?? null;
    this.set({ beside: null });
  }

  /** Whether news must not take the place of the editor. */
  private get isWorkedIn(): boolean {
    return this.saver?.inUse || this.hasFocus();
  }

  /** The same for what the model writes, which the user has asked for and wants to see. */
  private get isWrittenIn(): boolean {
    return this.saver?.dirty || (this.saver?.inUse && this.hasFocus()) || false;
  }

  private onBegin(writing: Writing): void {
    if (!this.isWrittenIn) {
      this.follow(writing);
      return;
    }
    this.set({ aside: true });
    this.flush();
  }

  private onEnd(writing: Writing): void {
    if (this.state.live) {
      this.adopt(writing);
      return;
    }
    const { aside, detail } = this.state;
    if (aside) this.set({ aside: false });
    // Written all at once upon what is shown, which is saved: the model had seen it.
    const isNext = writing.baseVersion === detail?.version && writing.version >= detail.latest;
    if (isNext && !this.isWrittenIn) this.adopt(writing);
    else if (writing.version > 0) this.hear(writing.version);
  }

  private follow(writing: Writing): void {
    this.flush();
    this.saver = null;
    this.loader.cancel();
    const { detail } = this.state;
    this.set({ ...NOTHING_SHOWN, detail, live: writing, viewKey: writing.id });
  }

  /** What was written live becomes the version that is shown, in the same view. */
  private adopt(writing: Writing): void {
    const detail = detailOf(writing, this.state.detail);
    this.set({ live: null, detail, viewKey: writing.id, broke: writing.error });
    // Pieces may still come after a stop: then the server knows best.
    if (writing.version === 0) this.load(null);
    else this.begin(detail, writing.id);
  }

  private cancelLoad(): void {
    this.loader.cancel();
    this.set({ ...NOT_LOADING, problem: null });
  }

  /** @param news nobody has asked for it: it does not replace what is being edited */
  private async load(version: number | string | null, news = false): Promise<void> {
    const wanted = typeof version === 'number' ? version : null;
    this.set({ loading: true, wanted, problem: null });
    try {
      const loaded = await this.loader.load(version, this.flush(), !news);
      if (loaded) this.take(loaded, news);
    } catch (error) {
      const quiet = news || this.state.detail?.version === 0;
      const message = error instanceof RequestError ? error.message : 'Something went wrong.';
      this.set({ ...NOT_LOADING, problem: quiet ? null : message });
    }
  }

  private take({ detail, unsaved, key }: Loaded, news: boolean): void {
    const { detail: before, viewKey } = this.state;
    // What was written is shown and not saved yet: news comes when it is.
    const early = detail.version === 0 && before !== null;
    // An event may tell of what the stream has brought already.
    const shown = news && before !== null && before.version >= detail.version;
    if (early || shown || (news && this.isWorkedIn)) {
      this.set(NOT_LOADING);
      return;
    }
    // What was written live and is saved now goes on in its view.
    const same = before?.version === 0 && before.content === detail.content;
    this.begin(detail, same ? viewKey : key, unsaved);
  }

  /** @param unsaved what the person has made of it, which the server would not take */
  private begin(detail: DocumentDetail, viewKey: string, unsaved?: string): void {
    const { version, content, baseVersion } = detail;
    // A newer one may have been announced while the one that was chosen was loaded.
    const known = this.loader.wanted === null ? 0 : (this.state.detail?.latest ?? 0);
    const latest = Math.max(detail.latest, known);
    const editable = version > 0 && version === latest;
    // What was edited while this was loaded is written out as long as its editor is there.
    this.flush();
    this.saver = editable ? this.newSaver(version, content) : null;
    const unseen = editable && baseVersion !== null && baseVersion < version - 1;
    const { writing } = this.store.get();
    const isWritten = writing?.documentId === this.id && writing.version === version;
    const broke = this.state.viewKey === viewKey ? this.state.broke : null;
    this.set({
      ...{ ...NOT_LOADING, viewKey, editable, live: null, problem: null },
      detail: { ...detail, latest, content: unsaved ?? content },
      broke: isWritten ? writing.error : broke,
      beside: unseen && this.told !== version ? version - 1 : null,
      save: { status: 'untouched' },
    });
    if (unsaved !== undefined) this.saver?.edit(() => unsaved);
  }

  private newSaver(version: number, content: string): Saver {
    const saver: Saver = new Saver({
      ...{ documentId: this.id, draftKey: draftKey(this.id, newId()), version, content },
      onState: (save) => {
        if (this.saver === saver) this.set({ save });
      },
      onSaved: (saved, written) => {
        if (this.saver === saver) this.onSaved(saved, written);
      },
    });
    return saver;
  }

  private onSaved({ version, latest }: SavedVersion, content: string): void {
    const { detail } = this.state;
    if (!detail) return;
    const { version: baseVersion } = detail;
    this.set({
      detail: { ...detail, content, version, latest, author: 'user', baseVersion },
      beside: version > baseVersion + 1 ? version - 1 : this.state.beside,
    });
  }

  private set(change: Partial<SessionState>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) listener();
  }
}
