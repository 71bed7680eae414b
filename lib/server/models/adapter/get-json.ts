import { AppError } from '@/lib/protocol/errors';
import { parseEndpointJson } from './endpoint-json';
import { connectionFailure, errorFromStatus } from './failure';
import { openExchange, readBody } from './http';
import { redactorForEndpoint } from './redact-keys';

const DEFAULT_MAX_BYTES = 8 * 1024 * 1024;

/**
 * Fetches JSON from a configured URL. Follows no redirect.
 * @returns undefined on 404
 * @throws AppError with an endpoint code, after `timeoutMs` at the latest or above `maxBytes`; the
 *   signal's reason if it was aborted.
 */
export async function getJson(
  address: string,
  options: {
    apiKey: string | null;
    verifyTls: boolean;
    timeoutMs: number;
    maxBytes?: number;
    signal?: AbortSignal;
  },
): Promise<unknown> {
  const exchange = openExchange({
    method: 'GET',
    url: address,
    headers: {
      accept: 'application/json',
      ...(options.apiKey === null ? {} : { authorization: `Bearer ${options.apiKey}` }),
    },
    verifyTls: options.verifyTls,
    connectTimeoutMs: options.timeoutMs,
  });
  const timer = setTimeout(
    () => exchange.close(new AppError('endpoint_timeout', { cause: 'list timeout' })),
    options.timeoutMs,
  );
  const abort = () => exchange.close(new Error('Aborted'));
  options.signal?.addEventListener('abort', abort);
  try {
    options.signal?.throwIfAborted();
    const response = await exchange.response;
    const text = await readBody(response, options.maxBytes ?? DEFAULT_MAX_BYTES);
    const status = response.statusCode ?? 0;
    if (status === 404) return undefined;
    if (status < 200 || status > 299) {
      throw errorFromStatus(status, text, redactorForEndpoint(options));
    }
    return parseBody(text);
  } catch (error) {
    const { appError } = connectionFailure(exchange.closeReason ?? error);
    exchange.close(appError);
    options.signal?.throwIfAborted();
    throw appError;
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', abort);
  }
}

function parseBody(text: string): unknown {
  try {
    return parseEndpointJson(text);
  } catch {
    // The parser's error quotes the text, which may repeat what was sent.
    throw new AppError('endpoint_invalid_response', { cause: 'no JSON' });
  }
}
