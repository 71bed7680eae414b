/**
 * Writers that take the same version number of one document. The test holds the other writer's row
 * in an open transaction: later writers wait for it and then find the number taken.
 */
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitUntil } from '@/tests/support/wait-until';
import { DocumentChat, saveBody } from './document-chat';
import { setUpInstallation } from './installation';

const installation = setUpInstallation();
let sql: postgres.Sql;

beforeAll(() => {
  sql = postgres(installation.database.url, { max: 4 });
});
// Closes immediately: a failed test may leave a transaction open.
afterAll(() => sql.end({ timeout: 0 }));

/** Takes the next version number of the document and blocks other writers until `commit`. */
async function insertConflictingVersion(documentId: string, content: string) {
  const transaction = await sql.reserve();
  await transaction`begin`;
  await transaction`
    insert into document_version (document_id, version, content, author, base_version, writing_id)
    select ${documentId}, max(version) + 1, ${content}, 'user', max(version), ${content}
    from document_version where document_id = ${documentId}`;
  const [{ pid } = { pid: 0 }] = await transaction<
    { pid: number }[]
  >`select pg_backend_pid() as pid`;
  return {
    /** Waits until `count` writers are blocked. */
    waitForBlockedWriters: (count = 1) =>
      waitUntil(async () => {
        const waiting = await sql`
          select 1 from pg_stat_activity where ${pid} = any(pg_blocking_pids(pid))`;
        expect(waiting).toHaveLength(count);
      }),
    commit: async () => {
      await transaction`commit`;
      transaction.release();
    },
  };
}

const versionNumbers = async (documentChat: DocumentChat, id: string) => {
  const { latest } = await documentChat.read(id);
  return Array.from({ length: latest }, (_, index) => index + 1);
};

describe('a version whose number a concurrent writer takes', () => {
  it('gets the next number, after any number of conflicts', async () => {
    const documentChat = new DocumentChat(installation.user);
    const id = await documentChat.createDocument({ content: 'first' });
    for (let round = 0; round < 20; round++) {
      const { latest } = await documentChat.read(id);
      const conflicting = await insertConflictingVersion(id, `theirs ${round}`);
      const mine = documentChat.save(id, saveBody(`mine ${round}`, latest));
      await conflicting.waitForBlockedWriters();
      await conflicting.commit();
      expect(await mine).toMatchObject({ version: latest + 2 });
      expect((await documentChat.read(id, latest + 1)).content).toBe(`theirs ${round}`);
      expect(await documentChat.read(id)).toMatchObject({
        content: `mine ${round}`,
        baseVersion: latest,
      });
    }
    expect(await versionNumbers(documentChat, id)).toHaveLength(41);
  });

  it('gets the next number among many concurrent writers, and each save is stored once', async () => {
    const documentChat = new DocumentChat(installation.user);
    const id = await documentChat.createDocument({ content: 'first' });
    const conflicting = await insertConflictingVersion(id, 'theirs');
    const bodies = Array.from({ length: 4 }, (_, index) => saveBody(`mine ${index}`, 1));
    // Each twice, as from a browser that retries after a missing response.
    const saves = [...bodies, ...bodies].map((body) => documentChat.save(id, body));
    await conflicting.waitForBlockedWriters(8);
    await conflicting.commit();
    const versions = (await Promise.all(saves)).map(({ version }) => version);
    expect(versions.slice(4)).toEqual(versions.slice(0, 4));
    expect([...new Set(versions)].sort()).toEqual([3, 4, 5, 6]);
    for (const number of await versionNumbers(documentChat, id)) {
      const index = versions.indexOf(number);
      const content = number === 1 ? 'first' : number === 2 ? 'theirs' : `mine ${index}`;
      expect((await documentChat.read(id, number)).content).toBe(content);
    }
  });

  it('gets the next number when a stopped answer is finalized with all its text', async () => {
    const documentChat = new DocumentChat(installation.user);
    const id = await documentChat.createDocument({ content: 'first' });
    for (let round = 0; round < 5; round++) {
      const { latest } = await documentChat.read(id);
      const answer = await documentChat.sendScenario('update', {
        instructions: 'Go',
        content: 'a b c',
        hold: 2,
      });
      await answer.readUntil(() => answer.documents[0]?.content === 'a b ');
      const conflicting = await insertConflictingVersion(id, `theirs ${round}`);
      const stopping = documentChat.user.stop(documentChat.chatId);
      await conflicting.waitForBlockedWriters();
      await conflicting.commit();
      expect(await stopping).toEqual({ stopped: true });
      await answer.readToEnd();
      expect(answer.runEnded?.status).toBe('stopped');
      const [result] = answer.toolResults;
      const savedVersion = await documentChat.readByWritingId(id, String(result?.writing));
      expect(savedVersion).toMatchObject({
        ...{ content: 'a b ', version: latest + 2, latest: latest + 2, complete: false },
        baseVersion: latest,
      });
      const { messages } = await documentChat.user.getChat(documentChat.chatId);
      expect(messages.at(-1)).toMatchObject({ status: 'stopped' });
    }
  });

  it('is stored without gaps among concurrent versions of the user and the model', async () => {
    const documentChat = new DocumentChat(installation.user);
    const id = await documentChat.createDocument({ content: 'first' });
    for (let round = 0; round < 8; round++) {
      const { latest } = await documentChat.read(id);
      const answer = documentChat.runScenario('update', {
        instructions: 'Go',
        content: 'x y',
        rate: 0,
      });
      const saves = Array.from({ length: 3 }, (_, index) =>
        documentChat.save(id, saveBody(`${round} ${index}`, latest)),
      );
      const savedVersion = (await Promise.all(saves)).map(({ version }) => version);
      const { toolResults } = await answer;
      const all = [...savedVersion, Number(toolResults[0]?.version)].sort((a, b) => a - b);
      expect(all).toEqual([1, 2, 3, 4].map((step) => latest + step));
    }
  });
});
