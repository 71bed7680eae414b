import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LIMITS, type SessionInfo } from '@/lib/protocol/api';
import { purgeChats } from '@/lib/server/chat/purge-chats';
import { TestUser } from '@/tests/support/test-user';
import { waitUntil } from '@/tests/support/wait-until';
import { DocumentChat, saveBody } from './document-chat';
import { setUpInstallation } from './installation';

const installation = setUpInstallation();
let sql: postgres.Sql;

beforeAll(() => {
  sql = postgres(installation.database.url, { max: 1 });
});
afterAll(() => sql.end());

async function readErrorBody(response: Response) {
  const body = await response.json();
  expect(Object.keys(body).sort()).toEqual(['code', 'message']);
  expect(body.message).toMatch(/^[A-Z].*\.$/s);
  return { status: response.status, code: body.code };
}

/** Row counts of all tables that a send writes. */
async function rowCounts() {
  const [counts] = await sql`select
    (select count(*) from chat) as chats,
    (select count(*) from message) as messages,
    (select count(*) from run) as runs`;
  return counts;
}

describe('a rejected send', () => {
  const cases: Array<[string, number, string, (user: TestUser) => unknown]> = [
    ['an empty message', 400, 'message_empty', (p) => p.messageBody('')],
    ['a message of whitespace only', 400, 'message_empty', (p) => p.messageBody(' \n\t ')],
    [
      'a message over the limit',
      413,
      'message_too_long',
      (p) => p.messageBody('x'.repeat(LIMITS.messageChars + 1)),
    ],
    [
      'a body over the limit',
      413,
      'body_too_large',
      (p) => ({ ...p.messageBody('hello'), padding: 'x'.repeat(LIMITS.bodyBytes) }),
    ],
    [
      'an unknown model',
      400,
      'model_not_found',
      (p) => p.messageBody('hello', { selectedChatModel: 'openai/not-there' }),
    ],
    [
      'a model named by a URL',
      400,
      'model_not_found',
      (p) => p.messageBody('hello', { selectedChatModel: 'http://127.0.0.1:1/v1' }),
    ],
    ['an id that is not a UUID', 400, 'bad_request', (p) => p.messageBody('hello', { id: 'mine' })],
    ['a body without a message', 400, 'bad_request', () => ({ id: randomUUID() })],
    ['an array as body', 400, 'bad_request', () => []],
    [
      'an answer to a missing message',
      409,
      'chat_changed',
      (p) => p.messageBody('hello', { parentId: randomUUID() }),
    ],
    [
      'a retry of a missing answer',
      409,
      'chat_changed',
      (p) => p.messageBody('hello', { retryOf: randomUUID() }),
    ],
  ];

  it.each(cases)('with %s gets status %i and stores nothing', async (_, status, code, make) => {
    const { user } = installation;
    const before = await rowCounts();
    const response = await user.post('/api/chat', make(user));
    expect(await readErrorBody(response)).toEqual({ status, code });
    expect(await rowCounts()).toEqual(before);
  });

  it('with malformed JSON gets status 400', async () => {
    const response = await installation.user.fetch('/api/chat', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"id":',
    });
    expect(await readErrorBody(response)).toEqual({ status: 400, code: 'invalid_json' });
  });

  it('with a wrong content type gets status 415', async () => {
    const response = await installation.user.fetch('/api/chat', {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body: JSON.stringify(installation.user.messageBody('hello')),
    });
    expect(await readErrorBody(response)).toEqual({ status: 415, code: 'unsupported_media_type' });
  });

  it('without a session gets status 401', async () => {
    const response = await fetch(`${installation.app.baseUrl}/api/chat`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(installation.user.messageBody('hello')),
    });
    expect(await readErrorBody(response)).toEqual({ status: 401, code: 'unauthorized' });
  });

  it('from a page of another user than that of the session gets status 401 and no data', async () => {
    const { user: testUser } = installation;
    const headers = { 'content-type': 'application/json', 'x-throughline-user': 'another-user' };
    const before = await rowCounts();
    const body = JSON.stringify(testUser.messageBody('hello'));
    for (const response of [
      await testUser.fetch('/api/chat', { method: 'POST', headers, body }),
      await testUser.fetch('/api/history', { headers }),
      await testUser.fetch('/api/events', { headers }),
      await fetch(`${installation.app.baseUrl}/api/history`, { headers }),
    ]) {
      expect(await readErrorBody(response)).toEqual({ status: 401, code: 'unauthorized' });
    }
    expect(await rowCounts()).toEqual(before);
    const { user } = await testUser.json<SessionInfo>('/api/session');
    const own = await testUser.fetch('/api/history', {
      headers: { 'x-throughline-user': String(user?.id) },
    });
    expect(own.status).toBe(200);
  });

  it('with the id of a message of another chat gets status 409', async () => {
    const { user } = installation;
    const body = user.messageBody('[[scenario:tokens n=2]]');
    await (await user.send(body)).readToEnd();
    const before = await rowCounts();
    const duplicate = user.messageBody('hello', { messageId: body.message.id });
    expect(await readErrorBody(await user.post('/api/chat', duplicate))).toEqual({
      status: 409,
      code: 'conflict',
    });
    expect(await rowCounts()).toEqual(before);
  });
});

