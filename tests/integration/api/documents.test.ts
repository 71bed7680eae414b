import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LIMITS } from '@/lib/protocol/api';
import { MAX_VERSION_BYTES } from '@/lib/server/documents/version-quota';
import { TestUser } from '@/tests/support/test-user';
import { DocumentChat, saveBody } from './document-chat';
import { setUpInstallation } from './installation';

const installation = setUpInstallation();

/** Creates a document of 30 words by the model, in a new chat. */
async function createTestDocument() {
  const chat = new DocumentChat(installation.user);
  return { chat, id: await chat.createDocument({ title: 'Plan' }) };
}

async function expectError(response: Response, status: number, code: string) {
  const body = (await response.json()) as { code: string; message: string };
  expect({ status: response.status, code: body.code }).toEqual({ status, code });
  return body.message;
}

describe('a document', () => {
  it('is read in its newest and in an older version', async () => {
    const { chat, id } = await createTestDocument();
    const first = await chat.read(id);
    expect(first).toMatchObject({
      chatId: chat.chatId,
      title: 'Plan',
      kind: 'text',
      language: null,
      version: 1,
      latest: 1,
      author: 'model',
      complete: true,
      baseVersion: null,
    });
    expect(await chat.save(id, saveBody('mine', 1))).toEqual({ version: 2, latest: 2 });
    expect(await chat.read(id)).toMatchObject({ content: 'mine', version: 2, author: 'user' });
    expect(await chat.read(id, 1)).toEqual({ ...first, latest: 2 });
  });

  it('is listed with its chat and can be renamed', async () => {
    const { chat, id } = await createTestDocument();
    const patch = (title: unknown) => chat.patch(`/api/document/${id}`, { title });
    expect((await patch(' Ein Plan für 世界 👩‍🚀 ')).status).toBe(204);
    expect(await chat.list()).toEqual([
      {
        id,
        title: 'Ein Plan für 世界 👩‍🚀',
        kind: 'text',
        language: null,
        version: 1,
        updatedAt: expect.stringMatching(/^\d{4}-.*Z$/),
      },
    ]);
    for (const title of ['', '   ', 'x'.repeat(201), 7]) {
      await expectError(await patch(title), 400, 'bad_request');
    }
  });
});

