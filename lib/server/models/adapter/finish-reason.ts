import type { FinishReason } from 'ai';
import { AppError } from '@/lib/protocol/errors';

const FINISH_REASONS: [RegExp, FinishReason][] = [
  [/^(?:stop|stop_sequence|end_turn|eos|eos_token|complete|completed)$/i, 'stop'],
  [/^(?:length|max_tokens|max_length|max_output_tokens|model_length)$/i, 'length'],
  [
    /^(?:content[_-]?filter(?:ed)?|safety|recitation|prohibited_content|blocklist|spii|sensitive|refusal|guardrail_intervened)$/i,
    'content-filter',
  ],
  [/^(?:tool_calls?|tool_use|function_call)$/i, 'tool-calls'],
];

/**
 * Maps an endpoint's finish reason to the AI SDK's. Many servers send `stop` for tool calls too.
 * @param reason null if the endpoint sent none
 */
export function mapFinishReason(reason: string | null, hasCalls: boolean): FinishReason {
  const mapped = FINISH_REASONS.find(([pattern]) => pattern.test(reason ?? ''))?.[1] ?? 'unknown';
  return hasCalls && (reason === null || mapped === 'stop') ? 'tool-calls' : mapped;
}

/**
 * The error of an answer without text or calls; null if the endpoint's finish reason does not
 * explain it.
 */
export function emptyAnswerError(reason: FinishReason): AppError | null {
  if (reason === 'content-filter') return new AppError('content_filtered');
  if (reason !== 'length') return null;
  const message = 'The model reached its token limit before it wrote an answer.';
  return new AppError('endpoint_empty_answer', { message });
}

export function unparsableCallError(toolName: string, reason: FinishReason): AppError {
  const message =
    reason === 'length'
      ? `The answer reached the token limit of the model during a call of the tool “${toolName}”.`
      : `The model called the tool “${toolName}” with invalid arguments.`;
  return new AppError('endpoint_invalid_response', { message, cause: `finish reason ${reason}` });
}

/** Tracks the finish reasons of one answer: the last one counts, unless content follows it. */
export function createFinishReasonTracker() {
  let reason: string | null = null;
  let last: string | null = null;
  let isUncertain = false;
  let hadContent = false;
  return {
    /** Handles one chunk. */
    push(newReason: string | null, hasContent: boolean): void {
      if (hasContent && reason !== null) {
        reason = null;
        isUncertain = true;
      }
      if (newReason !== null) {
        // Before any content without a reason, it may be one that comes with every chunk.
        if (!hadContent) isUncertain = true;
        reason = last = newReason;
      }
      hadContent ||= hasContent;
    },
    /** The last reason, also if content followed it. */
    get last() {
      return last;
    },
    /** The model sent a reason, and no content after it. */
    get hasReason() {
      return reason !== null;
    },
    /** The same, but true only if no reason came with or before other content. */
    get isReliable() {
      return reason !== null && !isUncertain;
    },
  };
}
