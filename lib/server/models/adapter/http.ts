/**
 * HTTP by Node's own client and its events. Reading a stream through fetch's web streams costs
 * several times the CPU, which at 200 streams is seconds of delay.
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
  /** True: an address in a private network is refused, since no setting names the host. */
  publicOnly?: boolean;
  connectTimeoutMs: number;
};

export type HttpExchange = {
  /** Settles with the head of the answer; rejects with `closedFor`, or with the socket's error. */
  response: Promise<http.IncomingMessage>;
  /** Closes the connection at once, at any moment. */
  close(reason: Error): void;
  /** The first reason that `close` was given. */
  readonly closeReason: Error | null;
};

/** Sends a request, through a proxy where one is set. Redirects are not followed. @throws PrivateAddress */
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
  let closedFor: Error | null = null;
  // Without an error for the socket: one that is on its way back to the agent has no listener, and
  // would bring the process down with it.
  function close(reason: Error): void {
    closedFor ??= reason;
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
      // Only the connection to a proxy fails here: what lies behind it is told by its answer.
      const proxyError = isProxied && url.protocol === 'http:' ? new ProxyError(null, error) : null;
      reject(closedFor ?? staleError ?? proxyError ?? error);
    });
  });
  clientRequest.end(request.body);
  return {
    response,
    close,
    get closeReason() {
      return closedFor;
    },
  };
}

const CONNECT_TIMEOUT = { cause: 'connect time limit' };

function startConnectTimeout(
  clientRequest: http.ClientRequest,
  url: URL,
  timeoutMs: number,
  onExpired: () => void,
): void {
  // From the beginning: a tunnel has to be dug before there is a socket.
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
 * The whole body as text.
 * @throws AppError endpoint_bad_answer when it is over `maxBytes`; the socket's error otherwise.
 */
export async function readBody(response: http.IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of decodeBody(response) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new AppError('endpoint_bad_answer', { cause: 'body too large' });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
