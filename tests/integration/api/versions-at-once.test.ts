/**
 * Writers that take the same number for a version of one document. The other writer's row is held
 * open in a transaction of the test's own: whoever comes then waits for it and finds the number gone.
 */
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DocumentChat, edit } from './documents-person';
import { installation } from './fixture';
import { eventually } from './person';

const at = installation();
let sql: postgres.Sql;

beforeAll(() => {
  sql = postgres(at.database.url, { max: 4 });
});
// At once, whatever a test that failed has left open.
afterAll(() => sql.end({ timeout: 0 }));

/** Takes the next number of the document, and keeps everybody waiting until `commit`. */
async function takeNext(documentId: string, content: string) {
  const other = await sql.reserve();
  await other`begin`;
  await other`
    insert into document_version (document_id, version, content, author, base_version, writing_id)
    select ${documentId}, max(version) + 1, ${content}, 'user', max(version), ${content}
    from document_version where document_id = ${documentId}`;
  const [{ pid } = { pid: 0 }] = await other<{ pid: number }[]>`select pg_backend_pid() as pid`;
  return {
    /** Waits until so many writers want the same number. */
    contested: (by = 1) =>
      eventually(async () => {
        const waiting = await sql`
          select 1 from pg_stat_activity where ${pid} = any(pg_blocking_pids(pid))`;
        expect(waiting).toHaveLength(by);
      }),
    commit: async () => {
      await other`commit`;
      other.release();
    },
  };
}

const numbersOf = async (here: DocumentChat, id: string) => {
  const { latest } = await here.read(id);
  return Array.from({ length: latest }, (_, index) => index + 1);
};

describe('a version whose number somebody else takes', () => {
  it('gets the next one, however often that happens', async () => {
    const here = new DocumentChat(at.person);
    const id = await here.write({ content: 'first' });
    for (let round = 0; round < 20; round++) {
      const { latest } = await here.read(id);
      const theirs = await takeNext(id, `theirs ${round}`);
      const mine = here.save(id, edit(`mine ${round}`, latest));
      await theirs.contested();
      await theirs.commit();
      expect(await mine).toMatchObject({ version: latest + 2 });
      expect((await here.read(id, latest + 1)).content).toBe(`theirs ${round}`);
      expect(await here.read(id)).toMatchObject({ content: `mine ${round}`, baseVersion: latest });
    }
    expect(await numbersOf(here, id)).toHaveLength(41);
  });

  it('gets the next one where many want it at once, and each save is kept once', async () => {
    const here = new DocumentChat(at.person);
    const id = await here.write({ content: 'first' });
    const theirs = await takeNext(id, 'theirs');
    const bodies = Array.from({ length: 4 }, (_, index) => edit(`mine ${index}`, 1));
    // Each twice, as a browser does that got no answer.
    const saves = [...bodies, ...bodies].map((body) => here.save(id, body));
    await theirs.contested(8);
    await theirs.commit();
    const versions = (await Promise.all(saves)).map(({ version }) => version);
    expect(versions.slice(4)).toEqual(versions.slice(0, 4));
    expect([...new Set(versions)].sort()).toEqual([3, 4, 5, 6]);
    for (const number of await numbersOf(here, id)) {
      const index = versions.indexOf(number);
      const content = number === 1 ? 'first' : number === 2 ? 'theirs' : `mine ${index}`;
      expect((await here.read(id, number)).content).toBe(content);
    }
  });

  it('gets the next one at the end of an answer that was stopped, with all of the answer', async () => {
    const here = new DocumentChat(at.person);
    const id = await here.write({ content: 'first' });
    for (let round = 0; round < 5; round++) {
      const { latest } = await here.read(id);
      const answer = await here.ask('update', { instructions: 'Go', content: 'a b c', hold: 2 });
      await answer.untilIt(() => answer.documents[0]?.content === 'a b ');
      const theirs = await takeNext(id, `theirs ${round}`);
      const stopping = here.person.stop(here.chatId);
      await theirs.contested();
      await theirs.commit();
      expect(await stopping).toEqual({ stopped: true });
      await answer.whole();
      expect(answer.ending?.status).toBe('stopped');
      const [result] = answer.results;
      const made = await here.readWriting(id, String(result?.writing));
      expect(made).toMatchObject({
        ...{ content: 'a b ', version: latest + 2, latest: latest + 2, complete: false },
        baseVersion: latest,
      });
      const { messages } = await here.person.chat(here.chatId);
      expect(messages.at(-1)).toMatchObject({ status: 'stopped' });
    }
  });

  it('writes of a person and of the model at once are all kept, without gaps', async () => {
    const here = new DocumentChat(at.person);
    const id = await here.write({ content: 'first' });
    for (let round = 0; round < 8; round++) {
      const { latest } = await here.read(id);
      const answer = here.askAndWait('update', { instructions: 'Go', content: 'x y', rate: 0 });
      const saves = Array.from({ length: 3 }, (_, index) =>
        here.save(id, edit(`${round} ${index}`, latest)),
      );
      const made = (await Promise.all(saves)).map(({ version }) => version);
      const { results } = await answer;
      const all = [...made, Number(results[0]?.version)].sort((a, b) => a - b);
      expect(all).toEqual([1, 2, 3, 4].map((step) => latest + step));
    }
  });
});
