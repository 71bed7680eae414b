import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { formatLine, UNSAVED_LINE } from '@/lib/protocol/lines';
import type { Identity } from '@/lib/server/account/identity';
import { getChat } from '@/lib/server/chat/get-chat';
import { readChatState } from '@/lib/server/chat/turn-rows';
import { db, sql } from '@/lib/server/db/client';
import { chat } from '@/lib/server/db/schema';
import { presence } from '@/lib/server/runs/presence';
import { readLog } from '@/lib/server/runs/read-log';
import { closeDeadRuns } from '@/lib/server/runs/recover';
import { stopRuns } from '@/lib/server/runs/stop-runs';
import { freshDatabase } from '@/tests/support/services';
import { insertRun, readAll, startTestRun, storedMessage, storedRun } from './fixtures';

let database: Awaited<ReturnType<typeof freshDatabase>>;

beforeAll(async () => {
  database = await freshDatabase();
  await presence().start();
});

afterEach(async () => {
  await sql()`drop function if exists reject_write cascade`;
});

afterAll(async () => {
  await presence().stop();
  await sql().end();
  await database.drop();
});

/** Makes Postgres reject `writes` of rows that match the condition. */
async function rejectWrites(
  sqlState: string,
  condition: string,
  writes = 'update on message',
): Promise<void> {
  await sql().unsafe(`
    create sequence if not exists rejections;
    create function reject_write() returns trigger language plpgsql as $$ begin
      if ${condition} then raise 'rejected' using errcode = '${sqlState}'; end if;
      return new;
    end $$;
    create trigger reject_write before ${writes} for each row execute function reject_write()`);
}

const toolCall = (args: unknown) =>
  formatLine('9', { toolCallId: randomUUID(), toolName: 'getWeather', args });

describe('an answer that Postgres rejects', () => {
  it('is saved without the invalid characters in the names of arguments', async () => {
    const run = await startTestRun();
    run.append(toolCall({ 'to\u0000wn': 'Oslo', '\ud83d': 1 }));
    await run.finish({ status: 'complete' });
    await run.saved;
    const { status, parts } = await storedMessage(run.row.messageId);
    expect(status).toBe('complete');
    expect(JSON.stringify(parts)).toContain('"town":"Oslo"');
  });

  it('is saved if its arguments are nested 20,000 levels deep', async () => {
    const run = await startTestRun();
    const nested = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
    run.append(`9:{"toolCallId":"a","toolName":"getWeather","args":{"town":${nested}}}\n`);
    run.append('0:"Kept"\n');
    await run.finish({ status: 'complete' });
    await run.saved;
    const { status, parts } = await storedMessage(run.row.messageId);
    expect(status).toBe('complete');
    expect(JSON.stringify(parts)).toContain('Kept');
  });

  it.each(['22P05', '54001'])('is saved as plain text after %s', async (sqlState) => {
    await rejectWrites(sqlState, `new.parts::text like '%tool-invocation%'`);
    const run = await startTestRun();
    run.append('0:"Kept"\n');
    run.append(toolCall({ town: 'Oslo' }));
    await run.finish({ status: 'complete' });
    await run.saved;
    const { parts } = await storedMessage(run.row.messageId);
    expect(parts).toMatchObject([{ type: 'text', text: 'Kept' }]);
    expect((await storedRun(run.row.id)).status).toBe('complete');
  });

  it.each(['53100', '25006', '40P01'])('is saved once %s is over', async (sqlState) => {
    // A sequence is not rolled back with its transaction: two rejections, then success.
    await sql().unsafe('drop sequence if exists rejections; create sequence rejections');
    await rejectWrites(sqlState, `nextval('rejections') < 3`);
    const run = await startTestRun();
    run.append('0:"Kept"\n');
    await run.finish({ status: 'complete' });
    await run.saved;
    expect((await storedMessage(run.row.messageId)).status).toBe('complete');
  });
});

