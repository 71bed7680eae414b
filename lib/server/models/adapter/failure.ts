/** Maps statuses, codes and bodies of endpoints to AppErrors. Pure. */
import { AppError, type ErrorCode } from '@/lib/protocol/errors';
import { PrivateAddressError } from '@/lib/server/outbound/private-address';
import { ProxyError } from '@/lib/server/outbound/tunnel-agent';
import { classifyError, type EndpointErrorInfo, isHtml, parseErrorBody } from './error-info';
import { type Redact, redactKeys } from './redact-keys';

/** A failed attempt: its error, and whether a retry may help. */
export class AttemptFailure extends Error {
  /** @param retry null: no retry. `afterMs`: the endpoint's Retry-After, or null without one. */
  constructor(
    readonly appError: AppError,
    readonly retry: { afterMs: number | null } | null = null,
  ) {
    super(appError.message, { cause: appError });
    this.name = 'AttemptFailure';
  }
}

/**
 * The endpoint's error message, which `errorFromStatus` and `errorFromPayload` store as the cause.
 * For a failed connection it is Node's message.
 */
export function endpointMessage(error: AppError): string | null {
  return error.cause instanceof Error ? error.cause.message : null;
}

/**
 * The error of a response whose status is not 2xx.
 * @param redact removes the endpoint's own secrets; the default removes only what looks like a key
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
      'The address of the model server redirects elsewhere. Use the address it redirects to.';
    return new AppError('endpoint_invalid_response', { message, cause });
  }
  return createAppError(classifyError(status, info), info, cause, status);
}

/** The error of a response with status 200. See `errorFromStatus`. */
export function errorFromPayload(value: unknown, redact: Redact = redactKeys): AppError {
  const info = redactInfo(parseErrorBody(value), redact);
  const cause = new Error(info.text || 'error without a message');
  return createAppError(classifyError(info.status ?? 500, info), info, cause, info.status);
}

/**
 * Longer error messages are truncated before secrets are removed; no more is displayed or logged.
 */
const MAX_ERROR_CHARS = 20_000;

/**
 * Removes the endpoint's secrets from the message. JSON escapes are already decoded, so they hide
 * none.
 */
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
  return new AppError(code, {
    message: `${opening}${statusSuffix}. Its message: ${quoted}`,
    cause,
  });
}

/** Sentences that are followed by the endpoint's message. */
const QUOTE_PREFIXES: Partial<Record<ErrorCode, string>> = {
  endpoint_failed: 'The model server failed',
  endpoint_rejected: 'The model server rejected the request',
  endpoint_quota_exceeded: 'The quota or credit of the model server is used up',
  content_filtered: 'The content filter of the model server rejected the request',
  endpoint_forbidden: 'The model server denied access',
  endpoint_rate_limited: 'The model server is too busy; try again in a moment',
};
const CODES_WITH_STATUS = new Set<ErrorCode>(['endpoint_failed', 'endpoint_rejected']);

/**
 * Returns the endpoint's message in quotation marks, truncated, without anything that looks like a
 * key or an address; undefined if it does not help a user.
 */
export function quote(text: string): string | undefined {
  const line = redactKeys(text)
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .replace(/https?:\/\/\S+/gi, '[address]')
    .toWellFormed()
    .trim();
  if (!line || line.includes('Traceback') || isHtml(line)) return undefined;
  // One more than is quoted; a character has at most two code units.
  const characters = [...line.slice(0, 2 * (MAX_QUOTED_CHARS + 1))];
  return characters.length > MAX_QUOTED_CHARS
    ? `“${characters.slice(0, MAX_QUOTED_CHARS).join('')}…”`
    : `“${line}”`;
}

const MAX_QUOTED_CHARS = 240;

/** A reused keep-alive connection that the endpoint had just closed. */
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

/** Explains why a connection failed and which setting helps; undefined for unknown errors. */
function connectionErrorMessage(error: unknown, code: string): string | undefined {
  if (error instanceof ProxyError) return proxyErrorMessage(error.status);
  if (error instanceof PrivateAddressError) {
    return 'The model has a private address, and its host isn’t configured. Set KAMIWAZA_HOST to allow it.';
  }
  if (code === 'CERT_HAS_EXPIRED') {
    return 'The certificate of the model server has expired. Renew it, or set KAMIWAZA_VERIFY_SSL=false.';
  }
  if (code === 'CERT_NOT_YET_VALID') {
    return 'The certificate of the model server isn’t valid yet. Check the clock of this server.';
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return 'The certificate of the model server is for another host name. Use an address whose host name the certificate covers.';
  }
  if (/SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)/.test(code)) {
    return 'The certificate of the model server isn’t signed by a trusted authority. Set SSL_CERT_FILE to a file with the certificate of that authority, or KAMIWAZA_VERIFY_SSL=false.';
  }
  if (code === 'EPROTO' || /^ERR_(SSL|TLS)_/.test(code)) {
    return isPlainHttp(error, code)
      ? 'The model server doesn’t use TLS at this address. Does the address need to begin with http://?'
      : 'The TLS handshake with the model server failed. Check its TLS version and whether it requires a client certificate.';
  }
  return code.includes('CERT') ? 'The certificate of the model server isn’t trusted.' : undefined;
}

/**
 * Whether the endpoint responded to the TLS handshake with something else, such as plain HTTP.
 * Node 20 reports every failed handshake as EPROTO, with OpenSSL's reason only in the message.
 */
function isPlainHttp(error: unknown, code: string): boolean {
  const reason = `${code} ${error instanceof Error ? error.message : ''}`;
  return /wrong.version.number|packet.length.too.long/i.test(reason);
}

function proxyErrorMessage(status: number | null): string {
  if (status === null) {
    return 'Couldn’t reach the proxy. Check HTTP_PROXY and HTTPS_PROXY, or add the host of the model to NO_PROXY.';
  }
  return status === 407
    ? 'The proxy requires a password. Set it as http://user:password@host in HTTP_PROXY and HTTPS_PROXY.'
    : `The proxy rejected the connection to the model server (${status}). To bypass it, add the host to NO_PROXY.`;
}

/** The failure of a connection before any content arrived. */
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
    // Node's error holds the received bytes, which may repeat what was sent.
    return new AttemptFailure(new AppError('endpoint_invalid_response', { cause: code }));
  }
  const closed = 'The model server closed the connection before it responded.';
  return new AttemptFailure(
    new AppError('endpoint_disconnected', { message: closed, cause: error }),
    retry,
  );
}
