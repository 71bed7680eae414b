/**
 * Turns one streamed answer from the endpoint's events into the AI SDK's stream parts. No I/O: text
 * goes in, parts come out, and the end is reported once.
 */
import { randomUUID } from 'node:crypto';
import type { FinishReason, LanguageModelV1StreamPart } from 'ai';
import { AppError } from '@/lib/protocol/errors';
import {
  type ContentSegment,
  createReasoningSplitter,
} from '@/lib/server/models/reasoning/reasoning-splitter';
import { createCoalescer } from './coalescer';
import { createContentDeduplicator } from './content-deduplicator';
import { isHtml } from './error-info';
import { errorFromPayload } from './failure';
import {
  createFinishReasonTracker,
  emptyAnswerError,
  mapFinishReason,
  unparsableCallError,
} from './finish-reason';
import { type ParsedChunk, parseChunk } from './parse-chunk';
import type { Redact } from './redact-keys';
import { createSseParser, type SseEvent } from './sse-parser';
import { createToolCallReader } from './tool-calls';

/** Reasoning behavior learned about a model, cached per process. */
export type ReasoningBehavior = {
  /** The prompt template opens the `<think>` tag, so answers start inside the reasoning. */
  startsInReasoning: boolean;
};

export type CompletionSink = {
  part(part: LanguageModelV1StreamPart): void;
  /** Content arrived: text, reasoning, part of a tool call, or the finish reason. */
  progress(): void;
  /** The answer is complete. Nothing follows. */
  done(): void;
  /**
   * The endpoint reported an error or sent an invalid response. The sink must call `close` or
   * `cancel`: until then, the reader handles the events that it already received.
   */
  fail(error: AppError): void;
};

export type CompletionReaderOptions = {
  sink: CompletionSink;
  behavior: ReasoningBehavior;
  /** Returns the coalescing window in milliseconds. */
  windowMs: () => number;
  /** Removes secrets from the endpoint's error messages. */
  redact: Redact;
  /** The answer continues an existing one: an end without further content is not an error. */
  allowEmpty?: boolean;
};

export type CompletionReader = {
  push(text: string): void;
  /** The connection ended: decides whether the answer is complete too. */
  end(): void;
  /** Ends the answer: emits the buffer, the error if given, and the finish part. */
  close(error?: AppError): void;
  /** Ends the answer because its consumer cancelled: drops the buffer. */
  cancel(): void;
  /** The model sent a finish reason, and no content after it. */
  readonly hasFinishReason: boolean;
  /**
   * The same, but true only if the reason is reliable: some endpoints send one with every chunk.
   */
  readonly hasReliableFinishReason: boolean;
};

/**
 * Well-behaved endpoints stay far below this limit; an event that never ends must not fill the
 * memory.
 */
const MAX_EVENT_CHARS = 8 * 1024 * 1024;
/**
 * Maximum characters of one answer: text, reasoning and arguments. Above the limit of a run
 * (lib/server/runs/answer-size.ts): it also applies to requests outside a run, such as titles, and
 * to content that is dropped before it reaches the run.
 */
const MAX_ANSWER_CHARS = 16 * 1024 * 1024;
/** Plain-text keep-alives, including a missing value that was written as text. */
const KEEP_ALIVE = /^(?::.*|ping|pong|keep-?alive|heartbeat|nan|undefined)$/i;
const MAX_PLAIN_TEXT_CHARS = 20_000;

