/**
 * One document open in the panel: what is shown of it, whether it can be edited, and how news of it
 * is taken. Knows no React. Nothing a person has written is ever taken out from under their hands.
 */

import { newUuid } from '@/lib/client/browser/new-uuid';
import { Autosave } from '@/lib/client/documents/autosave';
import { documentDraftKey } from '@/lib/client/documents/document-drafts';
import {
  type DocumentSessionState,
  detailFromStreamed,
  IDLE_LOAD,
  INITIAL_SESSION_STATE,
  isEditableVersion,
} from '@/lib/client/documents/document-session-state';
import type { DocumentStore } from '@/lib/client/documents/document-store';
import type { StreamedDocument } from '@/lib/client/documents/document-stream';
import { postVersion } from '@/lib/client/documents/requests';
import { type LoadedVersion, VersionLoader } from '@/lib/client/documents/version-loader';
import { watchDocumentStream } from '@/lib/client/documents/watch-document-stream';
import { RequestError } from '@/lib/client/http/api';
import type { DocumentDetail, SavedVersion } from '@/lib/protocol/api';

export class DocumentSession {
  readonly id: string;
  state: DocumentSessionState;
  private readonly store: DocumentStore;
  private readonly isFocused: () => boolean;
  private readonly listeners = new Set<() => void>();
  private autosave: Autosave | null = null;
  private readonly loader: VersionLoader;
  /** The version of which the person knows that it was written beside another. */
  private acknowledgedVersion: number | null = null;
  private stopWatchingStream: (() => void) | null = null;

