/**
 * Autosaves user edits: a draft in the browser within half a second, a version on the server after
 * a pause in typing. One instance per editor; it keeps retrying until the last edit is saved,
 * except after an error that a retry cannot fix.
 */

import { newUuid } from '@/lib/client/browser/new-uuid';
import { removeDocumentDraft, writeDocumentDraft } from '@/lib/client/documents/document-drafts';
import { isPermanentFailure, postVersion } from '@/lib/client/documents/requests';
import { toErrorMessage } from '@/lib/client/http/request-error';
import type { SavedVersion } from '@/lib/protocol/api';
import {
  DOCUMENT_DRAFT_INTERVAL_MS,
  DOCUMENT_SAVE_DEBOUNCE_MS,
  DOCUMENT_SAVE_INTERVAL_MS,
} from '@/lib/protocol/latency';
import { type Backoff, backoffMs } from '@/lib/shared/backoff';

export type SaveState =
  /** No edits yet. */
  | { status: 'pristine' }
  | { status: 'saved' }
  /** There are edits that the server has not stored yet. */
  | { status: 'unsaved' }
  | { status: 'saving' }
  /** `permanent`: not retried before the next edit. */
  | { status: 'failed'; message: string; permanent: boolean };

/** Injected; tests replace them. Times are in milliseconds. */
export type AutosaveDependencies = {
  save: typeof postVersion;
  draftDelayMs: number;
  debounceMs: number;
  /** Maximum delay of a save while the user types without a pause. */
  maxDelayMs: number;
  /** Delays before retries of a failed save. */
  backoff: Backoff;
};

const DEFAULT_DEPENDENCIES: AutosaveDependencies = {
  save: postVersion,
  draftDelayMs: DOCUMENT_DRAFT_INTERVAL_MS,
  debounceMs: DOCUMENT_SAVE_DEBOUNCE_MS,
  maxDelayMs: DOCUMENT_SAVE_INTERVAL_MS,
  backoff: { initialMs: 2_000, maxMs: 30_000 },
};

/** Time after an edit during which the editor counts as in use, in milliseconds. */
const RECENT_EDIT_MS = 10_000;
/**
 * Serializing a large document can be slow: the delay between drafts is at least this many times
 * its duration.
 */
const DRAFT_COST_FACTOR = 10;

type PendingSave = { content: string; saveId: string };

type AutosaveOptions = {
  documentId: string;
  draftKey: string;
  /** The version being edited, and its content. */
  version: number;
  content: string;
  onStateChange: (state: SaveState) => void;
  onSaved: (saved: SavedVersion, content: string) => void;
};

export class Autosave {
  state: SaveState = { status: 'pristine' };
  /** `performance.now()` at the last edit. */
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

  /** Whether there are edits that the server has not confirmed. */
  get dirty(): boolean {
    return this.readContent !== null || this.pending !== null;
  }

  /** Whether the user is editing: the editor is then not replaced by a newer version. */
  get isActive(): boolean {
    return this.dirty || performance.now() - this.editedAt < RECENT_EDIT_MS;
  }

  /** The editor's current content. */
  get content(): string {
    return this.readContent?.() ?? this.pending?.content ?? this.savedContent;
  }

  /** Records a user edit. `readContent` returns the editor's content at the time of the call. */
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
   * Saves unsaved edits now.
   * @param isPageUnloading whether the page may be unloading: the request is then sent with
   *   keepalive
   * @returns resolves after the attempt, whether it succeeded or not
   */
  async flush(isPageUnloading = false): Promise<void> {
    clearTimeout(this.saveTimer);
    this.captureContent();
    // The active request may be aborted with the page. Sending the same save again is idempotent.
    if (this.activeRequest && !isPageUnloading) await this.activeRequest;
    if (this.pending) await this.send(isPageUnloading);
  }

  /** Sets the base version of further edits. Its content must equal the last saved content. */
  rebase(version: number): void {
    this.version = version;
  }

  /** Serializes the editor's content and stores it as a draft in the browser. */
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
      // A concurrent request with the same edit may have reported this version already.
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

  /** Schedules the next save. Edits made meanwhile are based on the version just saved. */
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
    this.setState({ status: 'failed', message: toErrorMessage(error), permanent });
    if (permanent) return;
    this.scheduleSave(backoffMs(this.failures, this.dependencies.backoff));
    this.failures += 1;
  }

  private setState(state: SaveState): void {
    this.state = state;
    this.options.onStateChange(state);
  }
}
