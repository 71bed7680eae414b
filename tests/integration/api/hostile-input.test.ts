import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { peerAddressHeader } from '@/lib/auth/peer-address';
import { sql } from '@/lib/db/client';
import { giveChatTo } from '@/tests/integration/auth/belongings';
import { Browser } from '@/tests/integration/auth/browser';
import { freshDatabase } from '@/tests/support/services';
import { type Endpoint, everyEndpoint } from './every-route';

let database: Awaited<ReturnType<typeof freshDatabase>>;
let endpoints: Endpoint[];
let browser: Browser;
/** Ids of things that the user of `browser` owns. */
let own: Record<string, string>;

beforeAll(async () => {
  database = await freshDatabase();
  endpoints = await everyEndpoint();
  browser = new Browser();
  await browser.visit();
  const { chatId, documentId } = await giveChatTo(await browser.userId());
  own = { chatId, documentId, suggestionId: randomUUID(), action: 'sign-up' };
});
afterAll(async () => {
  await sql().end();
  await database.drop();
});

const isWrite = ({ method }: Endpoint) => !['GET', 'HEAD'].includes(method);
const named = (method: string, route: string): Endpoint => {
  const found = endpoints.find((one) => one.method === method && one.route === route);
  if (!found) throw new Error(`There is no ${method} ${route}`);
  return found;
};

function headers(more: Record<string, string> = {}): Headers {
  const made = browser.headers();
  for (const [name, value] of Object.entries(more)) made.set(name, value);
  return made;
}

async function send(endpoint: Endpoint, body: string, params = own): Promise<Response> {
  // Signing in would end the session that the other requests are made with.
  const from = endpoint.route.startsWith('/api/auth/') ? new Browser().headers() : headers();
  from.set('content-type', 'application/json');
  return endpoint.call({
    params,
    headers: from,
    body,
  });
}

async function expectPlainRefusal(response: Response, what: string): Promise<void> {
  const text = await response.text();
  expect(response.status, `${what}: ${text}`).toBeGreaterThanOrEqual(400);
  expect(response.status, `${what}: ${text}`).toBeLessThan(500);
  expect(JSON.parse(text).message, what).toMatch(/^[A-Z].*\.$/s);
}

describe('a write that a page of another site sends', () => {
  it('is refused by every route, before anything else is looked at', async () => {
    const writes = endpoints.filter(isWrite);
    expect(writes.length).toBeGreaterThanOrEqual(9);
    for (const write of writes) {
      const foreignPages: Array<Record<string, string>> = [
        { origin: 'http://localhost:4000' },
        { origin: 'null' },
        { origin: 'https://localhost:3000.evil.example' },
        { 'sec-fetch-site': 'cross-site' },
        { 'sec-fetch-site': 'same-site' },
      ];
      for (const foreign of foreignPages) {
        const response = await write.call({ params: own, headers: headers(foreign) });
        expect(response.status, `${write.method} ${write.route}`).toBe(403);
        expect(await response.json()).toMatchObject({ code: 'foreign_page' });
      }
    }
  });
});