  /** @param isFocused whether the user is in the document at the moment, be it with the cursor or a button */
  constructor(id: string, store: DocumentStore, isFocused: () => boolean = () => false) {
    this.id = id;
    this.store = store;
    this.isFocused = isFocused;
    this.loader = new VersionLoader(id);
    this.state = { ...INITIAL_SESSION_STATE, viewKey: id };
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  getState = (): DocumentSessionState => this.state;

  /** Shows what the store asks for, and hears of it from now on. */
  start(version: number | string | null): void {
    this.stopWatchingStream ??= watchDocumentStream(this.store, this.id, {
      onStart: (streamed) => this.onStreamStart(streamed),
      onUpdate: (live) => this.state.streamed && this.setState({ streamed: live }),
      onEnd: (streamed) => this.onStreamEnd(streamed),
    });
    this.show(version);
  }

  /** Edits are saved; the saver goes on by itself until they are. */
  stop(): void {
    this.stopWatchingStream?.();
    this.stopWatchingStream = null;
    this.loader.cancel();
    this.autosave?.flush();
  }

  /** Shows a version, or the newest, or what is being written. */
  show(version: number | string | null): void {
    const { streamed } = this.store.getSnapshot();
    const current = version === null && streamed?.documentId === this.id ? streamed : null;
    if (current?.status === 'streaming') this.followStream(current);
    // The server may not have it yet.
    else if (current?.version === 0) this.adoptStreamed(current);
    else if (isEditableVersion(this.state, version)) {
      // Loaded again, it would lose what is typed meanwhile. What else was asked for is not wanted any more.
      this.cancelLoad();
    } else this.load(version);
  }

  edit = (readContent: () => string): void => {
    // Whoever goes on writing does not want what they asked for before: it would take the editor away.
    if (this.autosave && this.state.loading) this.cancelLoad();
    this.autosave?.edit(readContent);
  };

  async flush(isPageUnloading = false): Promise<void> {
    await this.autosave?.flush(isPageUnloading);
  }

  /** What is shown, as it is now. */
  content(): string {
    return (
      this.state.streamed?.content ?? this.autosave?.content ?? this.state.detail?.content ?? ''
    );
  }

  /** There is a version of this number. */
  onRemoteVersion(version: number): void {
    const { detail, streamed, editable } = this.state;
    if (!detail && version > 0 && this.state.errorMessage) this.load(this.loader.requestedVersion);
    if (!detail || streamed || version <= detail.latest) return;
    // It may be one's own, whose answer is under way.
    if (this.autosave?.state.status === 'saving') {
      this.autosave.flush().then(() => this.onRemoteVersion(version));
      return;
    }
    const isShowingNewest = detail.version === detail.latest;
    this.setState({ detail: { ...detail, latest: version } });
    // The user has chosen another version, which is on its way.
    const chosen = this.state.loading && this.loader.requestedVersion !== null;
    if (isShowingNewest && !chosen && !(editable && this.isInUse)) this.load(null, true);
  }

  /**
   * Makes an older version the newest once more.
   * @throws RequestError
   */
  async restore(version: number): Promise<void> {
    await this.flush();
    const baseVersion = this.state.detail?.latest ?? version;
    await postVersion(this.id, { saveId: newUuid(), baseVersion, restore: version });
    await this.load(null);
  }

  /** The person's own shall be the newest, whatever was written beside it. */
  async keepLocalVersion(): Promise<void> {
    await this.flush();
    const { detail } = this.state;
    if (!detail || !this.autosave) return;
    if (detail.version < detail.latest) {
      const { version: restore, latest: baseVersion } = detail;
      const saved = await postVersion(this.id, { saveId: newUuid(), baseVersion, restore });
      this.autosave.rebase(saved.version);
      this.onSaved(saved, this.autosave.content);
    }
    this.acknowledgeConflict();
  }

  /** The person would rather see what the model writes; their edits are saved. */
  showStreamed(): void {
    this.flush();
    this.show(null);
  }

  /** The person knows that there are two. */
  acknowledgeConflict(): void {
    this.acknowledgedVersion = this.state.detail?.version ?? null;
    this.setState({ conflictsWith: null });
  }

  /** Whether news must not take the place of the editor. */
  private get isInUse(): boolean {
    return this.autosave?.isActive || this.isFocused();
  }

  /** The same for what the model writes, which the user has asked for and wants to see. */
  private get hasRecentEdits(): boolean {
    return this.autosave?.dirty || (this.autosave?.isActive && this.isFocused()) || false;
  }

  private onStreamStart(streamed: StreamedDocument): void {
    if (!this.hasRecentEdits) {
      this.followStream(streamed);
      return;
    }
    this.setState({ keepingEdits: true });
    this.flush();
  }

  private onStreamEnd(streamed: StreamedDocument): void {
    if (this.state.streamed) {
      this.adoptStreamed(streamed);
      return;
    }
    const { keepingEdits, detail } = this.state;
    if (keepingEdits) this.setState({ keepingEdits: false });
    // Written all at once upon what is shown, which is saved: the model had seen it.
    const succeedsShown =
      streamed.baseVersion === detail?.version && streamed.version >= detail.latest;
    if (succeedsShown && !this.hasRecentEdits) this.adoptStreamed(streamed);
    else if (streamed.version > 0) this.onRemoteVersion(streamed.version);
  }

  private followStream(streamed: StreamedDocument): void {
    this.flush();
    this.autosave = null;
    this.loader.cancel();
    const { detail } = this.state;
    this.setState({ ...INITIAL_SESSION_STATE, detail, streamed, viewKey: streamed.id });
  }

  /** What was written live becomes the version that is shown, in the same view. */
  private adoptStreamed(streamed: StreamedDocument): void {
    const detail = detailFromStreamed(streamed, this.state.detail);
    this.setState({ streamed: null, detail, viewKey: streamed.id, interruptedBy: streamed.error });
    // Pieces may still come after a stop: then the server knows best.
    if (streamed.version === 0) this.load(null);
    else this.openVersion(detail, streamed.id);
  }

  private cancelLoad(): void {
    this.loader.cancel();
    this.setState({ ...IDLE_LOAD, errorMessage: null });
  }

  /** @param isBackground nobody has asked for it: it does not replace what is being edited */
  private async load(version: number | string | null, isBackground = false): Promise<void> {
    const requestedVersion = typeof version === 'number' ? version : null;
    this.setState({ loading: true, requestedVersion, errorMessage: null });
    try {
      const loaded = await this.loader.load(version, this.flush(), !isBackground);
      if (loaded) this.applyLoaded(loaded, isBackground);
    } catch (error) {
      const isSilent = isBackground || this.state.detail?.version === 0;
      const message = error instanceof RequestError ? error.message : 'Something went wrong.';
      this.setState({ ...IDLE_LOAD, errorMessage: isSilent ? null : message });
    }
  }

  private applyLoaded(
    { detail, rejectedContent, loadKey }: LoadedVersion,
    isBackground: boolean,
  ): void {
    const { detail: previous, viewKey } = this.state;
    // What was written is shown and not saved yet: news comes when it is.
    const isUnsavedStream = detail.version === 0 && previous !== null;
    // An event may tell of what the stream has brought already.
    const isAlreadyShown = isBackground && previous !== null && previous.version >= detail.version;
    if (isUnsavedStream || isAlreadyShown || (isBackground && this.isInUse)) {
      this.setState(IDLE_LOAD);
      return;
    }
    // What was written live and is saved now goes on in its view.
    const isSameContent = previous?.version === 0 && previous.content === detail.content;
    this.openVersion(detail, isSameContent ? viewKey : loadKey, rejectedContent);
  }

  /** @param rejectedContent what the person has made of it, which the server would not take */
  private openVersion(detail: DocumentDetail, viewKey: string, rejectedContent?: string): void {
    const { version, content, baseVersion } = detail;
    // A newer one may have been announced while the one that was chosen was loaded.
    const known = this.loader.requestedVersion === null ? 0 : (this.state.detail?.latest ?? 0);
    const latest = Math.max(detail.latest, known);
    const editable = version > 0 && version === latest;
    // What was edited while this was loaded is written out as long as its editor is there.
    this.flush();
    this.autosave = editable ? this.createAutosave(version, content) : null;
    const hasConflict = editable && baseVersion !== null && baseVersion < version - 1;
    const { streamed } = this.store.getSnapshot();
    const isFromStream = streamed?.documentId === this.id && streamed.version === version;
    const interruptedBy = this.state.viewKey === viewKey ? this.state.interruptedBy : null;
    this.setState({
      ...{ ...IDLE_LOAD, viewKey, editable, streamed: null, errorMessage: null },
      detail: { ...detail, latest, content: rejectedContent ?? content },
      interruptedBy: isFromStream ? streamed.error : interruptedBy,
      conflictsWith: hasConflict && this.acknowledgedVersion !== version ? version - 1 : null,
      save: { status: 'untouched' },
    });
    if (rejectedContent !== undefined) this.autosave?.edit(() => rejectedContent);
  }

  private createAutosave(version: number, content: string): Autosave {
    const autosave: Autosave = new Autosave({
      ...{ documentId: this.id, draftKey: documentDraftKey(this.id, newUuid()), version, content },
      onStateChange: (save) => {
        if (this.autosave === autosave) this.setState({ save });
      },
      onSaved: (saved, savedContent) => {
        if (this.autosave === autosave) this.onSaved(saved, savedContent);
      },
    });
    return autosave;
  }

  private onSaved({ version, latest }: SavedVersion, content: string): void {
    const { detail } = this.state;
    if (!detail) return;
    const { version: baseVersion } = detail;
    this.setState({
      detail: { ...detail, content, version, latest, author: 'user', baseVersion },
      conflictsWith: version > baseVersion + 1 ? version - 1 : this.state.conflictsWith,
    });
  }

  private setState(change: Partial<DocumentSessionState>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) listener();
  }
}
