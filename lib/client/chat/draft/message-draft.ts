import { joinParagraphs, readDraft, saveDraft } from '@/lib/client/chat/draft/draft-store';
import { getCurrentUser } from '@/lib/client/http/api';

const SAVE_DELAY_MS = 300;

/**
 * The text in the message box of one chat. It is kept in the browser until the server has accepted it:
 * a page that is closed, or left, before that loses nothing. Knows no React.
 */
export class MessageDraft {
  text = '';
  private name: string;
  /** What is being sent, and may come back. */
  private inFlightTexts: readonly string[] = [];
  /** How many message boxes show it. */
  private mountedCount = 0;
  private restored = false;
  private saveTimer: ReturnType<typeof setTimeout> | undefined;
  private readonly listeners = new Set<() => void>();

  private constructor(name: string) {
    this.name = name;
  }

  private static readonly drafts = new Map<string, MessageDraft>();

  /** One for each name: whoever comes back to a chat while a send is under way finds the same one. */
  static getOrCreate(name: string): MessageDraft {
    return MessageDraft.drafts.get(name) ?? new MessageDraft(name);
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  getText = (): string => this.text;

  /** A message box shows it, until the returned function is called. */
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
   * Adds what is stored to what was typed before it could be read. Does nothing while the page's user is
   * not known, and only once.
   */
  restore(): void {
    if (this.restored || !getCurrentUser()) return;
    this.restored = true;
    const typed = this.text;
    this.updateText(mergeWithoutDuplicate(readDraft(this.name), typed));
    if (typed || this.inFlightTexts.length > 0) this.scheduleSave();
  }

  /** What the field held before the page's code ran; a browser may have put the stored text there. */
  addPreHydrationText(typed: string): void {
    this.setText(mergeWithoutDuplicate(this.text, typed));
  }

  setText = (text: string): void => {
    this.updateText(text);
    this.scheduleSave();
  };

  /** Empties the box and gives what was in it: it is being sent until `settle`. */
  beginSend(): string {
    const { text } = this;
    this.inFlightTexts = [...this.inFlightTexts, text];
    this.updateText('');
    this.save();
    return text;
  }

  /** The server has accepted a text that was taken, or it comes back before what was written since. */
  finishSend(sentText: string, accepted: boolean): void {
    this.inFlightTexts = this.inFlightTexts.toSpliced(this.inFlightTexts.indexOf(sentText), 1);
    if (!accepted) this.updateText(joinParagraphs(sentText, this.text));
    this.save();
    this.disposeIfUnused();
  }

  /** The chat has another name now: what was kept under the old one goes along. */
  rename(name: string): void {
    if (name === this.name) return;
    if (this.restored) saveDraft(this.name, '');
    MessageDraft.drafts.delete(this.name);
    this.name = name;
    MessageDraft.drafts.set(name, this);
    this.save();
  }

  /** Stores now what would be stored soon. */
  flush = (): void => {
    if (this.saveTimer !== undefined) this.save();
  };

  private scheduleSave(): void {
    clearTimeout(this.saveTimer);
    this.saveTimer = setTimeout(() => this.save(), SAVE_DELAY_MS);
  }

  private save(): void {
    clearTimeout(this.saveTimer);
    this.saveTimer = undefined;
    // What is stored must be read before it is replaced.
    this.restore();
    if (this.restored) saveDraft(this.name, joinParagraphs(...this.inFlightTexts, this.text));
  }

  private disposeIfUnused(): void {
    if (this.mountedCount > 0 || this.inFlightTexts.length > 0) return;
    if (MessageDraft.drafts.get(this.name) === this) MessageDraft.drafts.delete(this.name);
  }

  private updateText(text: string): void {
    this.text = text;
    for (const listener of this.listeners) listener();
  }
}

function mergeWithoutDuplicate(stored: string, typed: string): string {
  return typed.includes(stored) ? typed : joinParagraphs(stored, typed);
}
