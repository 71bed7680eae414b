/**
 * One streamed answer, from the endpoint's events to the parts that the AI SDK reads. No I/O: text
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
import { emptyAnswerError, mapFinishReason, unparsableCallError } from './finish-reason';
import { type ParsedChunk, parseChunk } from './parse-chunk';
import type { Redact } from './redact-keys';
import { createSseParser, type SseEvent } from './sse-parser';
import { createToolCallReader } from './tool-calls';

/** What is known of how a model thinks; kept as long as the process. */
export type ReasoningBehavior = {
  /** Its prompt template opens the tag, so that its answers begin inside the thinking. */
  startsInReasoning: boolean;
};

export type CompletionSink = {
  part(part: LanguageModelV1StreamPart): void;
  /** A piece of the answer came: text, reasoning, a part of a tool call, or its end. */
  progress(): void;
  /** The endpoint said that this is all. Nothing comes after it. */
  done(): void;
  /** The endpoint reported an error or sent nonsense. Nothing comes after it. */
  fail(error: AppError): void;
};

export type CompletionReaderOptions = {
  sink: CompletionSink;
  behavior: ReasoningBehavior;
  /** How long pieces are gathered, in milliseconds. */
  windowMs: () => number;
  /** Removes secrets from the endpoint's own words. */
  redact: Redact;
  /** The answer continues one that is there: an end without another word is no failure. */
  allowEmpty?: boolean;
};

export type CompletionReader = {
  push(text: string): void;
  /** The connection is at its end: decides whether that was the end of the answer too. */
  end(): void;
  /** The answer is over, whatever comes: sends what waits, the error if there is one, and the end. */
  close(error?: AppError): void;
  /** The answer is over, and nobody is there to hear what waits. */
  cancel(): void;
  /** The model gave a reason for its end, and no content since. */
  readonly hasFinishReason: boolean;
  /**
   * The same, from an endpoint that gives a reason at the end only: some send one with every chunk, and
   * there it says nothing.
   */
  readonly isSettled: boolean;
};

/** No event of an honest endpoint comes near this; one without an end must not fill the memory. */
const MAX_EVENT_CHARS = 8 * 1024 * 1024;
/**
 * Of one answer of a model: text, thinking and arguments. More than a run takes (lib/server/runs/answer-size); it
 * bounds what is read without being a run's answer, and what a run never gets to see.
 */
const MAX_ANSWER_CHARS = 16 * 1024 * 1024;
/** Data that is no JSON and no error: an endpoint's sign of life. */
const KEEP_ALIVE = /^(?::.*|ping|pong|keep-?alive|heartbeat|nan|undefined)$/i;
const MAX_PLAIN_TEXT_CHARS = 20_000;

export function createCompletionReader(options: CompletionReaderOptions): CompletionReader {
  const { sink, behavior, windowMs, redact, allowEmpty = false } = options;
  let isClosed = false;
  let reason: string | null = null;
  let lastReason: string | null = null;
  let isReasonUncertain = false;
  let finishReason: FinishReason = 'unknown';
  let usage = { promptTokens: Number.NaN, completionTokens: Number.NaN };
  let hasBegun = false;
  let hadContent = false;
  let choiceIndex: number | null = null;
  let hasText = false;
  let contentChars = 0;
  let sawReasoningField = false;
  /** Words that are no chunk: an error, unless the answer goes on. */
  let plainText = '';
  let splitter = createReasoningSplitter({ startsInReasoning: behavior.startsInReasoning });

  const coalescer = createCoalescer({ emit: emitBuffered, windowMs });
  const parser = createSseParser(handleEvent);
  const content = createContentDeduplicator();
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
    if (splitter.orphanClose) behavior.startsInReasoning = true;
    else if (splitter.closingMissing) behavior.startsInReasoning = false;
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
    finishReason = mapFinishReason(reason ?? lastReason, tools.count > 0);
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

  function errorAtEnd(unreadable: string | null, readCalls: number): AppError | null {
    if (reason === null && plainText !== '') return errorFromPayload(plainText, redact);
    const isCutOff = finishReason === 'length' || readCalls < tools.count;
    // A call that only has wrong arguments goes back to the model, which may try again.
    if (unreadable !== null && isCutOff) return unparsableCallError(unreadable, finishReason);
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
    if (/^[{[]/.test(text)) fail(new AppError('endpoint_bad_answer', { cause: 'broken JSON' }));
    else if (isError) fail(errorFromPayload(text, redact));
    else plainText ||= text.slice(0, MAX_PLAIN_TEXT_CHARS);
  }

  function handleJson(value: unknown, isError: boolean): void {
    const chunk = parseChunk(value, choiceIndex);
    // What is no chunk is a sign of life.
    if (chunk?.error !== undefined) fail(errorFromPayload(chunk.error, redact));
    else if (chunk) handleChunk(chunk);
    else if (isError) fail(errorFromPayload(value, redact));
  }

  function handleChunk(chunk: ParsedChunk): void {
    const { reasoning, text, toolCalls } = content.push(chunk);
    choiceIndex ??= chunk.choiceIndex;
    const hasContent = reasoning !== '' || text !== '' || toolCalls.length > 0;
    if (hasContent || chunk.finishReason) {
      if (!hasBegun) {
        const { id, model } = chunk;
        sink.part({ type: 'response-metadata', id: id ?? undefined, modelId: model ?? undefined });
      }
      hasBegun = true;
      sink.progress();
    }
    handleFinishReason(chunk.finishReason, hasContent);
    if (hasContent) plainText = '';
    if (reasoning !== '' && !sawReasoningField) {
      // The endpoint tells thinking apart itself: its text holds no thinking to begin inside of.
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

  /** The last reason counts; content behind one takes it back. */
  function handleFinishReason(newReason: string | null, hasContent: boolean): void {
    if (hasContent && reason !== null) {
      reason = null;
      isReasonUncertain = true;
    }
    if (newReason !== null) {
      // Before there was any content without a reason, it may be one that comes with every chunk.
      if (!hadContent) isReasonUncertain = true;
      reason = lastReason = newReason;
    }
    hadContent ||= hasContent;
  }

  return {
    push(text) {
      parser.push(text);
      if (parser.bufferedChars > MAX_EVENT_CHARS) {
        fail(new AppError('endpoint_bad_answer', { cause: 'an event without an end' }));
      }
    },
    end() {
      parser.end();
      if (isClosed) return;
      if (reason !== null || content.hasFullMessage) done();
      else if (plainText !== '' && !isHtml(plainText)) fail(errorFromPayload(plainText, redact));
      else if (plainText !== '') fail(new AppError('endpoint_bad_answer', { cause: 'a web page' }));
      else fail(new AppError('endpoint_cut', { cause: 'end of stream without a finish reason' }));
    },
    close,
    cancel() {
      isClosed = true;
      coalescer.cancel();
    },
    get hasFinishReason() {
      return reason !== null;
    },
    get isSettled() {
      return reason !== null && !isReasonUncertain;
    },
  };
}

function toUsage({ prompt, completion }: NonNullable<ParsedChunk['usage']>) {
  // The SDK's word for a count that is not known.
  return { promptTokens: prompt ?? Number.NaN, completionTokens: completion ?? Number.NaN };
}
