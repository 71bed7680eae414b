/**
 * One streamed answer, from the endpoint's events to the parts that the AI SDK reads. No I/O: text
 * goes in, parts come out, and the end is told once.
 */
import { randomUUID } from 'node:crypto';
import type { FinishReason, LanguageModelV1StreamPart } from 'ai';
import { AppError } from '@/lib/errors';
import { createThinkSplitter, type ThinkPiece } from '@/lib/protocol/think-tags';
import { type ChunkPieces, readChunk } from './chunk';
import { createCoalescer } from './coalescer';
import { errorFromAnswer } from './failure';
import { createSseParser } from './sse';
import { createToolCallReader } from './tool-calls';

/** What is known of how a model thinks; kept as long as the process. */
export type ThinkingHabit = {
  /** Its prompt template opens the tag, so that its answers begin inside the thinking. */
  beginsInside: boolean;
};

export type AnswerSink = {
  part(part: LanguageModelV1StreamPart): void;
  /** A piece of the answer came: text, reasoning, a part of a tool call, or its end. */
  progress(): void;
  /** The endpoint said that this is all. Nothing comes after it. */
  done(): void;
  /** The endpoint reported an error or sent nonsense. Nothing comes after it. */
  fail(error: AppError): void;
};

export type AnswerOptions = {
  sink: AnswerSink;
  habit: ThinkingHabit;
  /** How long pieces are gathered, in milliseconds. */
  windowMs: () => number;
};

export type Answer = {
  push(text: string): void;
  /** A whole chat completion in place of a stream: an endpoint that does not stream. */
  pushWhole(value: unknown): void;
  /** The connection is at its end: decides whether that was the end of the answer too. */
  end(): void;
  /** The answer is over, whatever comes: sends what waits, the error if there is one, and the end. */
  close(error?: AppError): void;
  /** The answer is over, and nobody is there to hear what waits. */
  cancel(): void;
  /** True from the model's finish reason on: only usage can follow. */
  readonly finished: boolean;
};

/** No event of an honest endpoint comes near this; one without an end must not fill the memory. */
const MAX_EVENT_CHARS = 8 * 1024 * 1024;

