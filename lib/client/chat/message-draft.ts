import { joinTexts, readDraft, saveDraft } from '@/lib/client/chat/draft';
import { pageUser } from '@/lib/client/http';

const SAVE_MS = 300;

/**
 * The text in the message box of one chat. It is kept in the browser until the server has accepted it:
 * a page that is closed, or left, before that loses nothing. Knows no React.
 */
export class MessageDraft {
  text = '';
  private name: string;
  /** What is being sent, and may come back. */
  private sending: readonly string[] = [];
  /** How many message boxes show it. */
  private open = 0;
  private restored = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly listeners = new Set<() => void>();

  private constructor(name: string) {
    this.name = name;
  }

  private static readonly drafts = new Map<string, MessageDraft>();

  /** One for each name: whoever comes back to a chat while a send is under way finds the same one. */
  static of(name: string): MessageDraft {
    return MessageDraft.drafts.get(name) ?? new MessageDraft(name);
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  get = (): string => this.text;

  /** A message box shows it, until the returned function is called. */
  show(): () => void {
    this.open += 1;
    MessageDraft.drafts.set(this.name, this);
    return () => {
      this.open -= 1;
      this.flush();
      this.forget();
    };
  }

  /**
   * Adds what is stored to what was typed before it could be read. Does nothing while the page's user is
   * not known, and only once.
   */
  restore(): void {
    if (this.restored || !pageUser()) return;
    this.restored = true;
    const typed = this.text;
    this.set(withoutRepeating(readDraft(this.name), typed));
    if (typed || this.sending.length > 0) this.saveSoon();
  }

  /** What the field held before the page's code ran; a browser may have put the stored text there. */
  addEarly(typed: string): void {
    this.write(withoutRepeating(this.text, typed));
  }

  write = (text: string): void => {
    this.set(text);
    this.saveSoon();
  };

  /** Empties the box and gives what was in it: it is being sent until `settle`. */
  take(): string {
    const { text } = this;
    this.sending = [...this.sending, text];
    this.set('');
    this.save();
    return text;
  }

  /** The server has accepted a text that was taken, or it comes back before what was written since. */
  settle(taken: string, accepted: boolean): void {
    this.sending = this.sending.toSpliced(this.sending.indexOf(taken), 1);
    if (!accepted) this.set(joinTexts(taken, this.text));
    this.save();
    this.forget();
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
    if (this.timer !== undefined) this.save();
  };

  private saveSoon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), SAVE_MS);
  }

  private save(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    // What is stored must be read before it is replaced.
    this.restore();
    if (this.restored) saveDraft(this.name, joinTexts(...this.sending, this.text));
  }

  private forget(): void {
    if (this.open > 0 || this.sending.length > 0) return;
    if (MessageDraft.drafts.get(this.name) === this) MessageDraft.drafts.delete(this.name);
  }

  private set(text: string): void {
    this.text = text;
    for (const listener of this.listeners) listener();
  }
}

function withoutRepeating(stored: string, typed: string): string {
  return typed.includes(stored) ? typed : joinTexts(stored, typed);
}
