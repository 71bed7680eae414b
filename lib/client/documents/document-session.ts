/**
 * One open document: what is displayed, whether it can be edited, and how new versions and streamed
 * content are applied. Independent of React. Invariant: text the user has written is never replaced
 * while they edit it.
 */

import { newUuid } from '@/lib/client/browser/new-uuid';
import { createStore, type Store } from '@/lib/client/browser/store';
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
import { postVersion } from '@/lib/client/documents/requests';
import { type LoadedVersion, VersionLoader } from '@/lib/client/documents/version-loader';
import { watchDocumentStream } from '@/lib/client/documents/watch-document-stream';
import { toErrorMessage } from '@/lib/client/http/request-error';
import type { DocumentDetail, SavedVersion } from '@/lib/protocol/api';
import type { StreamedDocument } from '@/lib/protocol/document-stream';

export class DocumentSession {
  readonly id: string;
  readonly stateStore: Store<DocumentSessionState>;
  private readonly store: DocumentStore;
  private readonly isFocused: () => boolean;
  private autosave: Autosave | null = null;
  private readonly loader: VersionLoader;
  /** The version whose conflict the user has acknowledged. */
  private acknowledgedVersion: number | null = null;
  private stopWatchingStream: (() => void) | null = null;

  /**
   * @param isFocused whether the focus is in the document right now, in its text or on one of its
   *   buttons
   */
  constructor(id: string, store: DocumentStore, isFocused: () => boolean = () => false) {
    this.id = id;
    this.store = store;
    this.isFocused = isFocused;
    this.loader = new VersionLoader(id, (version) => this.onRemoteVersion(version));
    this.stateStore = createStore({ ...INITIAL_SESSION_STATE, viewKey: id });
  }

  get state(): DocumentSessionState {
    return this.stateStore.getState();
  }

  /** Displays the version that the store requests, and subscribes to the document's stream. */
  start(version: number | string | null): void {
    this.stopWatchingStream ??= watchDocumentStream(this.store, this.id, {
      onStart: (streamed) => this.onStreamStart(streamed),
      onUpdate: (streamed) => this.state.streamed && this.setState({ streamed }),
      onEnd: (streamed) => this.onStreamEnd(streamed),
    });
    this.show(version);
  }

  /** Unsubscribes and saves edits; the autosave retries on its own until they are stored. */
  stop(): void {
    this.stopWatchingStream?.();
    this.stopWatchingStream = null;
    this.loader.stop();
    this.autosave?.flush();
  }

  /** Displays a version; null displays the newest one, or the streamed document. */
  show(version: number | string | null): void {
    const { streamed } = this.store.getState();
    const current = version === null && streamed?.id === this.id ? streamed : null;
    if (current?.status === 'streaming') this.followStream(current);
    // The server may not have stored it yet.
    else if (current?.version === 0) this.adoptStreamed(current);
    else if (isEditableVersion(this.state, version)) {
      // A reload would lose what is typed meanwhile. An earlier request for another version is
      // obsolete.
      this.cancelLoad();
    } else this.load(version);
  }

  edit = (readContent: () => string): void => {
    // The user keeps typing, so drop the pending load: it would replace the editor.
    if (this.autosave && this.state.loading) this.cancelLoad();
    this.autosave?.edit(readContent);
  };

  async flush(isPageUnloading = false): Promise<void> {
    await this.autosave?.flush(isPageUnloading);
  }

  /** Returns the current content of what is displayed. */
  content(): string {
    return (
      this.state.streamed?.content ?? this.autosave?.content ?? this.state.detail?.content ?? ''
    );
  }

  /** Handles an event that reports a version with this number. */
  onRemoteVersion(version: number): void {
    const { detail, streamed, editable } = this.state;
    if (!detail && version > 0 && this.state.errorMessage) this.load(this.loader.requestedVersion);
    if (!detail || streamed || version <= detail.latest) return;
    // It may be our own save, whose response is pending.
    if (this.autosave?.state.status === 'saving') {
      this.autosave.flush().then(() => this.onRemoteVersion(version));
      return;
    }
    const isDisplayingNewest = detail.version === detail.latest;
    this.setState({ detail: { ...detail, latest: version } });
    // The user has opened another version, which is still loading.
    const isOpeningVersion = this.state.loading && this.loader.requestedVersion !== null;
    if (isDisplayingNewest && !isOpeningVersion && !(editable && this.isInUse)) {
      this.load(null, true);
    }
  }

  /**
   * Creates a new version with the content of an older one.
   * @throws RequestError
   */
  async restore(version: number): Promise<void> {
    await this.flush();
    const baseVersion = this.state.detail?.latest ?? version;
    await postVersion(this.id, { saveId: newUuid(), baseVersion, restore: version });
    await this.load(null);
  }