describe('a method that a route does not have', () => {
  it('is refused in words, by every route, with those that it has', async () => {
    const refusing = await everyEndpoint('refusing');
    expect(refusing.length).toBeGreaterThan(40);
    for (const { method, route, call } of refusing) {
      const what = `${method} ${route}`;
      const response = await call({ params: own, headers: headers() });
      expect(response.status, what).toBe(405);
      expect(response.headers.get('allow')?.split(', '), what).not.toContain(method);
      expect(await response.json(), what).toMatchObject({ code: 'method_not_allowed' });
    }
  });

  it('is refused wherever there is something below /api', async () => {
    const all = [...endpoints, ...(await everyEndpoint('refusing'))];
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

/** A right body for each route that takes one. */
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
    }),
  ],
  ['PATCH', '/api/chat/[chatId]', () => ({ title: 'Title', modelRef: 'none/none' })],
  ['PUT', '/api/chat/[chatId]/branch', () => ({ messageId: randomUUID() })],
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

/** Free text: what cannot be kept of it is left out or replaced instead. */
const FREE_TEXT = new Set(['message.parts.0.text', 'title', 'content']);

const DEEP = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;

/** JSON texts that no field of any body may turn into a failure of the server. */
const ODD_VALUES = [
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

/** Paths of the leaves and branches of a value. */
function pathsOf(value: unknown, at: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [at];
  const inner = Object.entries(value).flatMap(([key, part]) => pathsOf(part, [...at, key]));
  return at.length > 0 ? [at, ...inner] : inner;
}

/** The body as JSON with the JSON text `odd` in one place. */
function withOdd(body: Record<string, unknown>, at: string[], odd: string): string {
  const copy = structuredClone(body);
  let target = copy as Record<string, unknown>;
  for (const key of at.slice(0, -1)) target = target[key] as Record<string, unknown>;
  target[at.at(-1) as string] = '@odd@';
  return JSON.stringify(copy).replace('"@odd@"', () => odd);
}

describe('what cannot be right', () => {
  it('in any field of any body is answered in plain words, never with a 500', async () => {
    for (const [method, route, body] of BODIES) {
      const endpoint = named(method, route);
      for (const at of pathsOf(body())) {
        for (const odd of ODD_VALUES) {
          const what = `${method} ${route}: ${at.join('.')} = ${odd.slice(0, 40)}`;
          const response = await send(endpoint, withOdd(body(), at, odd));
          // 503: no model answers in this test, and that is looked at after the body.
          if (response.status !== 503) expect(response.status, what).toBeLessThan(500);
          else expect((await response.json()).code, what).toMatch(/^(no_model|database_)/);
        }
      }
    }
  }, 120_000);

  it('of U+0000 and half characters is refused with 400 in keys and names', async () => {
    for (const [method, route, body] of BODIES) {
      const endpoint = named(method, route);
      for (const at of pathsOf(body())) {
        const field = at.join('.');
        const current = at.reduce<unknown>((value, key) => (value as never)[key], body());
        if (typeof current !== 'string' || FREE_TEXT.has(field)) continue;
        for (const odd of ['"a\\u0000b"', '"\\ud83d"']) {
          const response = await send(endpoint, withOdd(body(), at, odd));
          const what = `${method} ${route}: ${field}`;
          expect(response.status, what).toBe(400);
          await expectPlainRefusal(response, what);
        }
      }
    }
  });

  it('as a whole body is refused in plain words', async () => {
    const routes = new Set(BODIES.map(([method, route]) => `${method} ${route}`));
    expect(routes.size).toBeGreaterThan(5);
    for (const [method, route] of BODIES) {
      for (const body of ['', '{', 'null', '"text"', '1e999', DEEP, '\ufeff', '{"a":"\\ud800"}']) {
        const what = `${method} ${route} with ${body.slice(0, 30)}`;
        await expectPlainRefusal(await send(named(method, route), body), what);
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
  ])('in a path (%j) is not found', async (odd) => {
    const within = endpoints.filter(({ route }) => route.includes('['));
    expect(within.length).toBeGreaterThan(8);
    for (const endpoint of within) {
      const params = Object.fromEntries(Object.keys(own).map((name) => [name, odd]));
      const [, , body] =
        BODIES.find(([m, r]) => m === endpoint.method && r === endpoint.route) ?? [];
      const response = isWrite(endpoint)
        ? await send(endpoint, JSON.stringify(body?.() ?? {}), params)
        : await endpoint.call({ params, headers: headers() });
      expect(response.status, `${endpoint.method} ${endpoint.route}`).toBe(404);
    }
  });

  const QUERIES: Array<[route: string, names: string[]]> = [
    ['/api/history', ['cursor', 'limit']],
    ['/api/chat', ['chatId', 'after']],
    ['/api/document/[documentId]', ['version']],
  ];
  it.each(QUERIES)('in the query of %s is refused with 400', async (route, names) => {
    for (const name of names) {
      for (const odd of [
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
        const chat = route === '/api/chat' && name !== 'chatId' ? `chatId=${own.chatId}&` : '';
        const response = await named('GET', route).call({
          params: own,
          query: `?${chat}${name}=${odd}`,
          headers: headers(),
        });
        expect(response.status, `${name}=${odd}`).toBe(400);
        await expectPlainRefusal(response, `${name}=${odd}`);
      }
    }
  });
});

describe('a body', () => {
  const streamed = (pull: (controller: ReadableStreamDefaultController<Uint8Array>) => void) =>
    new ReadableStream<Uint8Array>({ pull });

  function post(endpoint: Endpoint, body: ReadableStream<Uint8Array>): Promise<Response> {
    const request = { params: own, headers: headers({ 'content-type': 'application/json' }) };
    return endpoint.call({ ...request, body });
  }

  it('without a length is read no further than its limit', async () => {
    let sent = 0;
    const endless = streamed((controller) => {
      sent += 100_000;
      controller.enqueue(new Uint8Array(100_000).fill(32));
    });
    const response = await post(named('PATCH', '/api/chat/[chatId]'), endless);
    expect(response.status).toBe(413);
    expect(sent).toBeLessThan(2_000_000);
  });

  it('takes no memory from others: many large ones that arrive slowly are refused', async () => {
    const versions = named('POST', '/api/document/[documentId]/versions');
    const slow = Array.from({ length: 8 }, () => {
      let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
      const body = new ReadableStream<Uint8Array>({
        start(given) {
          controller = given;
          given.enqueue(new Uint8Array(6_000_000).fill(32));
        },
        cancel() {
          controller = undefined;
        },
      });
      return { answered: post(versions, body), end: () => controller?.close() };
    });
    const refused = await Promise.any(slow.map(({ answered }) => answered));
    expect(refused.status).toBe(503);
    expect(await refused.json()).toMatchObject({ code: 'too_many_bodies' });
    // Whoever comes from elsewhere has room, and so has everybody once the others are gone.
    const elsewhere = { 'content-type': 'application/json', [peerAddressHeader()]: '192.0.2.1' };
    const blank = () => streamed((controller) => controller.close());
    const theirs = await versions.call({ params: own, headers: headers(elsewhere), body: blank() });
    expect(theirs.status).toBe(400);
    for (const { end } of slow) end();
    const codes = await Promise.all(slow.map(async ({ answered }) => (await answered).status));
    expect(codes.filter((code) => code === 400).length).toBeGreaterThan(3);
    expect((await post(versions, blank())).status).toBe(400);
  });

  it('that breaks off is no failure of the server', async () => {
    const broken = streamed((controller) => controller.error(new Error('gone')));
    const response = await post(named('PATCH', '/api/chat/[chatId]'), broken);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'request_cut' });
  });
});

describe('an answer to one user', () => {
  it('may be kept by no cache, from any route', async () => {
    const reads = endpoints.filter(({ method }) => method === 'GET');
    expect(reads.length).toBeGreaterThan(8);
    for (const read of reads) {
      const query = read.route === '/api/chat' ? `?chatId=${own.chatId}` : '';
      const response = await read.call({ params: own, query, headers: headers() });
      expect(response.headers.get('cache-control'), read.route).toMatch(/^no-store/);
      await response.body?.cancel();
    }
  });
});
