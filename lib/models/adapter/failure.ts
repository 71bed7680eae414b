/** What went wrong at an endpoint, as an AppError: the pure mapping from statuses, codes and bodies. */
import { AppError, type ErrorCode } from '@/lib/errors';

/** A failed attempt: its error, and whether another attempt may help. */
export class AttemptFailure extends Error {
  /** @param retry null: do not. `afterMs`: when the endpoint asked to be asked again, if it said. */
  constructor(
    readonly appError: AppError,
    readonly retry: { afterMs: number | null } | null = null,
  ) {
    super(appError.message, { cause: appError });
    this.name = 'AttemptFailure';
  }
}

const CONTEXT_WORDS =
  /context[ _-]?(length|window|size)|maximum context|too many tokens|prompt is too long|exceeds? the (available )?context|n_ctx|max_model_len|input is too long/i;

/** Endpoints that do not do tools say so in these words (vLLM, llama.cpp, Ollama, TGI, LiteLLM). */
const TOOL_WORDS = /\btools?\b|tool[_ -]choice|tool[_ -]call|function[_ -]call/i;

/** Whether a refusal is about the tools in the request rather than about the request. */
export function isAboutTools(error: AppError): boolean {
  return error.code === 'endpoint_rejected' && TOOL_WORDS.test(endpointText(error) ?? '');
}

/** The endpoint's own words, which the mapping below keeps as the cause. */
export function endpointText(error: AppError): string | null {
  return error.cause instanceof Error ? error.cause.message : null;
}

/** The text of an error in any of the forms that endpoints use; null where it is none. */
function readErrorText(value: unknown): string | null {
  if (typeof value === 'string') return value.trim() || null;
  if (typeof value !== 'object' || value === null) return null;
  const fields = value as Record<string, unknown>;
  for (const key of ['error', 'message', 'detail', 'msg', 'errors']) {
    const field = fields[key];
    const text = Array.isArray(field) ? readErrorText(field[0]) : readErrorText(field);
    if (text !== null) return text;
  }
  return null;
}

/** A body of a failed answer as text for the log and, shortened, for the person. */
export function readErrorBody(body: string): string {
  try {
    return readErrorText(JSON.parse(body)) ?? body;
  } catch {
    return /<html|<!doctype/i.test(body) ? '' : body;
  }
}

/** An answer with a status that is not 2xx. */
export function errorFromStatus(status: number, text: string): AppError {
  const cause = new Error(text || `HTTP ${status}`);
  if (status >= 300 && status < 400) {
    const message =
      'The model endpoint’s address leads to another one. Set the address it leads to.';
    return new AppError('endpoint_bad_answer', { message, cause });
  }
  return new AppError(codeOfStatus(status, text), {
    message: messageOfStatus(status, text),
    cause,
  });
}

function codeOfStatus(status: number, text: string): ErrorCode {
  if (status === 401 || status === 403) return 'endpoint_unauthorized';
  if (status === 404) return 'endpoint_model_missing';
  if (status === 429) return 'endpoint_rate_limited';
  if (status === 408) return 'endpoint_timeout';
  if (status === 413 || CONTEXT_WORDS.test(text)) return 'context_too_long';
  return status >= 500 ? 'endpoint_failed' : 'endpoint_rejected';
}

function messageOfStatus(status: number, text: string): string | undefined {
  const code = codeOfStatus(status, text);
  if (code !== 'endpoint_rejected' && code !== 'endpoint_failed') return undefined;
  const quoted = quote(text);
  const what = code === 'endpoint_failed' ? 'failed' : 'refused the request';
  return quoted && `The model endpoint ${what} (${status}). It said: ${quoted}`;
}

/** An error that came as part of an answer that had begun. */
export function errorFromAnswer(value: unknown): AppError {
  const text = readErrorText(value) ?? 'error without a text';
  const status = statusIn(value);
  if (status !== null || CONTEXT_WORDS.test(text)) return errorFromStatus(status ?? 400, text);
  const quoted = quote(text);
  return new AppError('endpoint_failed', {
    message: quoted && `The model endpoint failed. It said: ${quoted}`,
    cause: new Error(text),
  });
}

/** An HTTP status that an error object carries, in the places where endpoints put it. */
function statusIn(value: unknown): number | null {
  if (typeof value !== 'object' || value === null) return null;
  const { code, status, error } = value as Record<string, unknown>;
  for (const candidate of [code, status]) {
    const number = Number(candidate);
    if (Number.isInteger(number) && number >= 400 && number <= 599) return number;
  }
  return statusIn(error);
}

/**
 * The endpoint's words in quotation marks where they are short enough to help and hold nothing
 * that looks like a key or an address.
 */
export function quote(text: string): string | undefined {
  const line = text
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .replace(/\b(sk|pk|hf)[-_][\w-]{6,}|\bBearer\s+\S+/gi, '[key]')
    .replace(/https?:\/\/\S+/gi, '[address]')
    .trim();
  if (!line || line.includes('Traceback')) return undefined;
  return `“${line.length > 240 ? `${line.slice(0, 240)}…` : line}”`;
}

/** A kept connection that the endpoint had closed just before it was used again. */
export class StaleConnection extends Error {}

/** Failures of the connection itself, by Node's error code. */
const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'ETIMEDOUT',
  'EADDRNOTAVAIL',
]);
const WORTH_A_RETRY = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'EAI_AGAIN', 'ETIMEDOUT']);

/** A connection that failed before any piece of the answer had come. */
export function failureOfConnection(error: unknown): AttemptFailure {
  if (error instanceof AttemptFailure) return error;
  if (error instanceof AppError) return new AttemptFailure(error);
  const code = String((error as { code?: unknown } | null)?.code ?? '');
  const stale = error instanceof StaleConnection;
  const retry = stale || WORTH_A_RETRY.has(code) ? { afterMs: stale ? 0 : null } : null;
  if (UNREACHABLE.has(code)) {
    return new AttemptFailure(new AppError('endpoint_unreachable', { cause: error }), retry);
  }
  if (/CERT|SSL|TLS|SELF_SIGNED|UNABLE_TO_VERIFY/.test(code)) {
    const message = 'The model endpoint’s certificate is not trusted.';
    return new AttemptFailure(new AppError('endpoint_unreachable', { message, cause: error }));
  }
  if (code.startsWith('HPE_')) {
    return new AttemptFailure(new AppError('endpoint_bad_answer', { cause: error }));
  }
  const message = 'The model endpoint closed the connection before it answered.';
  return new AttemptFailure(new AppError('endpoint_cut', { message, cause: error }), retry);
}
