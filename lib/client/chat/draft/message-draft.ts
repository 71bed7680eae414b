import { getCurrentUser } from '@/lib/client/account/session';
import { createStore } from '@/lib/client/browser/store';
import { joinParagraphs, readDraft, saveDraft } from '@/lib/client/chat/draft/draft-store';
import {
  formatMessage,
  type MessageExcerpt,
  parseMessage,
} from '@/lib/client/chat/message-excerpt';
import { MESSAGE_DRAFT_DEBOUNCE_MS } from '@/lib/protocol/latency';

/**
 * The text in the message box of one chat and the excerpt above it, stored in the browser until the
 * server accepts them, so that closing or leaving the page loses nothing. Stored as the message that
 * would be sent. Independent of React.
 */
export class MessageDraft {
  readonly textStore = createStore('');
  /** What the message refers to. */
  readonly excerptStore = createStore<MessageExcerpt | null>(null);
  private name: string;
  /** Messages being sent; a rejected one returns to the box. */
  private inFlightMessages: readonly string[] = [];
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

  /** The message as it would be sent. */
  private get message(): string {
    return formatMessage({ excerpt: this.excerptStore.getState(), text: this.text });
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
    const isChanged = this.message !== '' || this.inFlightMessages.length > 0;
    this.putBack(readDraft(this.name), mergeWithoutDuplicate);
    if (isChanged) this.scheduleSave();
  }

  /** Adds the field's text from before hydration, which may be the stored text (form restore). */
  addPreHydrationText(typed: string): void {
    this.setText(mergeWithoutDuplicate(this.text, typed));
  }

  setText = (text: string): void => {
    this.textStore.setState(text);
    this.scheduleSave();
  };

  setExcerpt = (excerpt: MessageExcerpt | null): void => {
    this.excerptStore.setState(excerpt);
    this.save();
  };

  /** Empties the box and returns the message, which stays stored until `finishSend`. */
  beginSend(): string {
    const { message } = this;
    this.inFlightMessages = [...this.inFlightMessages, message];
    this.textStore.setState('');
    this.excerptStore.setState(null);
    this.save();
    return message;
  }

  /** Ends a send. A rejected message returns to the box, before text typed since. */
  finishSend(message: string, accepted: boolean): void {
    const { inFlightMessages } = this;
    this.inFlightMessages = inFlightMessages.toSpliced(inFlightMessages.indexOf(message), 1);
    if (!accepted) this.putBack(message, joinParagraphs);
    this.save();
    this.disposeIfUnused();
  }

  /** Puts a message before the text in the box. If there is a newer excerpt, its own stays text. */
  private putBack(message: string, join: (before: string, text: string) => string): void {
    const { excerpt, text } = parseMessage(message);
    const isTaken = this.excerptStore.getState() !== null;
    if (excerpt && !isTaken) this.excerptStore.setState(excerpt);
    this.textStore.setState(join(isTaken ? message : text, this.text));
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
    if (this.restored) saveDraft(this.name, joinParagraphs(...this.inFlightMessages, this.message));
  }

  private disposeIfUnused(): void {
    if (this.mountedCount > 0 || this.inFlightMessages.length > 0) return;
    if (MessageDraft.drafts.get(this.name) === this) MessageDraft.drafts.delete(this.name);
  }
}

function mergeWithoutDuplicate(stored: string, typed: string): string {
  return typed.includes(stored) ? typed : joinParagraphs(stored, typed);
}
