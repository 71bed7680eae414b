/** What the page and its conversation know of each other. */
import type { UIMessage } from 'ai';
import type { SendOutcome } from '@/lib/client/chat/chat-request';
import type { StoredMessage } from '@/lib/protocol/messages';

export type ConversationOptions = {
  chatId: string;
  /** The chat as the server has it; an answer still being made comes last and is followed. */
  initialMessages: StoredMessage[];
  /** The chat's `updatedAt` as of which they are; null for a chat that is not begun. */
  updatedAt: string | null;
  /** The model to send to; null while it is not known. */
  modelRef: string | null;
  /** The server has taken a send. */
  onSendAccepted: () => void;
};

export type UseConversationResult = {
  messages: UIMessage[];
  /** 'waiting': asked, and nothing new has come yet. */
  status: 'ready' | 'waiting' | 'streaming';
  stopping: boolean;
  /** The connection is away; the answer goes on at the server. */
  reconnecting: boolean;
  /** The answer is all there, and the server cannot save it yet. */
  unsaved: boolean;
  /** Why the last thing that was asked for did not happen, in plain words. */
  errorMessage: string | null;
  dismissError: () => void;
  /** Why there is no such chat any more, in plain words; null as long as there is. */
  unavailableReason: string | null;
  /** Custom events of the stream so far; undefined at the start of a turn. */
  streamEvents: unknown[] | undefined;
  /** Whether the answer under way was asked for on this very page, and not only followed. */
  startedHere: () => boolean;
  /** Resolves once the server has taken the text, or refused it: then nothing has changed. */
  send: (text: string) => Promise<SendOutcome>;
  stop: () => void;
  /** Answers the last message of the person anew; the answer shown becomes the version before. */
  retry: () => void;
  /** The versions of messages that have several, by the id of each: ids, oldest first. */
  siblings: ReadonlyMap<string, readonly string[]>;
  /** Opens the branch that holds this message, in every window of the chat. */
  selectBranch: (messageId: string) => void;
  /** Goes on with the last answer, which ended before its end, in the same message. */
  continueAnswer: () => void;
};
