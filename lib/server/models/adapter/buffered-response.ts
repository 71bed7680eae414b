import type { LanguageModelV1StreamPart } from 'ai';
import { createCompletionReader } from './completion-reader';
import { parseEndpointJson } from './endpoint-json';
import type { Redact } from './redact-keys';

/**
 * Returns the JSON of a chat completion, from a JSON body or from an event stream that the endpoint
 * sent instead.
 * @throws AppError if the body is an error, or holds no answer.
 */
export function parseBufferedResponse(text: string, redact: Redact): string {
  const parts: LanguageModelV1StreamPart[] = [];
  const reader = createCompletionReader({
    sink: {
      part: (part) => void parts.push(part),
      progress: () => undefined,
      done: () => undefined,
      fail(error) {
        throw error;
      },
    },
    behavior: { startsInReasoning: false },
    windowMs: () => 0,
    redact,
  });
  reader.push(text);
  reader.end();
  return isJson(text) ? text : toCompletion(parts);
}

function isJson(text: string): boolean {
  try {
    parseEndpointJson(text);
    return true;
  } catch {
    return false;
  }
}

function toCompletion(parts: LanguageModelV1StreamPart[]): string {
  let content = '';
  let reasoning = '';
  const calls: object[] = [];
  let end: Extract<LanguageModelV1StreamPart, { type: 'finish' }> | undefined;
  for (const part of parts) {
    if (part.type === 'text-delta') content += part.textDelta;
    if (part.type === 'reasoning') reasoning += part.textDelta;
    if (part.type === 'finish') end = part;
    if (part.type !== 'tool-call') continue;
    const calledFunction = { name: part.toolName, arguments: part.args };
    calls.push({ id: part.toolCallId, type: 'function', function: calledFunction });
  }
  const message = {
    role: 'assistant',
    content,
    ...(reasoning !== '' && { reasoning_content: reasoning }),
    ...(calls.length > 0 && { tool_calls: calls }),
  };
  const finish_reason = end?.finishReason.replace('-', '_') ?? 'stop';
  const usage = {
    prompt_tokens: end?.usage.promptTokens || null,
    completion_tokens: end?.usage.completionTokens || null,
  };
  return JSON.stringify({ choices: [{ index: 0, message, finish_reason }], usage });
}
