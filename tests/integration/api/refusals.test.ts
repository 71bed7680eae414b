import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LIMITS, type SessionInfo } from '@/lib/protocol/api';
import { DocumentChat, edit } from './documents-person';
import { installation } from './fixture';
import { Person } from './person';

const at = installation();
let sql: postgres.Sql;

beforeAll(() => {
  sql = postgres(at.database.url, { max: 1 });
});
afterAll(() => sql.end());

async function refusal(response: Response) {
  const body = await response.json();
  expect(Object.keys(body).sort()).toEqual(['code', 'message']);
  expect(body.message).toMatch(/^[A-Z].*\.$/s);
  return { status: response.status, code: body.code };
}

/** Everything that a send could have left behind. */
async function rowCounts() {
  const [counts] = await sql`select
    (select count(*) from chat) as chats,
    (select count(*) from message) as messages,
    (select count(*) from run) as runs`;
  return counts;
}

describe('a send that cannot be taken', () => {
  const cases: Array<[string, number, string, (person: Person) => unknown]> = [
    ['an empty message', 400, 'message_empty', (p) => p.message('')],
    ['a message of white space', 400, 'message_empty', (p) => p.message(' \n\t ')],
    [
      'an over-long message',
      413,
      'message_too_long',
      (p) => p.message('x'.repeat(LIMITS.messageChars + 1)),
    ],
    [
      'a body over the limit',
      413,
      'body_too_large',
      (p) => ({ ...p.message('hello'), padding: 'x'.repeat(LIMITS.bodyBytes) }),
    ],
    [
      'an unknown model',
      400,
      'model_not_found',
      (p) => p.message('hello', { selectedChatModel: 'openai/not-there' }),
    ],
    [
      'a model named by a URL',
      400,
      'model_not_found',
      (p) => p.message('hello', { selectedChatModel: 'http://127.0.0.1:1/v1' }),
    ],
    ['an id that is no UUID', 400, 'bad_request', (p) => p.message('hello', { id: 'mine' })],
    ['a body without a message', 400, 'bad_request', () => ({ id: randomUUID() })],
    ['a list as body', 400, 'bad_request', () => []],
    [
      'an answer to a message that is not there',
      409,
      'conversation_moved',
      (p) => p.message('hello', { parentId: randomUUID() }),
    ],
    [
      'a retry of an answer that is not there',
      409,
      'conversation_moved',
      (p) => p.message('hello', { retryOf: randomUUID() }),
    ],
  ];

  it.each(cases)(
    '%s is refused with %i, and leaves nothing behind',
    async (_, status, code, make) => {
      const { person } = at;
      const before = await rowCounts();
      const response = await person.post('/api/chat', make(person));
      expect(await refusal(response)).toEqual({ status, code });
      expect(await rowCounts()).toEqual(before);
    },
  );

  it('malformed JSON is refused with 400', async () => {
    const response = await at.person.fetch('/api/chat', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"id":',
    });
    expect(await refusal(response)).toEqual({ status: 400, code: 'invalid_json' });
  });

  it('a wrong content type is refused with 415', async () => {
    const response = await at.person.fetch('/api/chat', {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body: JSON.stringify(at.person.message('hello')),
    });
    expect(await refusal(response)).toEqual({ status: 415, code: 'unsupported_media_type' });
  });

  it('from nobody is refused with 401', async () => {
    const response = await fetch(`${at.app.baseUrl}/api/chat`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(at.person.message('hello')),
    });
    expect(await refusal(response)).toEqual({ status: 401, code: 'unauthorized' });
  });

  it('from a page of another user than the browser’s is refused with 401, and shows that page nothing', async () => {
    const { person } = at;
    const headers = { 'content-type': 'application/json', 'x-throughline-user': 'somebody-else' };
    const before = await rowCounts();
    const body = JSON.stringify(person.message('hello'));
    for (const response of [
      await person.fetch('/api/chat', { method: 'POST', headers, body }),
      await person.fetch('/api/history', { headers }),
      await person.fetch('/api/events', { headers }),
      await fetch(`${at.app.baseUrl}/api/history`, { headers }),
    ]) {
      expect(await refusal(response)).toEqual({ status: 401, code: 'unauthorized' });
    }
    expect(await rowCounts()).toEqual(before);
    const { user } = await person.json<SessionInfo>('/api/session');
    const own = await person.fetch('/api/history', {
      headers: { 'x-throughline-user': String(user?.id) },
    });
    expect(own.status).toBe(200);
  });

  it('with the id of a message of another chat is refused with 409', async () => {
    const { person } = at;
    const body = person.message('[[scenario:tokens n=2]]');
    await (await person.send(body)).whole();
    const before = await rowCounts();
    const again = person.message('hello', { messageId: body.message.id });
    expect(await refusal(await person.post('/api/chat', again))).toEqual({
      status: 409,
      code: 'conflict',
    });
    expect(await rowCounts()).toEqual(before);
  });
});

