/**
 * The HTTP API as both ends see it: paths, bodies, limits. Types and plain values only, so that it
 * weighs nothing in the browser. The server's own validation of the same shapes is in lib/chat.
 */

import type { ArtifactKind } from '@/lib/protocol/artifact-kinds';
import type { ErrorBody } from '@/lib/protocol/errors';
import type { StoredMessage } from '@/lib/protocol/messages';

export const LIMITS = {
  /** Characters (UTF-16 units) of one message. */
  messageChars: 200_000,
  /** Bytes of a request body. */
  bodyBytes: 1_048_576,
  titleChars: 200,
  /** Bytes of a document's content in UTF-8. */
  documentBytes: 1_048_576,
  /** Chats a page of the history, at most. */
  historyPage: 100,
} as const;

/** POST /api/chat. Answers with a data stream, or with an ErrorBody and its status. */
export type SendMessageBody = {
  /** The chat's id, a UUID that the client made. */
  id: string;
  message: {
    /** A UUID that the client made: the idempotency key of the send. */
    id: string;
    role: 'user';
    parts: [{ type: 'text'; text: string }];
  };
  /** The message this one answers to, as the client sees it: null for the first of a chat. */
  parentId: string | null;
  /** A `ModelInfo.ref`. */
  selectedChatModel: string;
  /** The IANA name of the user's time zone: the model is told the date there. */
  timeZone?: string;
  /**
   * Set to answer an existing user message anew (after an error, a stop, or just again): the answer
   * that is shown, the last message of the open branch. The new one is another version of it.
   */
  retryOf?: string;
  /** With `retryOf`: a UUID for the new answer, made by the client: the idempotency key of the retry. */
  answerId?: string;
  /**
   * Set to go on with an answer that was stopped, interrupted, cut off by its limit or failed midway:
   * the assistant message to go on with. The answer keeps its id; the stream begins with all that it
   * had, as every run's stream holds its whole message.
   */
  continueOf?: string;
};

/** Headers of a streamed answer. */
export const RUN_ID_HEADER = 'x-run-id';
export const MESSAGE_ID_HEADER = 'x-message-id';

/**
 * GET /api/chat?chatId=…[&after=N]: the chat's live run from its (N+1)th non-blank line on. Where
 * the run has ended, one `append-message` event with the finished message; where there never was
 * one, 200 with an empty body.
 */

/** POST /api/chat/:chatId/stop → StopResult. Stopping what has ended is no error. */
export type StopResult = { stopped: boolean };

/**
 * GET /api/events: what happens in the person's chats, wherever it is done, as server-sent events
 * (`data:` holds the JSON of a LiveEvent), for as long as the page is looked at. An event is a hint
 * to ask anew, never the news itself: after a gap one asks for everything on the page.
 */
export type LiveEvent =
  /** The stream has begun: what happened before is not in it. */
  | { type: 'ready' }
  /** An answer is being made in the chat, and whoever has it open can follow. */
  | { type: 'run-started'; chatId: string; messageId: string }
  /** The chat's answer has ended and is saved. */
  | { type: 'run-ended'; chatId: string; messageId: string }
  /** The chat's name or model has changed. */
  | { type: 'chat-updated'; chatId: string }
  | { type: 'chat-deleted'; chatId: string }
  /** Another branch of the chat is open. */
  | { type: 'branch-selected'; chatId: string }
  /** The document has a new version, another name, or other suggestions. */
  | { type: 'document-updated'; chatId: string; documentId: string; version: number };

/** GET /api/chat/:chatId → ChatDetail. */
export type ChatDetail = {
  chat: ChatSummary;
  /** The open branch, oldest first. An answer still being made comes last, status 'running'. */
  messages: StoredMessage[];
};

/**
 * PUT /api/chat/:chatId/branch → ChatDetail: opens the branch that holds this message, in every
 * window of the chat. Refused (409) while an answer is being made.
 */
export type SelectBranchBody = { messageId: string };

/** PATCH /api/chat/:chatId → ChatSummary. DELETE → 204. */
export type UpdateChatBody = { title?: string; modelRef?: string };

