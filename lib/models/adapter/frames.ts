/**
 * What the adapter and the middleware say to each other through the provider, which passes text
 * and errors on but knows neither reasoning nor AppErrors. Pure.
 *
 * Each text delta that the adapter writes holds text only or reasoning only. Reasoning starts with
 * a private-use character; text that happens to start with one of the two marks gets the other one
 * in front, so that nothing an endpoint sends can be taken for a mark.
 */
import { AppError, type ErrorCode } from '@/lib/errors';

const REASONING_MARK = '\uE0F1';
const TEXT_MARK = '\uE0F2';

export function markReasoning(text: string): string {
  return REASONING_MARK + text;
}

export function markText(text: string): string {
  return text.startsWith(REASONING_MARK) || text.startsWith(TEXT_MARK) ? TEXT_MARK + text : text;
}

/** Undoes `markReasoning` and `markText`. */
export function readMarked(delta: string): { kind: 'text' | 'reasoning'; text: string } {
  if (delta.startsWith(REASONING_MARK)) return { kind: 'reasoning', text: delta.slice(1) };
  if (delta.startsWith(TEXT_MARK)) return { kind: 'text', text: delta.slice(1) };
  return { kind: 'text', text: delta };
}

export type Frame = {
  id?: string | undefined;
  model?: string | undefined;
  delta?: object;
  finishReason?: string;
  usage?: { prompt: number | null; completion: number | null };
};

/** One event of the stream that the provider reads. */
export function encodeFrame(frame: Frame): string {
  const { id, model, delta, finishReason, usage } = frame;
  const choices =
    delta || finishReason ? [{ index: 0, delta: delta ?? {}, finish_reason: finishReason }] : [];
  const counted = usage && { prompt_tokens: usage.prompt, completion_tokens: usage.completion };
  return `data: ${JSON.stringify({ id, model, choices, usage: counted })}\n\n`;
}

/** A delta of text, by far the most frequent frame. */
export function encodeText(content: string): string {
  return `data: {"choices":[{"index":0,"delta":{"content":${JSON.stringify(content)}}}]}\n\n`;
}

const ERROR_TYPE = 'throughline';

/** In the stream rather than by breaking it: a broken web stream loses what is still in its queue. */
export function encodeError(error: AppError): string {
  const { code, message, cause } = error;
  const param = cause instanceof Error ? cause.message : cause === undefined ? null : String(cause);
  return `data: ${JSON.stringify({ error: { type: ERROR_TYPE, code, message, param } })}\n\n`;
}

/** The AppError that `encodeError` wrote, from the error part that the provider made of it. */
export function readEncodedError(value: unknown): AppError | null {
  if (typeof value !== 'object' || value === null) return null;
  const { type, code, message, param } = value as Record<string, unknown>;
  if (type !== ERROR_TYPE) return null;
  return new AppError(code as ErrorCode, {
    message: String(message),
    cause: typeof param === 'string' ? new Error(param) : undefined,
  });
}