describe("another person's chat", () => {
  it('cannot be read, resumed, continued, renamed, stopped or deleted', async () => {
    const { person, app } = at;
    const body = person.message('[[scenario:tokens n=300 rate=50]]');
    const answer = await person.send(body);
    await answer.until('t3 ');
    const stranger = await Person.arrive(app.baseUrl);
    const notFound = { status: 404, code: 'chat_not_found' };
    const calls = [
      stranger.fetch(`/api/chat/${body.id}`),
      stranger.fetch(`/api/chat?chatId=${body.id}`),
      stranger.post('/api/chat', stranger.message('mine now', { id: body.id })),
      stranger.post('/api/chat', { ...body, selectedChatModel: stranger.model }),
      stranger.fetch(`/api/chat/${body.id}/stop`, { method: 'POST' }),
      stranger.fetch(`/api/chat/${body.id}`, { method: 'DELETE' }),
      stranger.fetch(`/api/chat/${body.id}`, {
        method: 'PATCH',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ title: 'mine' }),
      }),
    ];
    for (const call of calls) expect(await refusal(await call)).toEqual(notFound);
    expect((await stranger.history()).chats).toEqual([]);
    expect((await person.chat(body.id)).messages[1]?.status).toBe('running');
    await person.stop(body.id);
  });
});

describe('the history', () => {
  it('comes in pages that leave out nothing and repeat nothing', async () => {
    const { app } = at;
    const person = await Person.arrive(app.baseUrl);
    const made: string[] = [];
    for (let i = 0; i < 7; i++) {
      const body = person.message('[[scenario:tokens n=1]]');
      await (await person.send(body)).whole();
      made.unshift(body.id);
    }
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await person.history(`?limit=3${cursor ? `&cursor=${cursor}` : ''}`);
      expect(page.chats.length).toBeLessThanOrEqual(3);
      seen.push(...page.chats.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor);
    expect(seen).toEqual(made);
  });

  it.each(['?limit=0', '?limit=1000', '?limit=x', '?cursor=nonsense'])(
    'refuses %s',
    async (query) => {
      const response = await at.person.fetch(`/api/history${query}`);
      expect((await refusal(response)).status).toBe(400);
    },
  );
});