export function createCompletionReader(options: CompletionReaderOptions): CompletionReader {
  const { sink, behavior, windowMs, redact, allowEmpty = false } = options;
  let isClosed = false;
  let finishReason: FinishReason = 'unknown';
  let usage = { promptTokens: Number.NaN, completionTokens: Number.NaN };
  let hasStarted = false;
  let choiceIndex: number | null = null;
  let hasText = false;
  let contentChars = 0;
  let sawReasoningField = false;
  /** Text that is not a chunk: an error message, unless content follows it. */
  let plainText = '';
  let splitter = createReasoningSplitter({ startsInReasoning: behavior.startsInReasoning });

  const coalescer = createCoalescer({ emit: emitBuffered, windowMs });
  const parser = createSseParser(handleEvent);
  const content = createContentDeduplicator();
  const reasons = createFinishReasonTracker();
  const toolsById = new Map<string, { id: string; name: string }>();
  const tools = createToolCallReader({
    onArgs(call, text) {
      if (!toolsById.has(call.id)) {
        coalescer.flush();
        toolsById.set(call.id, call);
        emitArgs(call, '');
      }
      coalescer.push(call.id, text);
    },
    createId: () => `call_${randomUUID()}`,
  });

  function emitBuffered(channel: string, text: string): void {
    const call = toolsById.get(channel);
    if (call) emitArgs(call, text);
    else if (channel === 'text') emitSplit(splitter.push(text));
    else sink.part({ type: 'reasoning', textDelta: text });
  }

  function emitSplit(segments: ContentSegment[]): void {
    for (const { type, text } of segments) {
      if (type === 'text') hasText ||= text.trim() !== '';
      sink.part({ type: type === 'text' ? 'text-delta' : 'reasoning', textDelta: text });
    }
  }

  function emitArgs({ id, name }: { id: string; name: string }, argsTextDelta: string): void {
    const ids = { toolCallType: 'function', toolCallId: id, toolName: name } as const;
    sink.part({ type: 'tool-call-delta', ...ids, argsTextDelta });
  }

  function flush(): void {
    coalescer.flush();
    emitSplit(splitter.flush());
  }

  function close(error?: AppError): void {
    if (isClosed) return;
    isClosed = true;
    flush();
    if (splitter.hasUnmatchedClosing) behavior.startsInReasoning = true;
    else if (splitter.isClosingMissing) behavior.startsInReasoning = false;
    if (error) sink.part({ type: 'error', error });
    sink.part({ type: 'finish', finishReason: error ? 'error' : finishReason, usage });
  }

  function fail(error: AppError): void {
    if (!isClosed) sink.fail(error);
  }

  function done(): void {
    if (isClosed) return;
    const { calls, unparsableName } = tools.finish();
    flush();
    finishReason = mapFinishReason(reasons.last, tools.count > 0);
    const error = errorAtEnd(unparsableName, calls.length);
    if (error) {
      fail(error);
      return;
    }
    for (const { id, name, args } of calls) {
      const ids = { toolCallType: 'function', toolCallId: id, toolName: name } as const;
      sink.part({ type: 'tool-call', ...ids, args });
    }
    close();
    sink.done();
  }

  function errorAtEnd(unparsableName: string | null, completeCalls: number): AppError | null {
    if (!reasons.hasReason && plainText !== '') return errorFromPayload(plainText, redact);
    const isTruncated = finishReason === 'length' || completeCalls < tools.count;
    // A call whose arguments are merely invalid goes back to the model, which may retry.
    if (unparsableName !== null && isTruncated)
      return unparsableCallError(unparsableName, finishReason);
    return hasText || tools.count > 0 || allowEmpty ? null : emptyAnswerError(finishReason);
  }

  function handleEvent({ name, data, json }: SseEvent): void {
    const text = data.trim();
    if (isClosed || text === '') return;
    if (text === '[DONE]') done();
    else if (typeof json === 'object') handleJson(json, name === 'error');
    else handlePlainText(typeof json === 'string' ? json : text, name === 'error');
  }

  function handlePlainText(text: string, isError: boolean): void {
    if (text.split('\n').every((line) => KEEP_ALIVE.test(line.trim()))) return;
    if (/^[{[]/.test(text))
      fail(new AppError('endpoint_invalid_response', { cause: 'invalid JSON' }));
    else if (isError) fail(errorFromPayload(text, redact));
    else plainText ||= text.slice(0, MAX_PLAIN_TEXT_CHARS);
  }

  function handleJson(value: unknown, isError: boolean): void {
    const chunk = parseChunk(value, choiceIndex);
    // Any other JSON counts as a keep-alive.
    if (chunk?.error !== undefined) fail(errorFromPayload(chunk.error, redact));
    else if (chunk) handleChunk(chunk);
    else if (isError) fail(errorFromPayload(value, redact));
  }

  function handleChunk(chunk: ParsedChunk): void {
    const { reasoning, text, toolCalls } = content.push(chunk);
    choiceIndex ??= chunk.choiceIndex;
    const hasContent = reasoning !== '' || text !== '' || toolCalls.length > 0;
    if (hasContent || chunk.finishReason) {
      if (!hasStarted) {
        const { id, model } = chunk;
        sink.part({ type: 'response-metadata', id: id ?? undefined, modelId: model ?? undefined });
      }
      hasStarted = true;
      sink.progress();
    }
    reasons.push(chunk.finishReason, hasContent);
    if (hasContent) plainText = '';
    if (reasoning !== '' && !sawReasoningField) {
      // The endpoint separates reasoning itself, so its text never starts inside reasoning.
      sawReasoningField = true;
      behavior.startsInReasoning = false;
      flush();
      splitter = createReasoningSplitter();
    }
    coalescer.push('reasoning', reasoning);
    coalescer.push('text', text);
    for (const call of toolCalls) tools.push(call);
    contentChars += reasoning.length + text.length;
    if (contentChars + tools.chars > MAX_ANSWER_CHARS) fail(new AppError('answer_too_long'));
    if (chunk.usage) usage = toUsage(chunk.usage);
  }

  return {
    push(text) {
      parser.push(text);
      if (parser.bufferedChars > MAX_EVENT_CHARS) {
        fail(new AppError('endpoint_invalid_response', { cause: 'an event over the size limit' }));
      }
    },
    end() {
      parser.end();
      if (isClosed) return;
      if (reasons.hasReason || content.hasFullMessage) done();
      else if (plainText !== '' && !isHtml(plainText)) fail(errorFromPayload(plainText, redact));
      else if (plainText !== '')
        fail(new AppError('endpoint_invalid_response', { cause: 'HTML instead of a stream' }));
      else
        fail(
          new AppError('endpoint_disconnected', { cause: 'end of stream without a finish reason' }),
        );
    },
    close,
    cancel() {
      isClosed = true;
      coalescer.cancel();
    },
    get hasFinishReason() {
      return reasons.hasReason;
    },
    get hasReliableFinishReason() {
      return reasons.isReliable;
    },
  };
}

function toUsage({ prompt, completion }: NonNullable<ParsedChunk['usage']>) {
  // The SDK's value for an unknown count.
  return { promptTokens: prompt ?? Number.NaN, completionTokens: completion ?? Number.NaN };
}
