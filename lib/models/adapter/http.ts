/**
 * HTTP by Node's own client and its events. Reading a stream through fetch's web streams costs
 * several times the CPU, which at 200 streams is seconds of delay.
 */
import http from 'node:http';
import https from 'node:https';
import { AppError } from '@/lib/errors';
import { processSingleton } from '@/lib/process';
import { decodeBody } from './decode-body';
import { StaleConnection } from './failure';

export type HttpRequest = {
  method: 'GET' | 'POST';
  url: string;
  headers: Record<string, string>;
  body?: string;
  verifyTls: boolean;
  connectTimeoutMs: number;
};

export type HttpExchange = {
  /** Settles with the head of the answer; rejects with `closedFor`, or with the socket's error. */
  response: Promise<http.IncomingMessage>;
  /** Closes the connection at once, at any moment. */
  close(reason: Error): void;
  /** The first reason that `close` was given. */
  readonly closedFor: Error | null;
};

const AGENT = {
  keepAlive: true,
  keepAliveMsecs: 15_000,
  maxFreeSockets: 64,
  // Node gives an address 250 ms where a name has several, too little for a far endpoint.
  autoSelectFamilyAttemptTimeout: 1_000,
} as const;

/** Certificates go unchecked only for the agent that asks for it, never for the whole process. */
function agentFor(url: URL, verifyTls: boolean): http.Agent {
  if (url.protocol === 'http:') {
    return processSingleton('models.agent.http', () => new http.Agent(AGENT));
  }
  return processSingleton(
    `models.agent.https.${verifyTls}`,
    () => new https.Agent({ ...AGENT, rejectUnauthorized: verifyTls }),
  );
}

/** Sends a request. */
export function openExchange(request: HttpRequest): HttpExchange {
  const url = new URL(request.url);
  const client = url.protocol === 'https:' ? https : http;
  const outgoing = client.request(url, {
    method: request.method,
    headers: {
      ...request.headers,
      ...(request.body === undefined ? {} : { 'content-length': Buffer.byteLength(request.body) }),
    },
    agent: agentFor(url, request.verifyTls),
  });
  let closedFor: Error | null = null;
  // Without an error for the socket: one that is on its way back to the agent has no listener, and
  // would bring the process down with it.
  function close(reason: Error): void {
    closedFor ??= reason;
    outgoing.destroy();
  }
  limitConnecting(outgoing, url, request.connectTimeoutMs, () =>
    close(new AppError('endpoint_unreachable', TOO_SLOW)),
  );
  const response = new Promise<http.IncomingMessage>((resolve, reject) => {
    outgoing.once('response', resolve);
    outgoing.on('error', (error) => {
      reject(
        closedFor ?? (outgoing.reusedSocket ? new StaleConnection('', { cause: error }) : error),
      );
    });
  });
  outgoing.end(request.body);
  return {
    response,
    close,
    get closedFor() {
      return closedFor;
    },
  };
}

const TOO_SLOW = { cause: 'connect time limit' };

function limitConnecting(
  outgoing: http.ClientRequest,
  url: URL,
  timeoutMs: number,
  onExpired: () => void,
): void {
  outgoing.once('socket', (socket) => {
    if (!socket.connecting) return;
    const timer = setTimeout(onExpired, timeoutMs);
    const stop = () => clearTimeout(timer);
    socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', stop);
    outgoing.once('close', stop);
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