export type ChatSummary = {
  id: string;
  title: string;
  /** True until the model or the person has named the chat. */
  titlePending: boolean;
  /** Whether an answer is being made in it right now. */
  live: boolean;
  modelRef: string | null;
  /** ISO 8601. */
  createdAt: string;
  updatedAt: string;
};

/** GET /api/history?limit=&cursor= → HistoryPage, newest first. */
export type HistoryPage = { chats: ChatSummary[]; nextCursor: string | null };

export type ModelCapabilities = { tools: boolean; reasoning: boolean; vision: boolean };

/** GET /api/models → ModelList. */
export type ModelInfo = {
  /** Stable name of a model at an endpoint; what chats remember and sends name. Not a URL. */
  ref: string;
  /** What a person reads. */
  name: string;
  /** Where it runs, in the person's words: the endpoint's host, "Kamiwaza", "Built-in demo". */
  endpoint: string;
  /** True for the built-in scripted model, which the page must label as a demo. */
  demo: boolean;
  capabilities: ModelCapabilities;
};
export type ModelList = {
  models: ModelInfo[];
  defaultRef: string | null;
  /** Endpoints that are configured but did not answer. */
  problems: Array<{ endpoint: string; error: ErrorBody }>;
};

/** Who wrote a version of a document. */
export type Author = 'model' | 'user';

/**
 * GET /api/document/:documentId[?version=N|?writing=KEY] → DocumentDetail: the version of that number,
 * the one that a writing of the model's has become, or the newest.
 */
export type DocumentDetail = {
  id: string;
  chatId: string;
  title: string;
  kind: ArtifactKind;
  /** The language of a program, as the model named it. */
  language: string | null;
  content: string;
  /** From 1; 0 while the first one is being written. */
  version: number;
  /** The newest version there is. */
  latest: number;
  author: Author;
  /** False where the writing was cut short, by a stop, an error or a crash. */
  complete: boolean;
  /** The version it was made from; lower than `version - 1` where its author had not seen others. */
  baseVersion: number | null;
};

/** PATCH /api/document/:documentId → 204. */
export type UpdateDocumentBody = { title: string };

/**
 * GET /api/document/:documentId/versions → VersionSummary[], newest first. Saves of the person within
 * ten minutes after one another are one step: the last of them.
 */
export type VersionSummary = {
  version: number;
  author: Author;
  /** The message whose answer wrote it. */
  messageId: string | null;
  baseVersion: number | null;
  /** The version whose content it repeats, where the person restored one. */
  restoredFrom: number | null;
  complete: boolean;
  /** ISO 8601. */
  createdAt: string;
  /** Of its content in UTF-8. */
  bytes: number;
};

/**
 * POST /api/document/:documentId/versions → SavedVersion: the person's edit as a new version, or an
 * old version once more. Nothing is overwritten: a save beside versions that its author had not seen
 * is kept as well as those. The same `saveId` again changes nothing.
 */
export type SaveVersionBody = {
  /** Made by the client: the idempotency key of the save. */
  saveId: string;
  /** The version that was edited. */
  baseVersion: number;
} & ({ content: string } | { restore: number });
/** `latest` is higher than `version` where others have been added since. */
export type SavedVersion = { version: number; latest: number };

/** GET /api/chat/:chatId/documents → DocumentSummary[], oldest first. */
export type DocumentSummary = Pick<DocumentDetail, 'id' | 'title' | 'kind' | 'language'> & {
  /** The newest. */
  version: number;
  /** ISO 8601. */
  updatedAt: string;
};

/** GET /api/document/:documentId/suggestions → Suggestion[] (lib/protocol/stream-events), open ones only. */
/** PATCH /api/suggestion/:id → 204. */
export type UpdateSuggestionBody = { status: 'applied' | 'dismissed' };

/** GET /api/session, POST /api/session (makes an anonymous one where there is none) → SessionInfo. */
export type SessionInfo = {
  user: { id: string; name: string; email: string | null; anonymous: boolean } | null;
};