describe('saving a document', () => {
  it('twice with one id, sequentially or concurrently, creates one version', async () => {
    const { chat, id } = await createTestDocument();
    const body = saveBody('once', 1);
    const all = await Promise.all(Array.from({ length: 8 }, () => chat.save(id, body)));
    expect(all.map(({ version }) => version)).toEqual(Array(8).fill(2));
    expect(await chat.save(id, body)).toMatchObject({ version: 2 });
    expect((await chat.read(id)).latest).toBe(2);
  });

  it('concurrently from many tabs stores every version without gaps', async () => {
    const { chat, id } = await createTestDocument();
    const texts = Array.from({ length: 12 }, (_, index) => `text ${index}`);
    const saved = await Promise.all(texts.map((text) => chat.save(id, saveBody(text, 1))));
    const numbers = saved.map(({ version }) => version).sort((a, b) => a - b);
    expect(numbers).toEqual(texts.map((_, index) => index + 2));
    for (const [index, text] of texts.entries()) {
      const detail = await chat.read(id, saved[index]?.version);
      expect(detail).toMatchObject({ content: text, baseVersion: 1 });
    }
  });

  it('on top of an unseen version stores both and reports the conflict', async () => {
    const { chat, id } = await createTestDocument();
    await chat.save(id, saveBody('first', 1));
    expect(await chat.save(id, saveBody('second', 1))).toEqual({ version: 3, latest: 3 });
    const [newest, before] = await chat.versions(id);
    expect(newest).toMatchObject({ version: 3, baseVersion: 1 });
    expect(before).toMatchObject({ version: 2, baseVersion: 1 });
  });

  it('without a change creates no version', async () => {
    const { chat, id } = await createTestDocument();
    const { content } = await chat.read(id);
    expect(await chat.save(id, saveBody(content, 1))).toEqual({ version: 1, latest: 1 });
  });

  it('repeatedly replaces the last version of the user until the model writes or a pause follows', async () => {
    const { chat, id } = await createTestDocument();
    for (const base of [1, 2, 3]) await chat.save(id, saveBody(`edit of ${base}`, base));
    expect((await chat.versions(id)).map(({ version }) => version)).toEqual([4, 1]);
    await chat.save(id, { saveId: randomUUID(), baseVersion: 4, restore: 1 });
    const versions = await chat.versions(id);
    expect(versions.map(({ version }) => version)).toEqual([5, 4, 1]);
    expect(versions[0]).toMatchObject({ restoredFrom: 1, author: 'user', messageId: null });
    expect((await chat.read(id)).content).toBe((await chat.read(id, 1)).content);
    // Replaced versions are stored as well, although they are not listed.
    expect((await chat.read(id, 3)).content).toBe('edit of 2');
  });

  it('keeps every script and removes what the database cannot store', async () => {
    const { chat, id } = await createTestDocument();
    const text = 'Grüße 世界 עברית ไทย 👩‍🚀\r\n\t"quoted" \\ \u2028';
    await chat.save(id, saveBody(`${text}\u0000`, 1));
    expect((await chat.read(id)).content).toBe(text);
    await chat.save(id, saveBody('half \ud83d', 2));
    expect((await chat.read(id)).content).toBe('half \ufffd');
    await chat.save(id, saveBody('', 3));
    expect(await chat.read(id)).toMatchObject({ content: '', version: 4 });
  });

  it('accepts exactly 1 MB of text, for any size in JSON', async () => {
    const { chat, id } = await createTestDocument();
    const maxContent = '\u0001'.repeat(LIMITS.documentBytes);
    await chat.save(id, saveBody(maxContent, 1));
    expect((await chat.read(id)).content).toBe(maxContent);
    const message = await expectError(
      await chat.postVersion(id, saveBody(`${maxContent}x`, 2)),
      413,
      'document_too_long',
    );
    expect(message).toContain('1 MB');
    const wide = '世'.repeat(LIMITS.documentBytes / 3 + 1);
    await expectError(await chat.postVersion(id, saveBody(wide, 2)), 413, 'document_too_long');
    await expectError(
      await chat.postVersion(id, saveBody('\u0001'.repeat(1_200_000), 2)),
      413,
      'body_too_large',
    );
    expect((await chat.read(id)).latest).toBe(2);
  });

  it.each([
    [{}],
    [{ saveId: 'a', baseVersion: 1 }],
    [{ saveId: '', baseVersion: 1, content: 'x' }],
    [{ saveId: 'a', baseVersion: -1, content: 'x' }],
    [{ saveId: 'a', baseVersion: 1.5, content: 'x' }],
    [{ saveId: 'a', baseVersion: 1e12, content: 'x' }],
    [{ saveId: 'a', baseVersion: 1, content: 7 }],
    [{ saveId: 'a', baseVersion: 1, content: 'x', restore: 1 }],
    [{ saveId: 'a', baseVersion: 9, content: 'x' }],
  ])('rejects %j', async (body) => {
    const { chat, id } = await createTestDocument();
    await expectError(await chat.postVersion(id, body), 400, 'bad_request');
    expect((await chat.read(id)).latest).toBe(1);
  });

  it('rejects restoring a version that does not exist', async () => {
    const { chat, id } = await createTestDocument();
    const body = { saveId: 'a', baseVersion: 1, restore: 7 };
    await expectError(await chat.postVersion(id, body), 404, 'not_found');
  });
});

describe('an inaccessible document', () => {
  it('of another user is not found by any request', async () => {
    const { chat, id } = await createTestDocument();
    const other = await TestUser.createGuest(installation.app.baseUrl);
    const missing = (response: Response) => expectError(response, 404, 'not_found');
    const patch = { method: 'PATCH', headers: { 'content-type': 'application/json' } };
    await missing(await other.fetch(`/api/document/${id}`));
    await missing(await other.fetch(`/api/document/${id}?version=1`));
    await missing(await other.fetch(`/api/document/${id}/versions`));
    await missing(await other.fetch(`/api/document/${id}/suggestions`));
    await missing(await other.post(`/api/document/${id}/versions`, saveBody('theirs', 1)));
    await missing(
      await other.fetch(`/api/document/${id}`, { ...patch, body: '{"title":"theirs"}' }),
    );
    const list = await other.fetch(`/api/chat/${chat.chatId}/documents`);
    await expectError(list, 404, 'chat_not_found');
    expect(await chat.read(id)).toMatchObject({ title: 'Plan', latest: 1 });
  });

  it('that does not exist or has an invalid id is not found', async () => {
    for (const id of [randomUUID(), 'x', '../chat', '%00']) {
      const response = await installation.user.fetch(
        `/api/document/${encodeURIComponent(id)}/versions`,
      );
      await expectError(response, 404, 'not_found');
    }
    const { id } = await createTestDocument();
    await expectError(
      await installation.user.fetch(`/api/document/${id}?version=9`),
      404,
      'not_found',
    );
    for (const version of ['0', '-1', 'x', '1.5', '99999999999']) {
      const response = await installation.user.fetch(`/api/document/${id}?version=${version}`);
      await expectError(response, 400, 'bad_request');
    }
  });
});

