/**
 * Saves what the person edits, by itself: a draft in the browser within half a second, a version at
 * the server once they pause. One an editor; it goes on until the last edit has arrived.
 */
import { removeDraft, writeDraft } from '@/lib/client/artifact/drafts';
import { isRefusal, saveVersion } from '@/lib/client/artifact/requests';
import { newId } from '@/lib/client/chat/new-id';
import { RequestError } from '@/lib/client/http';
import type { SavedVersion } from '@/lib/protocol/api';

export type SaveState =
  /** Nothing was edited yet. */
  | { status: 'untouched' }
  | { status: 'saved' }
  /** There are edits that are not at the server yet. */
  | { status: 'unsaved' }
  | { status: 'saving' }
  /** `final`: not tried again before the next edit. */
  | { status: 'failed'; message: string; final: boolean };

/** What tests replace; times in milliseconds. */
export type SaverSeams = {
  save: typeof saveVersion;
  draftMs: number;
  pauseMs: number;
  /** Somebody who never pauses is saved this often. */
  atMostMs: number;
  firstRetryMs: number;
  lastRetryMs: number;
};

const SEAMS: SaverSeams = {
  save: saveVersion,
  draftMs: 400,
  pauseMs: 1_500,
  atMostMs: 10_000,
  firstRetryMs: 2_000,
  lastRetryMs: 30_000,
};

/** An editor that was written in so lately is in use, in milliseconds. */
const HANDS_OFF_MS = 10_000;
/** Writing out a large document may take a while: drafts leave this many times that between them. */
const DRAFT_REST = 10;

type Pending = { content: string; saveId: string };

type SaverOptions = {
  documentId: string;
  draftKey: string;
  /** The version that is edited, and its content. */
  version: number;
  content: string;
  onState: (state: SaveState) => void;
  onSaved: (saved: SavedVersion, content: string) => void;
};

export class Saver {
  state: SaveState = { status: 'untouched' };
  /** `performance.now()` of the last edit. */
  private editedAt = Number.NEGATIVE_INFINITY;
  private readonly options: SaverOptions;
  private readonly seams: SaverSeams;
  private version: number;
  private saved: string;
  private read: (() => string) | null = null;
  private pending: Pending | null = null;
  private sending: Promise<void> | null = null;
  private draftTimer: ReturnType<typeof setTimeout> | undefined;
  private draftCostMs = 0;
  private saveTimer: ReturnType<typeof setTimeout> | undefined;
  private firstUnsavedAt = 0;
  private failures = 0;

  constructor(options: SaverOptions, seams: Partial<SaverSeams> = {}) {
    this.options = options;
    this.seams = { ...SEAMS, ...seams };
    this.version = options.version;
    this.saved = options.content;
  }

  /** Whether there is anything that the server has not confirmed. */
  get dirty(): boolean {
    return this.read !== null || this.pending !== null;
  }

  /** Whether the person is at work in the editor: then it is not replaced by what is newer. */
  get inUse(): boolean {
    return this.dirty || performance.now() - this.editedAt < HANDS_OFF_MS;
  }

  /** What the editor holds. */
  get content(): string {
    return this.read?.() ?? this.pending?.content ?? this.saved;
  }

  /** The person has changed something; `read` gives what the editor holds when it is called. */
  edit(read: () => string): void {
    const now = performance.now();
    this.editedAt = now;
    if (!this.dirty) this.firstUnsavedAt = now;
    this.read = read;
    this.failures = 0;
    const { status } = this.state;
    if (status !== 'saving' && status !== 'unsaved') this.become({ status: 'unsaved' });
    this.draftTimer ??= setTimeout(
      () => this.capture(),
      Math.max(this.seams.draftMs, this.draftCostMs * DRAFT_REST),
    );
    const { pauseMs, atMostMs } = this.seams;
    this.saveIn(Math.max(0, Math.min(pauseMs, this.firstUnsavedAt + atMostMs - now)));
  }

  /**
   * Saves at once what is unsaved.
   * @param leaving the page may go away: the request shall outlive it
   * @returns when that has been tried
   */
  async flush(leaving = false): Promise<void> {
    clearTimeout(this.saveTimer);
    this.capture();
    // What is under way may be cut off with the page; the same again changes nothing.
    if (this.sending && !leaving) await this.sending;
    if (this.pending) await this.send(leaving);
  }

  /** What is edited counts as made from this version, which has the content that was saved last. */
  rebase(version: number): void {
    this.version = version;
  }

  /** Writes out what the editor holds, and keeps it in the browser. */
  private capture(): void {
    clearTimeout(this.draftTimer);
    this.draftTimer = undefined;
    if (!this.read) return;
    const before = performance.now();
    const content = this.read();
    this.read = null;
    if (content === (this.pending?.content ?? this.saved)) {
      if (!this.pending) this.settle();
      return;
    }
    this.pending = { content, saveId: newId() };
    const kept = this.keep();
    this.draftCostMs = performance.now() - before;
    if (!kept) this.saveIn(0);
  }

  private keep(): boolean {
    if (!this.pending) return true;
    const draft = { ...this.pending, baseVersion: this.version, at: Date.now() };
    return writeDraft(this.options.draftKey, draft);
  }

  private saveIn(ms: number): void {
    clearTimeout(this.saveTimer);
    this.saveTimer = setTimeout(() => {
      this.capture();
      if (!this.sending && this.pending) this.send(false);
    }, ms);
  }

  private send(leaving: boolean): Promise<void> {
    const sending = this.post(leaving).finally(() => {
      if (this.sending === sending) this.sending = null;
    });
    this.sending = sending;
    return sending;
  }

  private async post(leaving: boolean): Promise<void> {
    const sent = this.pending;
    if (!sent) return;
    if (sent.content === this.saved) {
      this.settle();
      return;
    }
    const { documentId, onSaved } = this.options;
    const body = { ...sent, baseVersion: this.version };
    this.become({ status: 'saving' });
    try {
      const saved = await this.seams.save(documentId, body, leaving);
      this.failures = 0;
      // Another request with the same edit may have told it already.
      if (saved.version > this.version) {
        this.version = saved.version;
        this.saved = sent.content;
        onSaved(saved, sent.content);
      }
      if (this.pending === sent) this.pending = null;
      if (this.dirty) this.goOn();
      else this.settle();
    } catch (error) {
      if (this.pending) this.fail(error);
    }
  }

  /** There is more to save: what was edited meanwhile is made from the version that is saved now. */
  private goOn(): void {
    this.firstUnsavedAt = performance.now();
    this.keep();
    this.become({ status: 'unsaved' });
    this.saveIn(this.seams.pauseMs);
  }

  private settle(): void {
    this.pending = null;
    clearTimeout(this.saveTimer);
    removeDraft(this.options.draftKey);
    this.become({ status: 'saved' });
  }

  private fail(error: unknown): void {
    const final = isRefusal(error);
    const message =
      error instanceof RequestError ? error.message : 'Something went wrong. Try again.';
    this.become({ status: 'failed', message, final });
    if (final) return;
    const { firstRetryMs, lastRetryMs } = this.seams;
    this.saveIn(Math.min(lastRetryMs, firstRetryMs * 2 ** this.failures));
    this.failures += 1;
  }

  private become(state: SaveState): void {
    this.state = state;
    this.options.onState(state);
  }
}