  /**
   * Makes the user's own version the newest one, despite concurrent versions.
   * @throws RequestError
   */
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

  /** Displays the streamed document instead of the user's edits, which are saved. */
  showStreamed(): void {
    this.flush();
    this.show(null);
  }

  /** Marks the conflict of the displayed version as seen. */
  acknowledgeConflict(): void {
    this.acknowledgedVersion = this.state.detail?.version ?? null;
    this.setState({ conflictsWith: null });
  }

  /** Whether a newer version must not replace the editor. */
  private get isInUse(): boolean {
    return this.autosave?.isActive || this.isFocused();
  }

  /**
   * Like `isInUse`, for a streamed document: stricter, because the user asked the model for it and
   * expects to see it.
   */
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
    // The write arrived whole, based on the displayed version, which is saved: the model had seen
    // it.
    const succeedsDisplayed =
      streamed.baseVersion === detail?.version && streamed.version >= detail.latest;
    if (succeedsDisplayed && !this.hasRecentEdits) this.adoptStreamed(streamed);
    else if (streamed.version > 0) this.onRemoteVersion(streamed.version);
  }

  private followStream(streamed: StreamedDocument): void {
    this.flush();
    this.autosave = null;
    this.loader.cancel();
    const { detail } = this.state;
    this.setState({ ...INITIAL_SESSION_STATE, detail, streamed, viewKey: streamed.writingId });
  }

  /** The streamed document becomes the displayed version, in the same view. */
  private adoptStreamed(streamed: StreamedDocument): void {
    const detail = detailFromStreamed(streamed, this.state.detail);
    this.setState({
      streamed: null,
      detail,
      viewKey: streamed.writingId,
      interruptedBy: streamed.error,
    });
    // Chunks may still arrive after a stop, so load the server's version.
    if (streamed.version === 0) this.load(null);
    else this.openVersion(detail, streamed.writingId);
  }

  private cancelLoad(): void {
    this.loader.cancel();
    this.setState({ ...IDLE_LOAD, errorMessage: null });
  }

  /** @param isBackground not requested by the user: it does not replace an editor in use */
  private async load(version: number | string | null, isBackground = false): Promise<void> {
    const requestedVersion = typeof version === 'number' ? version : null;
    this.setState({ loading: true, requestedVersion, errorMessage: null });
    try {
      const loaded = await this.loader.load(version, this.flush(), !isBackground);
      if (loaded) this.applyLoaded(loaded, isBackground);
    } catch (error) {
      const isSilent = isBackground || this.state.detail?.version === 0;
      this.setState({ ...IDLE_LOAD, errorMessage: isSilent ? null : toErrorMessage(error) });
    }
  }

  private applyLoaded(
    { detail, rejectedContent, loadKey }: LoadedVersion,
    isBackground: boolean,
  ): void {
    const { detail: previous, viewKey } = this.state;
    // The displayed streamed content is not saved yet; an event follows when it is.
    const isUnsavedStream = detail.version === 0 && previous !== null;
    // An event may report a version that the stream has delivered already.
    const isAlreadyDisplayed =
      isBackground && previous !== null && previous.version >= detail.version;
    if (isUnsavedStream || isAlreadyDisplayed || (isBackground && this.isInUse)) {
      this.setState(IDLE_LOAD);
      return;
    }
    // Streamed content that is saved now keeps its view.
    const isSameContent = previous?.version === 0 && previous.content === detail.content;
    this.openVersion(detail, isSameContent ? viewKey : loadKey, rejectedContent);
  }

  /** @param rejectedContent the user's edits of this version that the server rejected */
  private openVersion(detail: DocumentDetail, viewKey: string, rejectedContent?: string): void {
    const { version, content, baseVersion } = detail;
    // A newer version may have been announced while this one was loading.
    const announced = this.loader.requestedVersion === null ? 0 : (this.state.detail?.latest ?? 0);
    const latest = Math.max(detail.latest, announced);
    const editable = version > 0 && version === latest;
    // Save edits made during the load while their editor still exists.
    this.flush();
    this.autosave = editable ? this.createAutosave(version, content) : null;
    const hasConflict = editable && baseVersion !== null && baseVersion < version - 1;
    const { streamed } = this.store.getState();
    const isFromStream = streamed?.id === this.id && streamed.version === version;
    const interruptedBy = this.state.viewKey === viewKey ? this.state.interruptedBy : null;
    this.setState({
      ...{ ...IDLE_LOAD, viewKey, editable, streamed: null, errorMessage: null },
      detail: { ...detail, latest, content: rejectedContent ?? content },
      interruptedBy: isFromStream ? streamed.error : interruptedBy,
      conflictsWith: hasConflict && this.acknowledgedVersion !== version ? version - 1 : null,
      save: { status: 'pristine' },
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
    this.stateStore.setState({ ...this.state, ...change });
  }
}
