/**
 * The types of messages as they are stored, sent and displayed. Types only.
 *
 * The parts are those of the AI SDK's UIMessage (version 4), so that useChat accepts them unchanged.
 */
import type { ErrorBody } from '@/lib/protocol/errors';

export type TextPart = { type: 'text'; text: string };

export type ReasoningPart = {
  type: 'reasoning';
  reasoning: string;
  details: Array<
    { type: 'text'; text: string; signature?: string } | { type: 'redacted'; data: string }
  >;
  /** Reasoning duration in milliseconds; absent if the reasoning was interrupted. */
  ms?: number;
};

export type ToolInvocation = {
  toolCallId: string;
  toolName: string;
  /** The step of the run that made the call, from 0. */
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

/** Whether a message is still running, or how it ended. */
export type MessageStatus = 'complete' | 'running' | 'stopped' | 'interrupted' | 'failed';

/** Token counts; null if the endpoint does not report them. */
export type Usage = { promptTokens: number | null; completionTokens: number | null };

/** Durations of an answer in milliseconds, measured by the server; absent if unknown. */
export type Timing = {
  /** From the start of the run to its first token, including reasoning and tool calls. */
  firstTokenMs?: number;
  /**
   * Time in which the `completionTokens` were generated: for each step, from its first token to its
   * end.
   */
  generationMs?: number;
  /** When the answer was continued, oldest first; absent if it never was. */
  continuations?: Continuation[];
};

/** A continuation of an answer that had ended too early. */
export type Continuation = {
  /** ISO 8601. */
  at: string;
  /** How the answer had ended. */
  after: Exclude<MessageStatus, 'running'>;
  /** Number of characters of its text at that time (UTF-16 units). */
  chars: number;
};

/** A continuation, in the stream of the answer. */
export type ContinuedAnnotation = { type: 'continued' } & Continuation;

/**
 * An annotation (`8:` line) that every run writes just before its `d:` line. A stored message has
 * the same annotation, so live and reloaded messages render the same.
 */
export type RunEndedAnnotation = {
  type: 'run-ended';
  status: Exclude<MessageStatus, 'running'>;
  /** The reason if the status is failed or interrupted. */
  error?: ErrorBody;
  modelRef?: string;
  usage?: Usage;
  timing?: Timing;
  /** When the answer ended; ISO 8601. */
  endedAt?: string;
  /** The model's finish reason: stop, length, tool-calls, content-filter, … */
  finishReason?: string;
};

/** An annotation with the duration of a reasoning part, sent while an answer streams. */
export type ReasoningDurationAnnotation = {
  type: 'thought';
  /** Index among the message's reasoning parts, from 0. The last annotation for an index wins. */
  index: number;
  ms: number;
};

/**
 * An annotation with a part of an answer's timing: with its first token, and at the end of each
 * step. The durations of the steps are added; null makes the total unknown.
 */
export type TimingAnnotation = {
  type: 'timing';
  /** The first annotation with this field counts. */
  firstTokenMs?: number | null;
  generationMs?: number | null;
};

/**
 * An annotation with the token usage of a model request made by a tool, outside the answer's own.
 */
export type UsageAnnotation = { type: 'usage' } & Usage;

/** Result of a document tool: sent to the model, and displayed by the document card. */
export type DocumentToolResult = {
  id: string;
  title: string;
  kind: string;
  /** The version that was written or read; absent if it is saved only at the end of the run. */
  version?: number;
  /** The `writingId` of the version, for finding it when its number is unknown. */
  writing?: string;
  /** Describes what was done. */
  content?: string;
  /** The reason if the tool did not finish. */
  error?: string;
  /** Set if the user stopped it. */
  stopped?: true;
  /** Number of proposed changes. */
  suggestions?: number;
};

/** A message as the API returns it. The page adds what useChat requires (`toUiMessages`). */
export type StoredMessage = {
  id: string;
  chatId: string;
  parentId: string | null;
  role: 'user' | 'assistant';
  parts: MessagePart[];
  annotations: RunEndedAnnotation[];
  status: MessageStatus;
  modelRef: string | null;
  /** ISO 8601. */
  createdAt: string;
  /**
   * The ids of all siblings of this message, including its own, oldest first. Absent if it has no
   * other sibling, and in a stream.
   */
  versions?: string[];
};
