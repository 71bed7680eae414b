import { AppError } from '@/lib/errors';
import { errorFromStatus, failureOfConnection } from './failure';
import { openExchange, readBody } from './http';
import { redactorFor } from './redact';

const MAX_BYTES = 8 * 1024 * 1024;

/**
 * The JSON at an address of an endpoint; undefined where there is nothing at that address.
 * @throws AppError with an endpoint code, after `timeoutMs` at the latest.
 */
export async function getJson(
  address: string,
  options: { apiKey: string | null; verifyTls: boolean; timeoutMs: number },
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
    () => exchange.close(new AppError('endpoint_timeout', { cause: 'list time limit' })),
    options.timeoutMs,
  );
  try {
    const response = await exchange.response;
    const text = await readBody(response, MAX_BYTES);
    const status = response.statusCode ?? 0;
    if (status === 404) return undefined;
    if (status < 200 || status > 299) {
      throw errorFromStatus(status, redactorFor(options)(text));
    }
    return parse(text);
  } catch (error) {
    const { appError } = failureOfConnection(exchange.closedFor ?? error);
    exchange.close(appError);
    throw appError;
  } finally {
    clearTimeout(timer);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError('endpoint_bad_answer', { cause });
  }
}
