/** What went wrong at an endpoint, as an AppError: the pure mapping from statuses, codes and bodies. */
import { AppError, type ErrorCode } from '@/lib/protocol/errors';
import { PrivateAddressError } from '@/lib/server/outbound/private-address';
import { ProxyError } from '@/lib/server/outbound/tunnel-agent';
import { classifyError, type EndpointErrorInfo, isHtml, parseErrorBody } from './error-info';
import { type Redact, redactKeys } from './redact-keys';

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

/** The endpoint's own words, which the mapping below keeps as the cause. */
export function endpointMessage(error: AppError): string | null {
  return error.cause instanceof Error ? error.cause.message : null;
}

/**
 * The error of a response whose status is not 2xx.
 * @param redact of the endpoint that was asked; by itself only what looks like a key is taken out
 */
export function errorFromStatus(
  status: number,
  body: string,
  redact: Redact = redactKeys,
): AppError {
  const info = redactInfo(parseErrorBody(body), redact);
  const cause = new Error(info.text || `HTTP ${status}`);
  if (status >= 300 && status < 400) {
    const message =
      'The model endpoint’s address leads to another one. Set the address it leads to.';
    return new AppError('endpoint_bad_answer', { message, cause });
  }
  return createAppError(classifyError(status, info), info, cause, status);
}

/** An error that came as part of an answer, at status 200. See `errorFromStatus`. */
export function errorFromPayload(value: unknown, redact: Redact = redactKeys): AppError {
  const info = redactInfo(parseErrorBody(value), redact);
  const cause = new Error(info.text || 'error without a text');
  return createAppError(classifyError(info.status ?? 500, info), info, cause, info.status);
}

/** Secrets are looked for in at most so much: of an error's words no more is shown or logged. */
const MAX_ERROR_CHARS = 20_000;

/** The words without the endpoint's secrets. Its escapes are read already, so none is hidden in them. */
function redactInfo(info: EndpointErrorInfo, redact: Redact): EndpointErrorInfo {
  return { ...info, text: redact(info.text.slice(0, MAX_ERROR_CHARS)) };
}

function createAppError(
  code: ErrorCode,
  info: EndpointErrorInfo,
  cause: Error,
  status: number | null,
): AppError {
  const opening = QUOTE_PREFIXES[code];
  const quoted = opening && quote(info.text);
  if (!quoted) return new AppError(code, { cause });
  const statusSuffix = status !== null && CODES_WITH_STATUS.has(code) ? ` (${status})` : '';
  return new AppError(code, { message: `${opening}${statusSuffix}. It said: ${quoted}`, cause });
}

/** Sentences behind which the endpoint's own words help. */
const QUOTE_PREFIXES: Partial<Record<ErrorCode, string>> = {
  endpoint_failed: 'The model endpoint failed',
  endpoint_rejected: 'The model endpoint refused the request',
  endpoint_quota: 'The model endpoint’s quota or credit is used up',
  content_filtered: 'The model endpoint’s content filter refused the request',
  endpoint_forbidden: 'The model endpoint refused access',
  endpoint_rate_limited: 'The model endpoint is too busy. Try again in a moment',
};
const CODES_WITH_STATUS = new Set<ErrorCode>(['endpoint_failed', 'endpoint_rejected']);

/**
 * The endpoint's words in quotation marks where they are short enough to help and hold nothing
 * that looks like a key or an address.
 */
export function quote(text: string): string | undefined {
  const line = redactKeys(text)
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .replace(/https?:\/\/\S+/gi, '[address]')
    .toWellFormed()
    .trim();
  if (!line || line.includes('Traceback') || isHtml(line)) return undefined;
  const characters = [...line.slice(0, 2 * MAX_QUOTED_CHARS)];
  return characters.length > MAX_QUOTED_CHARS
    ? `“${characters.slice(0, MAX_QUOTED_CHARS).join('')}…”`
    : `“${line}”`;
}

const MAX_QUOTED_CHARS = 240;

/** A kept connection that the endpoint had closed just before it was used again. */
export class StaleConnectionError extends Error {}

/** Failures of the connection itself, by Node's error code. */
const UNREACHABLE_CODES = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'ETIMEDOUT',
  'EADDRNOTAVAIL',
]);
const RETRYABLE_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'EAI_AGAIN', 'ETIMEDOUT']);

/** Why a connection was not made, with the setting that helps; undefined where nothing is known of it. */
function connectionErrorMessage(error: unknown, code: string): string | undefined {
  if (error instanceof ProxyError) return proxyErrorMessage(error.status);
  if (error instanceof PrivateAddressError) {
    return 'The model’s address is in a private network, and no setting names its host. KAMIWAZA_HOST can.';
  }
  if (code === 'CERT_HAS_EXPIRED') {
    return 'The model endpoint’s certificate has expired. Renew it, or set KAMIWAZA_VERIFY_SSL=false.';
  }
  if (code === 'CERT_NOT_YET_VALID') {
    return 'The model endpoint’s certificate is not valid yet. Is this server’s clock right?';
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return 'The model endpoint’s certificate is for another name. Set an address with a name that it holds.';
  }
  if (/SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)/.test(code)) {
    return 'The model endpoint’s certificate is not from an authority that this server trusts. Set SSL_CERT_FILE to a file with that authority’s certificate, or KAMIWAZA_VERIFY_SSL=false.';
  }
  if (code === 'EPROTO' || code === 'ERR_SSL_WRONG_VERSION_NUMBER') {
    return 'The model endpoint does not speak TLS there. Should its address begin with http://?';
  }
  return /CERT|SSL|TLS/.test(code) ? 'The model endpoint’s certificate is not trusted.' : undefined;
}

function proxyErrorMessage(status: number | null): string {
  if (status === null) {
    return 'The proxy cannot be reached. Check HTTP_PROXY and HTTPS_PROXY, or name the model’s host in NO_PROXY.';
  }
  return status === 407
    ? 'The proxy asks for a password. Set it as http://user:password@host in HTTP_PROXY and HTTPS_PROXY.'
    : `The proxy refused to connect to the model endpoint (${status}). NO_PROXY names hosts to ask directly.`;
}

/** A connection that failed before any piece of the answer had come. */
export function connectionFailure(error: unknown): AttemptFailure {
  if (error instanceof AttemptFailure) return error;
  if (error instanceof AppError) return new AttemptFailure(error);
  const code = String((error as { code?: unknown } | null)?.code ?? '');
  const stale = error instanceof StaleConnectionError;
  const retry = stale || RETRYABLE_CODES.has(code) ? { afterMs: stale ? 0 : null } : null;
  if (UNREACHABLE_CODES.has(code)) {
    return new AttemptFailure(new AppError('endpoint_unreachable', { cause: error }), retry);
  }
  const message = connectionErrorMessage(error, code);
  if (message) {
    return new AttemptFailure(new AppError('endpoint_unreachable', { message, cause: error }));
  }
  if (code.startsWith('HPE_')) {
    // Node's own error holds what was received, which may repeat what was sent.
    return new AttemptFailure(new AppError('endpoint_bad_answer', { cause: code }));
  }
  const closed = 'The model endpoint closed the connection before it answered.';
  return new AttemptFailure(new AppError('endpoint_cut', { message: closed, cause: error }), retry);
}