describe('an answer whose plain text Postgres rejects as well', () => {
  it.each([
    ['P0001', 'every change of its message', 'true'],
    ['XX001', 'every change of its message', 'true'],
    ['23514', 'its parts', `new.parts <> '[]'`],
  ])('ends as failed after %s, also for its readers (%s)', async (sqlState, _what, condition) => {
    const run = await startTestRun();
    await rejectWrites(sqlState, `new.id = '${run.row.messageId}' and ${condition}`);
    run.append('0:"Shown"\n');
    const read = readAll(readLog(run.log, 0));
    await run.finish({ status: 'complete' });
    await run.saved;
    expect(await storedRun(run.row.id)).toMatchObject({
      status: 'failed',
      errorCode: 'answer_save_failed',
    });
    expect(await read).toMatch(/^d:/m);
    const error = { code: 'answer_save_failed', message: expect.stringMatching(/^The database/) };
    const owner = { userId: run.row.ownerId } as Identity;
    const { messages } = await getChat(owner, run.row.chatId);
    expect(messages[0]).toMatchObject({ status: 'failed', annotations: [{ error }] });
  });

  it('can be stopped, and its chat accepts another message', async () => {
    const run = await startTestRun();
    await rejectWrites('23514', `new.id = '${run.row.messageId}'`);
    run.append('0:"Shown"\n');
    expect(await stopRuns(run.row.chatId)).toBe(true);
    await run.saved;
    expect((await storedRun(run.row.id)).status).toBe('failed');
    const { chat } = await readChatState(run.row.chatId, run.row.ownerId);
    expect(chat?.messages.map(({ status }) => status)).toEqual(['failed']);
  });
});

describe('lines that Postgres rejects', () => {
  it('end their own answer and do not delay other answers', async () => {
    const [failingRun, healthyRun] = [await startTestRun(), await startTestRun()];
    await rejectWrites('23514', `new.run_id = '${failingRun.row.id}'`, 'insert on run_log');
    failingRun.append('0:"Not kept"\n');
    healthyRun.append('0:"Kept"\n');
    await failingRun.saved;
    await healthyRun.finish({ status: 'complete' });
    await healthyRun.saved;
    expect(await storedMessage(healthyRun.row.messageId)).toMatchObject({
      status: 'complete',
      parts: [{ type: 'step-start' }, { type: 'text', text: 'Kept' }],
    });
    expect(await storedMessage(failingRun.row.messageId)).toMatchObject({
      status: 'failed',
      error: { code: 'answer_save_failed' },
    });
  });
});

describe('a text parameter of any statement', () => {
  it('is accepted without the characters that Postgres cannot store', async () => {
    const [row] = await sql()`
      select ${'a\u0000b'}::text as text, ${['\ud83d', 'c\u0000']}::text[] as list,
        ${'d\u0000'}::varchar as short`;
    expect(row).toEqual({ text: 'ab', list: ['\ufffd', 'c'], short: 'd' });
    const id = randomUUID();
    await db().insert(chat).values({ id, ownerId: 'user', title: 'e\u0000f' });
    expect(await sql()`select title from chat where id = ${id}`).toEqual([{ title: 'ef' }]);
  });
});

describe('an answer that cannot be saved yet', () => {
  it('reports that, and reports its end only once it is saved', async () => {
    await rejectWrites('53100', 'true');
    const run = await startTestRun();
    const reader = readLog(run.log, 0).getReader();
    const next = async () => new TextDecoder().decode((await reader.read()).value);
    run.append('0:"Kept"\n');
    const ended = run.finish({ status: 'complete' });
    let read = '';
    while (!read.endsWith(UNSAVED_LINE)) read += await next();
    expect(read).toContain('0:"Kept"\n');
    expect(read).not.toContain('run-ended');
    expect((await storedMessage(run.row.messageId)).status).toBe('running');
    await sql()`drop function reject_write cascade`;
    const end = await next();
    expect((await storedMessage(run.row.messageId)).status).toBe('complete');
    expect(end).toMatch(/^8:\[\{"type":"run-ended","status":"complete".*\nd:.*\n$/);
    expect((await reader.read()).done).toBe(true);
    await ended;
  });
});

describe('recovery', () => {
  it('closes the other runs if one cannot be closed, and does not fail', async () => {
    const failingRun = await insertRun({ owner: 'unknown' });
    const healthyRun = await insertRun({ owner: 'unknown' });
    await rejectWrites('XX000', `new.id = '${failingRun.id}'`, 'update on run');
    expect(await closeDeadRuns({ atStart: true })).toBe(1);
    expect((await storedRun(healthyRun.id)).status).toBe('interrupted');
    await sql()`drop function reject_write cascade`;
    expect(await closeDeadRuns({ atStart: true })).toBe(1);
    expect((await storedRun(failingRun.id)).status).toBe('interrupted');
  });
});
