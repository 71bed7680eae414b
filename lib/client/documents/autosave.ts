/**
 * Saves what the person edits, by itself: a draft in the browser within half a second, a version at
 * the server once they pause. One an editor; it goes on until the last edit has arrived.
 */

import { newUuid } from '@/lib/client/browser/new-uuid';
import { removeDocumentDraft, writeDocumentDraft } from '@/lib/client/documents/document-drafts';
import { isPermanentFailure, postVersion } from '@/lib/client/documents/requests';
import { RequestError } from '@/lib/client/http/api';
import type { SavedVersion } from '@/lib/protocol/api';

export type SaveState =
  /** Nothing was edited yet. */
  | { status: 'untouched' }
  | { status: 'saved' }
  /** There are edits that are not at the server yet. */
  | { status: 'unsaved' }
  | { status: 'saving' }
  /** `final`: not tried again before the next edit. */
  | { status: 'failed'; message: string; permanent: boolean };

/** What tests replace; times in milliseconds. */
export type AutosaveDependencies = {
  save: typeof postVersion;
  draftDelayMs: number;
  debounceMs: number;
  /** Somebody who never pauses is saved this often. */
  maxDelayMs: number;
  initialBackoffMs: number;
  maxBackoffMs: number;
};

const DEFAULT_DEPENDENCIES: AutosaveDependencies = {
  save: postVersion,
  draftDelayMs: 400,
  debounceMs: 1_500,
  maxDelayMs: 10_000,
  initialBackoffMs: 2_000,
  maxBackoffMs: 30_000,
};

/** An editor that was written in so lately is in use, in milliseconds. */
const RECENT_EDIT_MS = 10_000;
/** Writing out a large document may take a while: drafts leave this many times that between them. */
const DRAFT_COST_FACTOR = 10;

type PendingSave = { content: string; saveId: string };

type AutosaveOptions = {
  documentId: string;
  draftKey: string;
  /** The version that is edited, and its content. */
  version: number;
  content: string;
  onStateChange: (state: SaveState) => void;
  onSaved: (saved: SavedVersion, content: string) => void;
};

export class Autosave {
  state: SaveState = { status: 'untouched' };
  /** `performance.now()` of the last edit. */
  private editedAt = Number.NEGATIVE_INFINITY;
  private readonly options: AutosaveOptions;
  private readonly dependencies: AutosaveDependencies;
  private version: number;
  private savedContent: string;
  private readContent: (() => string) | null = null;
  private pending: PendingSave | null = null;
  private activeRequest: Promise<void> | null = null;
  private draftTimer: ReturnType<typeof setTimeout> | undefined;
  private lastDraftCostMs = 0;
  private saveTimer: ReturnType<typeof setTimeout> | undefined;
  private firstUnsavedAt = 0;
  private failures = 0;

  constructor(options: AutosaveOptions, dependencies: Partial<AutosaveDependencies> = {}) {
    this.options = options;
    this.dependencies = { ...DEFAULT_DEPENDENCIES, ...dependencies };
    this.version = options.version;
    this.savedContent = options.content;
  }

  /** Whether there is anything that the server has not confirmed. */
  get dirty(): boolean {
    return this.readContent !== null || this.pending !== null;
  }

  /** Whether the person is at work in the editor: then it is not replaced by what is newer. */
  get isActive(): boolean {
    return this.dirty || performance.now() - this.editedAt < RECENT_EDIT_MS;
  }

  /** What the editor holds. */
  get content(): string {
    return this.readContent?.() ?? this.pending?.content ?? this.savedContent;
  }

  /** The person has changed something; `read` gives what the editor holds when it is called. */
  edit(readContent: () => string): void {
    const now = performance.now();
    this.editedAt = now;
    if (!this.dirty) this.firstUnsavedAt = now;
    this.readContent = readContent;
    this.failures = 0;
    const { status } = this.state;
    if (status !== 'saving' && status !== 'unsaved') this.setState({ status: 'unsaved' });
    this.draftTimer ??= setTimeout(
      () => this.captureContent(),
      Math.max(this.dependencies.draftDelayMs, this.lastDraftCostMs * DRAFT_COST_FACTOR),
    );
    const { debounceMs, maxDelayMs } = this.dependencies;
    this.scheduleSave(Math.max(0, Math.min(debounceMs, this.firstUnsavedAt + maxDelayMs - now)));
  }

