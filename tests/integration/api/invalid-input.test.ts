import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sql } from '@/lib/server/db/client';
import { peerAddressHeader } from '@/lib/server/http/peer-address';
import { BrowserClient } from '@/tests/integration/server/account/browser-client';
import { createOwnedChat } from '@/tests/integration/server/account/owned-rows';
import { freshDatabase } from '@/tests/support/services';
import { listEndpoints, type RouteEndpoint } from './route-endpoints';

let database: Awaited<ReturnType<typeof freshDatabase>>;
let endpoints: RouteEndpoint[];
let browser: BrowserClient;
/** Ids of rows that the user of `browser` owns. */
let ownIds: Record<string, string>;

beforeAll(async () => {
  database = await freshDatabase();
  endpoints = await listEndpoints();
  browser = new BrowserClient();
  await browser.startSession();
  const { chatId, documentId } = await createOwnedChat(await browser.userId());
  const suggestionId = randomUUID();
  ownIds = { chatId, documentId, suggestionId, queuedId: randomUUID(), action: 'sign-up' };
});
afterAll(async () => {
  await sql().end();
  await database.drop();
});

const isWrite = ({ method }: RouteEndpoint) => !['GET', 'HEAD'].includes(method);
const findEndpoint = (method: string, route: string): RouteEndpoint => {
  const found = endpoints.find((one) => one.method === method && one.route === route);
  if (!found) throw new Error(`There is no ${method} ${route}`);
  return found;
};

function headers(more: Record<string, string> = {}): Headers {
  const browserHeaders = browser.headers();
  for (const [name, value] of Object.entries(more)) browserHeaders.set(name, value);
  return browserHeaders;
}

async function callWithBody(
  endpoint: RouteEndpoint,
  body: string,
  params = ownIds,
): Promise<Response> {
  // Signing in would end the session of the other requests.
  const from = endpoint.route.startsWith('/api/auth/') ? new BrowserClient().headers() : headers();
  from.set('content-type', 'application/json');
  return endpoint.call({
    params,
    headers: from,
    body,
  });
}

async function expectClientError(response: Response, label: string): Promise<void> {
  const text = await response.text();
  expect(response.status, `${label}: ${text}`).toBeGreaterThanOrEqual(400);
  expect(response.status, `${label}: ${text}`).toBeLessThan(500);
  expect(JSON.parse(text).message, label).toMatch(/^[A-Z].*\.$/s);
}

describe('a cross-origin write', () => {
  it('is rejected by every route before anything else is checked', async () => {
    const writes = endpoints.filter(isWrite);
    expect(writes.length).toBeGreaterThanOrEqual(9);
    for (const write of writes) {
      const crossOriginHeaders: Array<Record<string, string>> = [
        { origin: 'http://localhost:4000' },
        { origin: 'null' },
        { origin: 'https://localhost:3000.evil.example' },
        { 'sec-fetch-site': 'cross-site' },
        { 'sec-fetch-site': 'same-site' },
      ];
      for (const crossOrigin of crossOriginHeaders) {
        const response = await write.call({ params: ownIds, headers: headers(crossOrigin) });
        expect(response.status, `${write.method} ${write.route}`).toBe(403);
        expect(await response.json()).toMatchObject({ code: 'cross_origin' });
      }
    }
  });
});

