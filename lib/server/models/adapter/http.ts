/**
 * HTTP by Node's own client and its events. Reading a stream through fetch's web streams costs
 * several times the CPU: at 200 streams, seconds of delay.
 */
import type http from 'node:http';
import { AppError } from '@/lib/protocol/errors';
import { resolveOutboundRoute } from '@/lib/server/outbound/outbound-route';
import { ProxyError } from '@/lib/server/outbound/tunnel-agent';
import { decodeBody } from './decode-body';
import { StaleConnectionError } from './failure';

export type HttpRequest = {
  method: 'GET' | 'POST';
  url: string;
  headers: Record<string, string>;
  body?: string;
  verifyTls: boolean;
  /** True: a private address is rejected, because the host is not configured. */
  publicOnly?: boolean;
  connectTimeoutMs: number;
};

export type HttpExchange = {
  /** Resolves with the response headers; rejects with `closeReason` or the socket's error. */
  response: Promise<http.IncomingMessage>;
  /** Closes the connection immediately; may be called at any time. */
  close(reason: Error): void;
  /** The first reason passed to `close`. */
  readonly closeReason: Error | null;
};

/**
 * Sends a request, through a proxy if one is configured. Redirects are not followed.
 * @throws PrivateAddressError
 */
export function openExchange(request: HttpRequest): HttpExchange {
  const url = new URL(request.url);
  const { verifyTls, publicOnly = false } = request;
  const { client, options, isProxied } = resolveOutboundRoute(url, {
    verifyTls,
    allowPrivate: !publicOnly,
  });
  const clientRequest = client.request({
    ...options,
    method: request.method,
    headers: {
      ...request.headers,
      ...options.headers,
      ...(request.body === undefined ? {} : { 'content-length': Buffer.byteLength(request.body) }),
    },
  });
  let closeReason: Error | null = null;
  // No error is passed to `destroy`: a socket on its way back to the agent has no error listener,
  // and an unhandled error would end the process.
  function close(reason: Error): void {
    closeReason ??= reason;
    clientRequest.destroy();
  }
  startConnectTimeout(clientRequest, url, request.connectTimeoutMs, () =>
    close(new AppError('endpoint_unreachable', CONNECT_TIMEOUT)),
  );
  const response = new Promise<http.IncomingMessage>((resolve, reject) => {
    clientRequest.once('response', (incoming) => {
      if (!isProxied || incoming.statusCode !== 407) return resolve(incoming);
      const failure = new ProxyError(407);
      close(failure);
      reject(failure);
    });
    clientRequest.on('error', (error) => {
      const staleError = clientRequest.reusedSocket
        ? new StaleConnectionError('', { cause: error })
        : null;
      // Only the connection to the proxy fails here; a failure to reach the host is its response.
      const proxyError = isProxied && url.protocol === 'http:' ? new ProxyError(null, error) : null;
      reject(closeReason ?? staleError ?? proxyError ?? error);
    });
    // A protocol switch closes the connection without a response or an error.
    clientRequest.once('close', () =>
      reject(closeReason ?? new Error('The connection was closed without a response.')),
    );
  });
  clientRequest.end(request.body);
  return {
    response,
    close,
    get closeReason() {
      return closeReason;
    },
  };
}

const CONNECT_TIMEOUT = { cause: 'connect timeout' };

function startConnectTimeout(
  clientRequest: http.ClientRequest,
  url: URL,
  timeoutMs: number,
  onExpired: () => void,
): void {
  // Starts now, not on 'socket': with a tunnel, the socket exists only after the proxy connects.
  const timer = setTimeout(onExpired, timeoutMs);
  const stop = () => clearTimeout(timer);
  clientRequest.once('close', stop);
  clientRequest.once('socket', (socket) => {
    if (clientRequest.reusedSocket) stop();
    else if (url.protocol === 'https:') socket.once('secureConnect', stop);
    else if (socket.connecting) socket.once('connect', stop);
    else stop();
  });
}

/**
 * Reads the whole body as text.
 * @throws AppError endpoint_invalid_response if it is larger than `maxBytes`; otherwise the
 *   socket's error.
 */
export async function readBody(response: http.IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of decodeBody(response) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes)
      throw new AppError('endpoint_invalid_response', { cause: 'body too large' });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
