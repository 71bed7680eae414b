/** An HTTP server with the part of the OpenAI API that a chat needs. Its answers are scripted. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ChatCompletionRequest, parseChatCompletionRequest } from './chat-completion-request';
import { createReply, type Reply } from './reply';

/** Writes one answer. If it throws, the connection is closed. */
export type Script = (reply: Reply, request: ChatCompletionRequest) => Promise<void>;

export type OpenAiServerOptions = {
  modelIds: readonly string[];
  /** The `owned_by` of the listed models: servers give their own name there. */
  ownedBy?: string;
  script: Script;
  /** Default 0: any free port. */
  port?: number;
  /** Called before each request is handled; returns true if it sent the response itself. */
  intercept?: (
    request: http.IncomingMessage,
    response: http.ServerResponse,
    body: string,
  ) => boolean | Promise<boolean>;
};

export type OpenAiServer = {
  /** Ends in `/v1`. Loopback only. */
  baseUrl: string;
  port: number;
  /** Closes all connections, running answers included. */
  stop(): Promise<void>;
};

const MAX_BODY_BYTES = 16 * 1024 * 1024;

export async function startOpenAiServer(options: OpenAiServerOptions): Promise<OpenAiServer> {
  const server = http.createServer((request, response) => {
    handle(request, response, options).catch(() => response.destroy());
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function handle(
  request: http.IncomingMessage,
  response: http.ServerResponse,
  options: OpenAiServerOptions,
): Promise<void> {
  const body = await readBody(request);
  if (await options.intercept?.(request, response, body)) return;
  const path = new URL(request.url ?? '/', 'http://localhost').pathname;
  if (request.method === 'GET' && path === '/v1/models') {
    const owned_by = options.ownedBy ?? 'throughline';
    const data = options.modelIds.map((id) => ({ id, object: 'model', owned_by }));
    return sendJson(response, 200, { object: 'list', data });
  }
  if (request.method === 'POST' && path === '/v1/chat/completions') {
    const chat = parseChatCompletionRequest(tryParseJson(body));
    if (!chat) return sendError(response, 400, 'The body is not a chat completion request.');
    return options.script(createReply(request, response, chat), chat);
  }
  sendError(response, 404, `Nothing exists at ${path}.`);
}

async function readBody(request: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw new Error('The body is too large.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function tryParseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

export function sendJson(response: http.ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}

export function sendError(response: http.ServerResponse, status: number, message: string): void {
  sendJson(response, status, { error: { message, type: 'invalid_request_error', code: status } });
}