describe('a method that a route does not implement', () => {
  it('is rejected by every route with the allowed methods', async () => {
    const rejecting = await listEndpoints('rejecting');
    expect(rejecting.length).toBeGreaterThan(40);
    for (const { method, route, call } of rejecting) {
      const label = `${method} ${route}`;
      const response = await call({ params: ownIds, headers: headers() });
      expect(response.status, label).toBe(405);
      expect(response.headers.get('allow')?.split(', '), label).not.toContain(method);
      expect(await response.json(), label).toMatchObject({ code: 'method_not_allowed' });
    }
  });

  it('is rejected by every existing path below /api', async () => {
    const all = [...endpoints, ...(await listEndpoints('rejecting'))];
    const routes = new Set(all.map(({ route }) => route).filter((route) => route.includes('/api')));
    expect(routes.size).toBeGreaterThan(12);
    for (const route of routes) {
      const methods = all.flatMap((one) => (one.route === route ? [one.method] : []));
      expect(methods, route).toEqual(
        expect.arrayContaining(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
      );
    }
  });
});

/** A valid body for each route that accepts one. */
const BODIES: Array<[method: string, route: string, body: () => Record<string, unknown>]> = [
  [
    'POST',
    '/api/chat',
    () => ({
      id: randomUUID(),
      message: {
        id: randomUUID(),
        role: 'user',
        parts: [{ type: 'text', text: 'hello' }],
      },
      parentId: null,
      selectedChatModel: 'none/none',
      retryOf: randomUUID(),
      answerId: randomUUID(),
      continueOf: randomUUID(),
      settings: { systemPrompt: 'Be brief.' },
    }),
  ],
  [
    'PATCH',
    '/api/chat/[chatId]',
    () => ({
      title: 'Title',
      modelRef: 'none/none',
      systemPrompt: 'Brief.',
      expected: { modelRef: 'none/none', systemPrompt: 'Long.' },
    }),
  ],
  [
    'PATCH',
    '/api/settings',
    () => ({
      theme: 'dark',
      shortcutsEnabled: true,
      shortcuts: { newChat: '$mod+O' },
      name: 'Ada',
      instructions: 'Brief.',
    }),
  ],
  ['DELETE', '/api/account', () => ({ email: 'ada@example.com' })],
  ['PUT', '/api/chat/[chatId]/branch', () => ({ messageId: randomUUID() })],
  [
    'POST',
    '/api/chat/[chatId]/queue',
    () => ({ id: randomUUID(), text: 'Next', answerId: randomUUID(), timeZone: 'Europe/Berlin' }),
  ],
  ['PATCH', '/api/chat/[chatId]/queue/[queuedId]', () => ({ text: 'Next', index: 1 })],
  ['POST', '/api/chat/[chatId]/queue/[queuedId]/send', () => ({ answerId: randomUUID() })],
  ['PATCH', '/api/document/[documentId]', () => ({ title: 'Title' })],
  [
    'POST',
    '/api/document/[documentId]/versions',
    () => ({ saveId: 'save', baseVersion: 1, content: 'text' }),
  ],
  [
    'POST',
    '/api/document/[documentId]/versions',
    () => ({ saveId: 'save', baseVersion: 1, restore: 1 }),
  ],
  ['PATCH', '/api/suggestion/[suggestionId]', () => ({ status: 'applied' })],
  [
    'POST',
    '/api/auth/[action]',
    () => ({ email: 'ada@example.com', password: 'long enough', name: 'Ada' }),
  ],
];

/** Free text: characters that cannot be stored are removed or replaced. */
const FREE_TEXT = new Set([
  'message.parts.0.text',
  'settings.systemPrompt',
  'systemPrompt',
  'expected.systemPrompt',
  'title',
  'content',
  'text',
  'name',
  'instructions',
]);

const DEEP = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;

/** JSON values that must not cause a server error in any field of any body. */
const INVALID_VALUES = [
  '"a\\u0000b"',
  '"\\ud83d"',
  '"\\udc4d half"',
  '""',
  '"\\n"',
  `"${'x'.repeat(5_000)}"`,
  'null',
  'true',
  '[]',
  '{}',
  '{"__proto__":{"a":1}}',
  '-1',
  '0.5',
  '1e400',
  '9007199254740993',
  '99999999999999999999999',
  '"2026-13-45T99:99:99Z"',
  '"00000000-0000-0000-0000-00000000000g"',
  '"-----------------------------------"',
  DEEP,
];

/** Paths of all leaves and inner nodes of a value. */
function pathsOf(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [path];
  const inner = Object.entries(value).flatMap(([key, part]) => pathsOf(part, [...path, key]));
  return path.length > 0 ? [path, ...inner] : inner;
}

/** Serializes the body with the JSON text `invalidValue` at `path`. */
function withValueAt(body: Record<string, unknown>, path: string[], invalidValue: string): string {
  const copy = structuredClone(body);
  let target = copy as Record<string, unknown>;
  for (const key of path.slice(0, -1)) target = target[key] as Record<string, unknown>;
  target[path.at(-1) as string] = '@value@';
  return JSON.stringify(copy).replace('"@value@"', () => invalidValue);
}

describe('invalid input', () => {
  it('in any field of any body is rejected with a clear error, never with a 500', async () => {
    for (const [method, route, body] of BODIES) {
      const endpoint = findEndpoint(method, route);
      for (const path of pathsOf(body())) {
        for (const invalidValue of INVALID_VALUES) {
          // Valid: it deletes the guest that sends it, whom the following tests need.
          if (route === '/api/account' && invalidValue === 'null') continue;
          const label = `${method} ${route}: ${path.join('.')} = ${invalidValue.slice(0, 40)}`;
          const response = await callWithBody(endpoint, withValueAt(body(), path, invalidValue));
          // 503: no model is available in this test, which is checked after the body.
          if (response.status !== 503) expect(response.status, label).toBeLessThan(500);
          else expect((await response.json()).code, label).toMatch(/^(no_model|database_)/);
        }
      }
    }
  });

  it('with U+0000 or lone surrogates in keys and names is rejected with 400', async () => {
    for (const [method, route, body] of BODIES) {
      const endpoint = findEndpoint(method, route);
      for (const path of pathsOf(body())) {
        const field = path.join('.');
        const current = path.reduce<unknown>((value, key) => (value as never)[key], body());
        if (typeof current !== 'string' || FREE_TEXT.has(field)) continue;
        for (const invalidValue of ['"a\\u0000b"', '"\\ud83d"']) {
          const response = await callWithBody(endpoint, withValueAt(body(), path, invalidValue));
          const label = `${method} ${route}: ${field}`;
          expect(response.status, label).toBe(400);
          await expectClientError(response, label);
        }
      }
    }
  });

  it('as the whole body is rejected with a clear error', async () => {
    const routes = new Set(BODIES.map(([method, route]) => `${method} ${route}`));
    expect(routes.size).toBeGreaterThan(5);
    for (const [method, route] of BODIES) {
      for (const body of ['', '{', 'null', '"text"', '1e999', DEEP, '\ufeff', '{"a":"\\ud800"}']) {
        const label = `${method} ${route} with ${body.slice(0, 30)}`;
        await expectClientError(await callWithBody(findEndpoint(method, route), body), label);
      }
    }
  });

  it.each([
    '\0',
    'a\0b',
    '%',
    '%00',
    '..',
    '../../etc/passwd',
    '00000000-0000-0000-0000-00000000000g',
    '-'.repeat(36),
    '{00000000-0000-0000-0000-000000000000}',
    'x'.repeat(10_000),
    "' or 1=1 --",
  ])('in a path (%j) is not found', async (invalidValue) => {
    const parameterized = endpoints.filter(({ route }) => route.includes('['));
    expect(parameterized.length).toBeGreaterThan(8);
    for (const endpoint of parameterized) {
      const params = Object.fromEntries(Object.keys(ownIds).map((name) => [name, invalidValue]));
      const [, , body] =
        BODIES.find(([m, r]) => m === endpoint.method && r === endpoint.route) ?? [];
      const response = isWrite(endpoint)
        ? await callWithBody(endpoint, JSON.stringify(body?.() ?? {}), params)
        : await endpoint.call({ params, headers: headers() });
      expect(response.status, `${endpoint.method} ${endpoint.route}`).toBe(404);
    }
  });

  const QUERIES: Array<[route: string, names: string[]]> = [
    ['/api/history', ['cursor', 'limit']],
    ['/api/chat', ['chatId', 'after']],
    ['/api/document/[documentId]', ['version']],
  ];
  it.each(QUERIES)('in the query of %s is rejected with 400', async (route, names) => {
    for (const name of names) {
      for (const invalidValue of [
        '%00',
        '1%00',
        '-1',
        '0x10',
        '1e9',
        '1e300',
        'NaN',
        'Infinity',
        '99999999999999999999',
        `999999999999999_${randomUUID()}`,
        `1_${'-'.repeat(36)}`,
        '1_00000000-0000-0000-0000-00000000000g',
        `${'9'.repeat(16)}_${randomUUID()}`,
        '_',
        '',
      ]) {
        const chat = route === '/api/chat' && name !== 'chatId' ? `chatId=${ownIds.chatId}&` : '';
        const response = await findEndpoint('GET', route).call({
          params: ownIds,
          query: `?${chat}${name}=${invalidValue}`,
          headers: headers(),
        });
        expect(response.status, `${name}=${invalidValue}`).toBe(400);
        await expectClientError(response, `${name}=${invalidValue}`);
      }
    }
  });
});

describe('a request body', () => {
  const streamed = (pull: (controller: ReadableStreamDefaultController<Uint8Array>) => void) =>
    new ReadableStream<Uint8Array>({ pull });

  function post(endpoint: RouteEndpoint, body: ReadableStream<Uint8Array>): Promise<Response> {
    const request = { params: ownIds, headers: headers({ 'content-type': 'application/json' }) };
    return endpoint.call({ ...request, body });
  }

  it('without a content length is read only up to its limit', async () => {
    let sent = 0;
    const endless = streamed((controller) => {
      sent += 100_000;
      controller.enqueue(new Uint8Array(100_000).fill(32));
    });
    const response = await post(findEndpoint('PATCH', '/api/chat/[chatId]'), endless);
    expect(response.status).toBe(413);
    expect(sent).toBeLessThan(2_000_000);
  });

  it('in many slow and large requests does not exhaust the memory, because some are rejected', async () => {
    const versions = findEndpoint('POST', '/api/document/[documentId]/versions');
    const slow = Array.from({ length: 8 }, () => {
      let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
      const body = new ReadableStream<Uint8Array>({
        start(streamController) {
          controller = streamController;
          streamController.enqueue(new Uint8Array(6_000_000).fill(32));
        },
        cancel() {
          controller = undefined;
        },
      });
      return { answered: post(versions, body), end: () => controller?.close() };
    });
    const rejected = await Promise.any(slow.map(({ answered }) => answered));
    expect(rejected.status).toBe(503);
    expect(await rejected.json()).toMatchObject({ code: 'too_much_request_data' });
    // Other addresses are not affected, and after the bodies have ended no address is.
    const otherClientHeaders = {
      'content-type': 'application/json',
      [peerAddressHeader()]: '192.0.2.1',
    };
    const blank = () => streamed((controller) => controller.close());
    const otherResponse = await versions.call({
      params: ownIds,
      headers: headers(otherClientHeaders),
      body: blank(),
    });
    expect(otherResponse.status).toBe(400);
    for (const { end } of slow) end();
    const codes = await Promise.all(slow.map(async ({ answered }) => (await answered).status));
    expect(codes.filter((code) => code === 400).length).toBeGreaterThan(3);
    expect((await post(versions, blank())).status).toBe(400);
  });

  it('that is aborted by the client is not reported as a server error', async () => {
    const abortedBody = streamed((controller) => controller.error(new Error('gone')));
    const response = await post(findEndpoint('PATCH', '/api/chat/[chatId]'), abortedBody);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'request_aborted' });
  });
});

describe('a response with data of a user', () => {
  it('is not cacheable on any route', async () => {
    const reads = endpoints.filter(({ method }) => method === 'GET');
    expect(reads.length).toBeGreaterThan(8);
    for (const read of reads) {
      const query = read.route === '/api/chat' ? `?chatId=${ownIds.chatId}` : '';
      const response = await read.call({ params: ownIds, query, headers: headers() });
      expect(response.headers.get('cache-control'), read.route).toMatch(/^no-store/);
      await response.body?.cancel();
    }
  });
});
