import { getCurrentUser } from '@/lib/client/account/session';
import { createStore } from '@/lib/client/browser/store';
import { joinParagraphs, readDraft, saveDraft } from '@/lib/client/chat/draft/draft-store';
import { MESSAGE_DRAFT_DEBOUNCE_MS } from '@/lib/protocol/latency';

/**
 * The text in the message box of one chat, stored in the browser until the server accepts it, so
 * that closing or leaving the page loses nothing. Independent of React.
 */
export class MessageDraft {
  readonly textStore = createStore('');
  private name: string;
  /** Texts being sent; a rejected one returns to the box. */
  private inFlightTexts: readonly string[] = [];
  /** Number of message boxes that display the draft. */
  private mountedCount = 0;
  private restored = false;
  private saveTimer: ReturnType<typeof setTimeout> | undefined;

  private constructor(name: string) {
    this.name = name;
  }

  private static readonly drafts = new Map<string, MessageDraft>();

  /** One instance per name: returning to a chat during a send finds the same draft. */
  static getOrCreate(name: string): MessageDraft {
    return MessageDraft.drafts.get(name) ?? new MessageDraft(name);
  }

  get text(): string {
    return this.textStore.getState();
  }

  /** Registers a message box that displays the draft. Returns the unregister function. */
  mount(): () => void {
    this.mountedCount += 1;
    MessageDraft.drafts.set(this.name, this);
    return () => {
      this.mountedCount -= 1;
      this.flush();
      this.disposeIfUnused();
    };
  }

  /**
   * Reads the stored draft once and puts it before text that was typed meanwhile. Does nothing
   * while the page's user is unknown.
   */
  restore(): void {
    if (this.restored || !getCurrentUser()) return;
    this.restored = true;
    const typed = this.text;
    this.textStore.setState(mergeWithoutDuplicate(readDraft(this.name), typed));
    if (typed || this.inFlightTexts.length > 0) this.scheduleSave();
  }

  /** Adds the field's text from before hydration, which may be the stored text (form restore). */
  addPreHydrationText(typed: string): void {
    this.setText(mergeWithoutDuplicate(this.text, typed));
  }

  setText = (text: string): void => {
    this.textStore.setState(text);
    this.scheduleSave();
  };

  /** Empties the box and returns its text, which stays stored until `finishSend`. */
  beginSend(): string {
    const { text } = this;
    this.inFlightTexts = [...this.inFlightTexts, text];
    this.textStore.setState('');
    this.save();
    return text;
  }

  /** Ends a send. A rejected text returns to the box, before text typed since. */
  finishSend(sentText: string, accepted: boolean): void {
    this.inFlightTexts = this.inFlightTexts.toSpliced(this.inFlightTexts.indexOf(sentText), 1);
    if (!accepted) this.textStore.setState(joinParagraphs(sentText, this.text));
    this.save();
    this.disposeIfUnused();
  }

  /** Moves the draft, with its stored text, to another name. */
  rename(name: string): void {
    if (name === this.name) return;
    if (this.restored) saveDraft(this.name, '');
    MessageDraft.drafts.delete(this.name);
    this.name = name;
    MessageDraft.drafts.set(name, this);
    this.save();
  }

  /** Stores a pending change now. */
  flush = (): void => {
    if (this.saveTimer !== undefined) this.save();
  };

  private scheduleSave(): void {
    clearTimeout(this.saveTimer);
    this.saveTimer = setTimeout(() => this.save(), MESSAGE_DRAFT_DEBOUNCE_MS);
  }

  private save(): void {
    clearTimeout(this.saveTimer);
    this.saveTimer = undefined;
    // Read the stored text before overwriting it.
    this.restore();
    if (this.restored) saveDraft(this.name, joinParagraphs(...this.inFlightTexts, this.text));
  }

  private disposeIfUnused(): void {
    if (this.mountedCount > 0 || this.inFlightTexts.length > 0) return;
    if (MessageDraft.drafts.get(this.name) === this) MessageDraft.drafts.delete(this.name);
  }
}

function mergeWithoutDuplicate(stored: string, typed: string): string {
  return typed.includes(stored) ? typed : joinParagraphs(stored, typed);
}
