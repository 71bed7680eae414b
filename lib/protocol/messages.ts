/**
 * The shapes of messages, as they are stored, sent and shown. Types only.
 *
 * The parts are those of the AI SDK's UIMessage (version 4), so that a stored message can be given
 * to useChat as it is.
 */
import type { ErrorBody } from '@/lib/protocol/errors';

export type TextPart = { type: 'text'; text: string };

export type ReasoningPart = {
  type: 'reasoning';
  reasoning: string;
  details: Array<
    { type: 'text'; text: string; signature?: string } | { type: 'redacted'; data: string }
  >;
  /** How long the model thought; absent where it was cut short. */
  ms?: number;
};

export type ToolInvocation = {
  toolCallId: string;
  toolName: string;
  /** Which step of the run made the call, from 0. */
  step: number;
} & (
  | { state: 'partial-call'; args: unknown }
  | { state: 'call'; args: unknown }
  | { state: 'result'; args: unknown; result: unknown }
);

export type MessagePart =
  | TextPart
  | ReasoningPart
  | { type: 'tool-invocation'; toolInvocation: ToolInvocation }
  | { type: 'source'; source: { sourceType: 'url'; id: string; url: string; title?: string } }
  | { type: 'file'; mimeType: string; data: string }
  | { type: 'step-start' };

/** How far a message has come, and how it ended. */
export type MessageStatus = 'complete' | 'running' | 'stopped' | 'interrupted' | 'failed';

/** Tokens; null where the endpoint does not say. */
export type Usage = { promptTokens: number | null; completionTokens: number | null };

/**
 * An annotation (`8:` line) that every run writes just before its `d:` line. A stored message
 * carries the same one, so live and reloaded messages look alike.
 */
export type RunEndedAnnotation = {
  type: 'run-ended';
  status: Exclude<MessageStatus, 'running'>;
  /** Why, where the status is failed or interrupted. */
  error?: ErrorBody;
  modelRef?: string;
  usage?: Usage;
  /** The model's own word for why it stopped: stop, length, tool-calls, content-filter, … */
  finishReason?: string;
};

/** An annotation that tells, while an answer streams, how long the model thought. */
export type ReasoningDurationAnnotation = {
  type: 'thought';
  /** Which of the message's reasoning parts, from 0. The newest word on one counts. */
  index: number;
  ms: number;
};

/** An annotation that tells of a request of a tool's own to the model, beside those of the answer. */
export type UsageAnnotation = { type: 'usage' } & Usage;

/** What a tool that works on a document gives: to the model, and to the page, for its card. */
export type DocumentToolResult = {
  id: string;
  title: string;
  kind: string;
  /** The version that was written or read; missing where it is saved only with the run's end. */
  version?: number;
  /** The key of the writing, by which the version is found where its number is not known. */
  writing?: string;
  /** What has been done. */
  content?: string;
  /** Why it was not done to its end. */
  error?: string;
  /** Whether that was the person's own wish. */
  stopped?: true;
  /** How many changes were proposed. */
  suggestions?: number;
};

/** A message as the API gives it and as the page hands it to useChat. */
export type StoredMessage = {
  id: string;
  chatId: string;
  parentId: string | null;
  role: 'user' | 'assistant';
  /** The text parts joined: useChat requires it. */
  content: string;
  parts: MessagePart[];
  annotations: RunEndedAnnotation[];
  status: MessageStatus;
  modelRef: string | null;
  /** ISO 8601. */
  createdAt: string;
  /**
   * The ids of all versions of this message, itself among them, oldest first. Absent where it is the
   * only one, and in a stream.
   */
  versions?: string[];
};