describe('every answer of the server', () => {
  const headersOf = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(`${at.app.baseUrl}${path}`, { redirect: 'manual', ...init });
    await response.body?.cancel();
    return response;
  };

  it.each([
    '/',
    '/nowhere',
    '/chat/a.b',
    '/nope.txt',
    '/healthy',
    '/health/x',
    '/apis',
    '/_next/nope',
    '/a/b.c/d',
    '/chat/0b0f7c1e-0000-4000-8000-000000000000',
  ])('to %s, a page, has a policy with a nonce', async (path) => {
    const { headers } = await headersOf(path);
    expect(headers.get('content-type')).toMatch(/^text\/html/);
    expect(headers.get('content-security-policy')).toMatch(/script-src 'self' 'nonce-[^']+'/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cache-control')).toMatch(/no-store/);
  });

  it.each([
    '/api',
    '/api/nope',
    '/api/chat/a.b/c',
    '/api/models',
    '/health',
    '/icon.svg',
    '/favicon.ico',
    '/manifest.webmanifest',
    '/sandbox/run.html',
    '/_next/static/nope.js',
    '/_next/static/chunks/%2e%2e/nope',
    '/br/nope.js',
  ])('to %s has a policy and is not sniffed', async (path) => {
    const { headers } = await headersOf(path);
    expect(headers.get('content-security-policy')).toMatch(/default-src/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  it.each([
    '/%',
    '/chat/%E0%A4%A',
    '/chat/%00',
    '/api/chat/%E0%A4%A',
    '//evil.example/x',
    '/\\evil.example',
  ])('to %s is no failure, and leads to no other host', async (path) => {
    const { status, headers } = await headersOf(path);
    expect(status).toBeLessThan(500);
    const location = new URL(headers.get('location') ?? '/', at.app.baseUrl);
    expect(location.origin).toBe(at.app.baseUrl);
  });

  it('lets no other origin read it, and no header changes the method', async () => {
    const { headers } = await headersOf('/api/models', {
      headers: { origin: 'https://evil.example' },
    });
    expect([...headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
    const body = at.person.message('[[scenario:tokens n=1]]');
    await (await at.person.send(body)).whole();
    const overridden = await at.person.fetch(`/api/chat/${body.id}?_method=DELETE`, {
      headers: { 'x-http-method-override': 'DELETE' },
    });
    expect(overridden.status).toBe(200);
    expect((await at.person.chat(body.id)).messages).toHaveLength(2);
  });

  it('to HEAD ends, also where GET would stay open', async () => {
    const head = await at.person.fetch('/api/events', { method: 'HEAD' });
    expect(head.status).toBe(200);
    expect(await head.text()).toBe('');
  });
});

describe('the log', () => {
  it('holds no word of a user, also where a query or a page fails', async () => {
    const words = `private${randomUUID()}`;
    const chat = new DocumentChat(at.person);
    const id = await chat.write();
    const pages = ['/', `/chat/${chat.chatId}`, `/api/chat/${chat.chatId}`];
    await sql`alter table message rename column parts to parts_away`;
    await sql`alter table document_version rename column restored_from to restored_away`;
    try {
      expect((await at.person.send(at.person.message(words))).response.status).toBe(500);
      expect((await chat.post(id, edit(words, 1))).status).toBe(500);
      for (const path of pages) await (await at.person.fetch(path)).text();
    } finally {
      await sql`alter table message rename column parts_away to parts`;
      await sql`alter table document_version rename column restored_away to restored_from`;
    }
    expect(at.app.logs()).toContain('A request failed');
    for (const column of ['parts', 'restored_from']) {
      expect(at.app.logs()).toMatch(new RegExp(`${column}.* does not exist`));
    }
    expect(at.app.logs()).not.toContain(words);
    expect(at.app.logs()).not.toContain(new URL(at.database.url).password);
  });
});

it('a chat that is deleted while its answer is written leaves nothing behind, its log neither', async () => {
  const { person } = at;
  const before = await rowCounts();
  for (let round = 0; round < 5; round++) {
    const body = person.message('[[scenario:tokens n=2000 rate=500]]');
    const answer = await person.send(body);
    await answer.until('t3 ');
    const response = await person.fetch(`/api/chat/${body.id}`, { method: 'DELETE' });
    expect(response.status).toBe(204);
    await answer.whole();
  }
  expect(await rowCounts()).toEqual(before);
  const left = await sql`
    select 1 from run_log where not exists (select 1 from run where run.id = run_log.run_id)`;
  expect(left).toHaveLength(0);
});