describe('the storage of document versions', () => {
  let sql: postgres.Sql;
  beforeAll(() => {
    sql = postgres(installation.database.url, { max: 1 });
  });
  afterAll(() => sql.end());

  /** Exceeds the size limit of a document for versions of any content. */
  const VERSION_COUNT = 17_000;

  /** Adds saves of the user, two seconds apart, the last one 30 minutes ago. */
  async function saveMany(id: string, basedOn: 'previous' | 'first') {
    const base = basedOn === 'first' ? sql`1` : sql`number - 1`;
    await sql`
      insert into document_version
        (document_id, version, content, author, base_version, writing_id, created_at)
      select ${id}, number, 'Save ' || number, 'user', ${base}, 'save ' || number,
        now() - interval '30 minutes' - (${VERSION_COUNT} + 1 - number) * interval '2 seconds'
      from generate_series(2, ${VERSION_COUNT} + 1) as number`;
  }

  async function sizes(id: string) {
    const [found] = await sql`
      select count(*)::int as versions, sum(octet_length(content) + 16384)::float8 as bytes,
        (select bytes::float8 from document_size where document_id = ${id}) as counted
      from document_version where document_id = ${id}`;
    return found as unknown as { versions: number; bytes: number; counted: number };
  }

  it('never exceeds the limit for a user who writes for hours, because replaced saves free their space', async () => {
    const { chat, id } = await createTestDocument();
    await saveMany(id, 'previous');
    expect((await sizes(id)).bytes).toBeGreaterThan(MAX_VERSION_BYTES.document);
    const listed = await chat.versions(id);
    expect(listed.map(({ version }) => version)).toEqual([VERSION_COUNT + 1, 1]);

    const saved = await chat.save(id, saveBody('and one more', VERSION_COUNT + 1));
    expect(saved).toEqual({ version: VERSION_COUNT + 2, latest: VERSION_COUNT + 2 });
    const after = await sizes(id);
    expect(after).toMatchObject({ versions: 3, counted: after.bytes });
    for (const { version, bytes } of listed) {
      expect(Buffer.byteLength((await chat.read(id, version)).content)).toBe(bytes);
    }
    expect(await chat.versions(id)).toEqual(expect.arrayContaining(listed));
    // A tab that has a removed version open can still save.
    expect(await chat.save(id, saveBody('from an old window', 5))).toMatchObject({
      version: VERSION_COUNT + 3,
    });
  });

  it('is limited per document with a clear error, and stored versions stay', async () => {
    const { chat, id } = await createTestDocument();
    await saveMany(id, 'first');
    const before = await sizes(id);
    const message = await expectError(
      await chat.postVersion(id, saveBody('one more', 1)),
      413,
      'document_quota_exceeded',
    );
    expect(message).toMatch(/Copy or download the text/);
    expect(await sizes(id)).toEqual({ ...before, counted: before.bytes });
    // A repeated save with the same id still succeeds.
    const nextSave = {
      saveId: `save ${VERSION_COUNT}`,
      baseVersion: 1,
      content: `Save ${VERSION_COUNT}`,
    };
    expect(await chat.save(id, nextSave)).toMatchObject({ version: VERSION_COUNT });

    const edits = [{ find: 'Save', replace: 'Saved' }];
    const answer = await chat.runScenario('update', { edits });
    expect(answer.toolResults).toEqual([{ error: message }]);
    expect(answer.documents).toEqual([]);
    expect((await sizes(id)).versions).toBe(before.versions);
    // Other documents are not affected.
    const other = await createTestDocument();
    expect(await other.chat.save(other.id, saveBody('mine', 1))).toMatchObject({ version: 2 });
  });

  it('is limited per user over all documents, and deleted chats free their space', async () => {
    const user = await TestUser.createGuest(installation.app.baseUrl);
    const large = new DocumentChat(user);
    const largeId = await large.createDocument();
    await sql`update document_size set bytes = ${MAX_VERSION_BYTES.user + 1} where document_id = ${largeId}`;
    const chat = new DocumentChat(user);
    const answer = await chat.runScenario('document', { rate: 0 });
    expect(answer.toolResults).toMatchObject([{ error: expect.stringContaining('2 GB') }]);
    const { chat: otherChat, id } = await createTestDocument();
    expect(await otherChat.save(id, saveBody('mine', 1))).toMatchObject({ version: 2 });

    await user.fetch(`/api/chat/${large.chatId}`, { method: 'DELETE' });
    const now = new DocumentChat(user);
    expect(await now.save(await now.createDocument(), saveBody('mine', 1))).toMatchObject({
      version: 2,
    });
  });
});