describe('a chat of another user', () => {
  it('cannot be read, resumed, continued, renamed, stopped or deleted', async () => {
    const { user, app } = installation;
    const body = user.messageBody('[[scenario:tokens n=300 hold=10]]');
    const answer = await user.send(body);
    await answer.readUntilText('t3 ');
    const otherUser = await TestUser.createGuest(app.baseUrl);
    const notFound = { status: 404, code: 'chat_not_found' };
    const calls = [
      otherUser.fetch(`/api/chat/${body.id}`),
      otherUser.fetch(`/api/chat/${body.id}/settings`),
      otherUser.fetch(`/api/chat?chatId=${body.id}`),
      otherUser.post('/api/chat', otherUser.messageBody('mine now', { id: body.id })),
      otherUser.post('/api/chat', { ...body, selectedChatModel: otherUser.model }),
      otherUser.fetch(`/api/chat/${body.id}/stop`, { method: 'POST' }),
      otherUser.fetch(`/api/chat/${body.id}`, { method: 'DELETE' }),
      otherUser.fetch(`/api/chat/${body.id}`, {
        method: 'PATCH',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ title: 'mine' }),
      }),
    ];
    for (const call of calls) expect(await readErrorBody(await call)).toEqual(notFound);
    expect((await otherUser.getHistory()).chats).toEqual([]);
    expect((await user.getChat(body.id)).messages[1]?.status).toBe('running');
    await user.stop(body.id);
  });
});

describe('the history', () => {
  it('is paged without gaps and duplicates', async () => {
    const { app } = installation;
    const user = await TestUser.createGuest(app.baseUrl);
    const createdIds: string[] = [];
    for (let i = 0; i < 7; i++) {
      const body = user.messageBody('[[scenario:tokens n=1]]');
      await (await user.send(body)).readToEnd();
      createdIds.unshift(body.id);
    }
    const listedIds: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await user.getHistory(`?limit=3${cursor ? `&cursor=${cursor}` : ''}`);
      expect(page.chats.length).toBeLessThanOrEqual(3);
      listedIds.push(...page.chats.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor);
    expect(listedIds).toEqual(createdIds);
  });

  it.each(['?limit=0', '?limit=1000', '?limit=x', '?cursor=nonsense'])(
    'rejects %s',
    async (query) => {
      const response = await installation.user.fetch(`/api/history${query}`);
      expect((await readErrorBody(response)).status).toBe(400);
    },
  );
});

describe('every response of the server', () => {
  const headersOf = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(`${installation.app.baseUrl}${path}`, {
      redirect: 'manual',
      ...init,
    });
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
  ])('to %s, a page, has a content security policy with a nonce', async (path) => {
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
  ])('to %s has a content security policy and is not sniffed', async (path) => {
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
  ])('to %s is not a server error and does not redirect to another host', async (path) => {
    const { status, headers } = await headersOf(path);
    expect(status).toBeLessThan(500);
    const location = new URL(headers.get('location') ?? '/', installation.app.baseUrl);
    expect(location.origin).toBe(installation.app.baseUrl);
  });

  it('is not readable by other origins, and no header overrides the method', async () => {
    const { headers } = await headersOf('/api/models', {
      headers: { origin: 'https://evil.example' },
    });
    expect([...headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
    const body = installation.user.messageBody('[[scenario:tokens n=1]]');
    await (await installation.user.send(body)).readToEnd();
    const overridden = await installation.user.fetch(`/api/chat/${body.id}?_method=DELETE`, {
      headers: { 'x-http-method-override': 'DELETE' },
    });
    expect(overridden.status).toBe(200);
    expect((await installation.user.getChat(body.id)).messages).toHaveLength(2);
  });

  it('to HEAD ends even if the response to GET would stay open', async () => {
    const head = await installation.user.fetch('/api/events', { method: 'HEAD' });
    expect(head.status).toBe(200);
    expect(await head.text()).toBe('');
  });
});

describe('the log', () => {
  it('contains no text of a user, even if a query or a page fails', async () => {
    const secretText = `private${randomUUID()}`;
    const chat = new DocumentChat(installation.user);
    const id = await chat.createDocument();
    const pages = ['/', `/chat/${chat.chatId}`, `/api/chat/${chat.chatId}`];
    await sql`alter table message rename column parts to parts_away`;
    await sql`alter table document_version rename column restored_from to restored_away`;
    try {
      expect(
        (await installation.user.send(installation.user.messageBody(secretText))).response.status,
      ).toBe(500);
      expect((await chat.postVersion(id, saveBody(secretText, 1))).status).toBe(500);
      for (const path of pages) await (await installation.user.fetch(path)).text();
    } finally {
      await sql`alter table message rename column parts_away to parts`;
      await sql`alter table document_version rename column restored_away to restored_from`;
    }
    expect(installation.app.logs()).toContain('Request failed');
    for (const column of ['parts', 'restored_from']) {
      expect(installation.app.logs()).toMatch(new RegExp(`${column}.* does not exist`));
    }
    expect(installation.app.logs()).not.toContain(secretText);
    expect(installation.app.logs()).not.toContain(new URL(installation.database.url).password);
  });
});

it('a chat that is deleted during its answer and purged leaves nothing in the database or the log', async () => {
  const { user } = installation;
  const before = await rowCounts();
  for (let round = 0; round < 5; round++) {
    const body = user.messageBody('[[scenario:tokens n=2000 rate=500]]');
    const answer = await user.send(body);
    await answer.readUntilText('t3 ');
    const response = await user.fetch(`/api/chat/${body.id}`, { method: 'DELETE' });
    expect(response.status).toBe(204);
    await sql`update chat set deleted_at = now() - interval '30 seconds' where id = ${body.id}`;
    await purgeChats(sql);
    await answer.readToEnd();
  }
  await waitUntil(async () => {
    await purgeChats(sql);
    expect(await rowCounts()).toEqual(before);
  });
  const orphanFrames = await sql`
    select 1 from run_log where not exists (select 1 from run where run.id = run_log.run_id)`;
  expect(orphanFrames).toHaveLength(0);
});
