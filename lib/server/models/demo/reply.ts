/**
 * One response of the scripted server: an event stream, or one JSON body if the request does not
 * stream.
 */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ChatCompletionRequest, contentText } from './chat-completion-request';
import { playPaced } from './play-at-rate';

export type FinishReason = 'stop' | 'length' | 'tool_calls';

export type Reply = {
  /** Aborted when the client disconnects. */
  signal: AbortSignal;
  /** The raw response, to simulate what no well-behaved server does. */
  response: ServerResponse;
  text(text: string): void;
  reasoning(text: string): void;
  toolCall(name: string, args: object): void;
  /** Sends any delta unchanged. Ignored unless the request streams. */
  delta(delta: object): void;
  /** Sends any bytes unchanged, after the headers of a stream. */
  raw(bytes: string | Buffer): void;
  /** Sends text or reasoning word by word. Stops when the client disconnects. */
  streamWords(kind: 'text' | 'reasoning', text: string, wordsPerSecond: number): Promise<void>;
  /** Ends the response with its finish reason and token counts. */
  finish(reason?: FinishReason): void;
};

type Collected = { text: string; reasoning: string; toolCalls: object[] };

export function createReply(
  request: IncomingMessage,
  response: ServerResponse,
  chat: ChatCompletionRequest,
): Reply {
  const disconnected = new AbortController();
  response.once('close', () => disconnected.abort());
  request.once('error', () => disconnected.abort());
  const head = {
    id: `chatcmpl-${randomUUID()}`,
    created: Math.floor(Date.now() / 1000),
    model: chat.model,
  };
  const collected: Collected = { text: '', reasoning: '', toolCalls: [] };

  function raw(bytes: string | Buffer): void {
    if (response.writableEnded || response.destroyed) return;
    if (!response.headersSent) {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
    }
    response.write(bytes);
  }

  function sendEvent(fields: object): void {
    raw(`data: ${JSON.stringify({ ...head, object: 'chat.completion.chunk', ...fields })}\n\n`);
  }

  function delta(value: object): void {
    if (chat.stream) sendEvent({ choices: [{ index: 0, delta: value, finish_reason: null }] });
  }

  const reply: Reply = {
    signal: disconnected.signal,
    response,
    raw,
    delta,
    text(text) {
      collected.text += text;
      delta({ content: text });
    },
    reasoning(text) {
      collected.reasoning += text;
      delta({ reasoning_content: text });
    },
    toolCall(name, args) {
      const index = collected.toolCalls.length;
      const calledFunction = { name, arguments: JSON.stringify(args) };
      const call = { id: `call_${randomUUID()}`, type: 'function', function: calledFunction };
      collected.toolCalls.push(call);
      delta({ tool_calls: [{ index, ...call }] });
    },
    streamWords: (kind, text, wordsPerSecond) =>
      playPaced(text, wordsPerSecond, disconnected.signal, (word) => reply[kind](word)),
    finish(reason = collected.toolCalls.length > 0 ? 'tool_calls' : 'stop') {
      const usage = countUsage(chat, collected);
      if (!chat.stream) return sendCompletion(response, { head, collected, reason, usage });
      sendEvent({ choices: [{ index: 0, delta: {}, finish_reason: reason }] });
      if (chat.stream_options?.include_usage) sendEvent({ choices: [], usage });
      raw('data: [DONE]\n\n');
      response.end();
    },
  };
  return reply;
}

type Usage = { prompt_tokens: number; completion_tokens: number; total_tokens: number };

/** Counts words instead of tokens: this model has no tokenizer. */
function countUsage(chat: ChatCompletionRequest, collected: Collected): Usage {
  const prompt = chat.messages.reduce((sum, message) => sum + countWords(contentText(message)), 0);
  const output = `${collected.reasoning} ${collected.text} ${JSON.stringify(collected.toolCalls)}`;
  const completion = countWords(output);
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
  };
}

function countWords(text: string): number {
  return text.split(/\s+/).filter((word) => word !== '').length;
}

function sendCompletion(
  response: ServerResponse,
  answer: { head: object; collected: Collected; reason: FinishReason; usage: Usage },
): void {
  const { head, collected, reason, usage } = answer;
  const message = {
    role: 'assistant',
    content: collected.text,
    ...(collected.reasoning === '' ? {} : { reasoning_content: collected.reasoning }),
    ...(collected.toolCalls.length === 0 ? {} : { tool_calls: collected.toolCalls }),
  };
  const choices = [{ index: 0, message, finish_reason: reason }];
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ ...head, object: 'chat.completion', choices, usage }));
}
