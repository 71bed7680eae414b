/**
 * One streamed answer, from the endpoint's events to the frames that the provider reads. No I/O:
 * text goes in, frames come out, and the end is told once.
 */
import { randomUUID } from 'node:crypto';
import { AppError } from '@/lib/errors';
import { type ChunkPieces, readChunk } from './chunk';
import { createCoalescer } from './coalescer';
import { errorFromAnswer } from './failure';
import { encodeFrame, encodeText, markReasoning, markText } from './frames';
import { createSseParser } from './sse';
import { createToolCallReader } from './tool-calls';

export type AnswerSink = {
  /** A frame for the provider. */
  frame(data: string): void;
  /** A piece of the answer came: text, reasoning, a part of a tool call, or its end. */
  progress(): void;
  /** The endpoint said that this is all. Nothing comes after it. */
  done(): void;
  /** The endpoint reported an error or sent nonsense. Nothing comes after it. */
  fail(error: AppError): void;
};

export type Answer = {
  push(text: string): void;
  /** A whole chat completion in place of a stream: an endpoint that does not stream. */
  pushWhole(value: unknown): void;
  /** The connection is at its end: decides whether that was the end of the answer too. */
  end(): void;
  /** Sends what waits; the answer is over, whatever comes. */
  close(): void;
  /** True from the model's finish reason on: only usage can follow. */
  readonly finished: boolean;
};

export function createAnswer(sink: AnswerSink, windowMs: () => number): Answer {
  let over = false;
  let finished = false;
  let first = true;
  let sawChunk = false;

  const coalescer = createCoalescer({ emit: emitPiece, windowMs });
  const tools = createToolCallReader(
    {
      start({ index, id, name }) {
        coalescer.flush();
        const call = { index, id, type: 'function', function: { name, arguments: '' } };
        sink.frame(encodeFrame({ delta: { tool_calls: [call] } }));
      },
      args: (index, text) => coalescer.push(`args:${index}`, text),
    },
    () => `call_${randomUUID()}`,
  );
  const parser = createSseParser(takeData);

  function emitPiece(channel: string, text: string): void {
    if (channel === 'text') sink.frame(encodeText(markText(text)));
    else if (channel === 'reasoning') sink.frame(encodeText(markReasoning(text)));
    else {
      const call = { index: Number(channel.slice('args:'.length)), function: { arguments: text } };
      sink.frame(encodeFrame({ delta: { tool_calls: [call] } }));
    }
  }

  function close(): void {
    if (over) return;
    over = true;
    coalescer.flush();
  }

  function fail(error: AppError): void {
    if (over) return;
    close();
    sink.fail(error);
  }

  function done(): void {
    if (over) return;
    if (!finished && tools.count > 0) finish('tool_calls');
    if (over) return;
    close();
    sink.done();
  }

  /** The model is done: completes its tool calls, or says that one cannot be read. */
  function finish(reason: string): void {
    finished = true;
    const { unreadable } = tools.finish();
    coalescer.flush();
    if (unreadable !== null) fail(unreadableCall(unreadable, reason));
    else sink.frame(encodeFrame({ delta: {}, finishReason: reason }));
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
    const { reasoning, text, toolCalls, finishReason, usage, id, model } = pieces;
    const hasContent = reasoning !== '' || text !== '' || toolCalls.length > 0;
    if (first && (hasContent || finishReason)) {
      first = false;
      sink.frame(encodeFrame({ id: id ?? undefined, model: model ?? undefined }));
    }
    coalescer.push('reasoning', reasoning);
    coalescer.push('text', text);
    for (const call of toolCalls) tools.push(call);
    if (hasContent || finishReason) sink.progress();
    if (usage) {
      coalescer.flush();
      sink.frame(encodeFrame({ usage }));
    }
    if (finishReason && !finished) finish(finishReason);
  }

  return {
    push: (text) => parser.push(text),
    pushWhole(value) {
      takeValue(value);
      done();
    },
    end() {
      parser.end();
      if (over) return;
      if (finished) done();
      else if (!sawChunk && parser.strayLines > 0) {
        fail(new AppError('endpoint_bad_answer', { cause: 'no event stream' }));
      } else {
        fail(new AppError('endpoint_cut', { cause: 'end of stream without a finish reason' }));
      }
    },
    close,
    get finished() {
      return finished;
    },
  };
}

function unreadableCall(name: string, reason: string): AppError {
  const message =
    reason === 'length'
      ? `The answer reached the model’s length limit in the middle of a call of the tool “${name}”.`
      : `The model called the tool “${name}” with arguments that could not be read.`;
  return new AppError('endpoint_bad_answer', { message, cause: `finish reason ${reason}` });
}