  /**
   * Saves at once what is unsaved.
   * @param isPageUnloading the page may go away: the request shall outlive it
   * @returns when that has been tried
   */
  async flush(isPageUnloading = false): Promise<void> {
    clearTimeout(this.saveTimer);
    this.captureContent();
    // What is under way may be cut off with the page; the same again changes nothing.
    if (this.activeRequest && !isPageUnloading) await this.activeRequest;
    if (this.pending) await this.send(isPageUnloading);
  }

  /** What is edited counts as made from this version, which has the content that was saved last. */
  rebase(version: number): void {
    this.version = version;
  }

  /** Writes out what the editor holds, and keeps it in the browser. */
  private captureContent(): void {
    clearTimeout(this.draftTimer);
    this.draftTimer = undefined;
    if (!this.readContent) return;
    const startedAt = performance.now();
    const content = this.readContent();
    this.readContent = null;
    if (content === (this.pending?.content ?? this.savedContent)) {
      if (!this.pending) this.markSaved();
      return;
    }
    this.pending = { content, saveId: newUuid() };
    const isDraftStored = this.storeDraft();
    this.lastDraftCostMs = performance.now() - startedAt;
    if (!isDraftStored) this.scheduleSave(0);
  }

  private storeDraft(): boolean {
    if (!this.pending) return true;
    const draft = { ...this.pending, baseVersion: this.version, at: Date.now() };
    return writeDocumentDraft(this.options.draftKey, draft);
  }

  private scheduleSave(ms: number): void {
    clearTimeout(this.saveTimer);
    this.saveTimer = setTimeout(() => {
      this.captureContent();
      if (!this.activeRequest && this.pending) this.send(false);
    }, ms);
  }

  private send(isPageUnloading: boolean): Promise<void> {
    const request = this.postPending(isPageUnloading).finally(() => {
      if (this.activeRequest === request) this.activeRequest = null;
    });
    this.activeRequest = request;
    return request;
  }

  private async postPending(isPageUnloading: boolean): Promise<void> {
    const attempt = this.pending;
    if (!attempt) return;
    if (attempt.content === this.savedContent) {
      this.markSaved();
      return;
    }
    const { documentId, onSaved } = this.options;
    const body = { ...attempt, baseVersion: this.version };
    this.setState({ status: 'saving' });
    try {
      const saved = await this.dependencies.save(documentId, body, isPageUnloading);
      this.failures = 0;
      // Another request with the same edit may have told it already.
      if (saved.version > this.version) {
        this.version = saved.version;
        this.savedContent = attempt.content;
        onSaved(saved, attempt.content);
      }
      if (this.pending === attempt) this.pending = null;
      if (this.dirty) this.scheduleNextSave();
      else this.markSaved();
    } catch (error) {
      if (this.pending) this.markFailed(error);
    }
  }

  /** There is more to save: what was edited meanwhile is made from the version that is saved now. */
  private scheduleNextSave(): void {
    this.firstUnsavedAt = performance.now();
    this.storeDraft();
    this.setState({ status: 'unsaved' });
    this.scheduleSave(this.dependencies.debounceMs);
  }

  private markSaved(): void {
    this.pending = null;
    clearTimeout(this.saveTimer);
    removeDocumentDraft(this.options.draftKey);
    this.setState({ status: 'saved' });
  }

  private markFailed(error: unknown): void {
    const permanent = isPermanentFailure(error);
    const message =
      error instanceof RequestError ? error.message : 'Something went wrong. Try again.';
    this.setState({ status: 'failed', message, permanent });
    if (permanent) return;
    const { initialBackoffMs, maxBackoffMs } = this.dependencies;
    this.scheduleSave(Math.min(maxBackoffMs, initialBackoffMs * 2 ** this.failures));
    this.failures += 1;
  }

  private setState(state: SaveState): void {
    this.state = state;
    this.options.onStateChange(state);
  }
}
