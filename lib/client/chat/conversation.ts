/** Options and result of `useConversation`. */
import type { UIMessage } from 'ai';
import type { SendOutcome } from '@/lib/client/chat/chat-request';
import type { NewChatSettings } from '@/lib/protocol/chat-settings';
import type { StoredMessage } from '@/lib/protocol/messages';

export type ConversationOptions = {
  chatId: string;
  /** The stored messages. A running answer comes last and is followed. */
  initialMessages: StoredMessage[];
  /** The chat's `updatedAt` when they were read; null for a new chat. */
  updatedAt: string | null;
  /** The model to send to; null while unknown. */
  modelRef: string | null;
  /** Returns the settings that the first message carries; undefined once the chat exists. */
  getNewChatSettings: () => NewChatSettings | undefined;
  /**
   * Called when the server has accepted or rejected a message, also after unmounting.
   * @param hasNavigatedAway whether the page has left this conversation
   */
  onSendFinished: (outcome: SendOutcome, hasNavigatedAway: boolean) => void;
};

export type UseConversationResult = {
  messages: UIMessage[];
  /** 'waiting': requested, and no new content has arrived yet. */
  status: 'ready' | 'waiting' | 'streaming';
  stopping: boolean;
  /** The connection is lost; the answer continues on the server. */
  reconnecting: boolean;
  /** The answer is complete, but the server cannot save it yet. */
  unsaved: boolean;
  /** Why the user's last action failed. */
  errorMessage: string | null;
  dismissError: () => void;
  /** Why the chat is no longer available; null while it is. */
  unavailableReason: string | null;
  /** Custom stream events so far; undefined at the start of a request. */
  streamEvents: unknown[] | undefined;
  /** Whether the current answer was requested on this page, not only followed. */
  startedHere: () => boolean;
  /** Resolves when the server accepts or rejects the text. A rejected send changes nothing. */
  send: (text: string) => Promise<SendOutcome>;
  stop: () => void;
  /** Regenerates the answer to the last user message; the displayed answer becomes a sibling. */
  regenerate: () => void;
  /** Sibling ids, oldest first, by message id; only for messages that have siblings. */
  siblings: ReadonlyMap<string, readonly string[]>;
  /** Selects the branch that contains this message, in all tabs that display the chat. */
  selectBranch: (messageId: string) => void;
  /** Continues the last answer, which is incomplete, in the same message. */
  continueAnswer: () => void;
};