export function createAnswer({ sink, habit, windowMs }: AnswerOptions): Answer {
  let over = false;
  let finishReason: FinishReason | null = null;
  let usage = { promptTokens: Number.NaN, completionTokens: Number.NaN };
  let first = true;
  let sawChunk = false;
  let sawReasoningField = false;
  let splitter = createThinkSplitter({ beginInside: habit.beginsInside });

  const coalescer = createCoalescer({ emit: emitPiece, windowMs });
  const parser = createSseParser(takeData);
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
    makeId: () => `call_${randomUUID()}`,
  });

  function emitPiece(channel: string, text: string): void {
    const call = toolsById.get(channel);
    if (call) emitArgs(call, text);
    else if (channel === 'text') emitSplit(splitter.push(text));
    else sink.part({ type: 'reasoning', textDelta: text });
  }

  function emitSplit(pieces: ThinkPiece[]): void {
    for (const { type, text } of pieces) {
      sink.part({ type: type === 'text' ? 'text-delta' : 'reasoning', textDelta: text });
    }
  }

  function emitArgs({ id, name }: { id: string; name: string }, argsTextDelta: string): void {
    const ids = { toolCallType: 'function', toolCallId: id, toolName: name } as const;
    sink.part({ type: 'tool-call-delta', ...ids, argsTextDelta });
  }

  function close(error?: AppError): void {
    if (over) return;
    over = true;
    coalescer.flush();
    emitSplit(splitter.flush());
    if (splitter.orphanClose) habit.beginsInside = true;
    else if (splitter.wrongBegin) habit.beginsInside = false;
    if (error) sink.part({ type: 'error', error });
    sink.part({
      type: 'finish',
      finishReason: error ? 'error' : (finishReason ?? 'unknown'),
      usage,
    });
  }

  function fail(error: AppError): void {
    if (over) return;
    sink.fail(error);
  }

  function done(): void {
    if (over) return;
    if (finishReason === null && tools.count > 0) finish('tool_calls');
    if (over) return;
    close();
    sink.done();
  }

  /** The model is done: gives its tool calls, or says that one was cut off or has no name. */
  function finish(reason: string): void {
    finishReason = tools.count > 0 && reason === 'stop' ? 'tool-calls' : mapReason(reason);
    const { calls, unreadable } = tools.finish();
    coalescer.flush();
    // What only has wrong arguments is told so, and may try again.
    if (unreadable !== null && (reason === 'length' || calls.length < tools.count)) {
      fail(unreadableCall(unreadable, reason));
      return;
    }
    for (const { id, name, args } of calls) {
      const ids = { toolCallType: 'function', toolCallId: id, toolName: name } as const;
      sink.part({ type: 'tool-call', ...ids, args });
    }
  }

  function takeData(data: string): void {
    const text = data.trim();
    if (over || text === '') return;
    if (text === '[DONE]') {
      done();
      return;
    }
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (cause) {
      fail(new AppError('endpoint_bad_answer', { cause }));
      return;
    }
    takeValue(value);
  }

  function takeValue(value: unknown): void {
    const pieces = readChunk(value);
    sawChunk = true;
    if (!pieces) fail(new AppError('endpoint_bad_answer', { cause: 'not a chunk' }));
    else if (pieces.error !== undefined) fail(errorFromAnswer(pieces.error));
    else takePieces(pieces);
  }

  function takePieces(pieces: ChunkPieces): void {
    const { reasoning, text, toolCalls, id, model } = pieces;
    const hasContent = reasoning !== '' || text !== '' || toolCalls.length > 0;
    if (hasContent || pieces.finishReason) {
      if (first)
        sink.part({ type: 'response-metadata', id: id ?? undefined, modelId: model ?? undefined });
      first = false;
      sink.progress();
    }
    if (reasoning !== '' && !sawReasoningField) {
      // The endpoint tells thinking apart itself: its text holds no thinking to begin inside of.
      sawReasoningField = true;
      habit.beginsInside = false;
      splitter = createThinkSplitter();
    }
    coalescer.push('reasoning', reasoning);
    coalescer.push('text', text);
    for (const call of toolCalls) tools.push(call);
    if (pieces.usage) usage = countsOf(pieces.usage);
    if (pieces.finishReason && finishReason === null) finish(pieces.finishReason);
  }

  return {
    push(text) {
      parser.push(text);
      if (parser.waiting > MAX_EVENT_CHARS) {
        fail(new AppError('endpoint_bad_answer', { cause: 'an event without an end' }));
      }
    },
    pushWhole(value) {
      takeValue(value);
      done();
    },
    end() {
      parser.end();
      if (finishReason !== null) done();
      else if (!sawChunk && parser.strayLines > 0) {
        fail(new AppError('endpoint_bad_answer', { cause: 'no event stream' }));
      } else {
        fail(new AppError('endpoint_cut', { cause: 'end of stream without a finish reason' }));
      }
    },
    close,
    cancel() {
      over = true;
      coalescer.cancel();
    },
    get finished() {
      return finishReason !== null;
    },
  };
}

function mapReason(reason: string): FinishReason {
  if (reason === 'stop' || reason === 'length') return reason;
  if (reason === 'content_filter') return 'content-filter';
  return reason === 'tool_calls' || reason === 'function_call' ? 'tool-calls' : 'unknown';
}

function countsOf({ prompt, completion }: NonNullable<ChunkPieces['usage']>) {
  // The SDK's word for a count that is not known.
  return { promptTokens: prompt ?? Number.NaN, completionTokens: completion ?? Number.NaN };
}

function unreadableCall(name: string, reason: string): AppError {
  const message =
    reason === 'length'
      ? `The answer reached the model’s length limit in the middle of a call of the tool “${name}”.`
      : `The model called the tool “${name}” with arguments that could not be read.`;
  return new AppError('endpoint_bad_answer', { message, cause: `finish reason ${reason}` });
}
