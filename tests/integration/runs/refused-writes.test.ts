import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { sql } from '@/lib/db/client';
import { formatLine } from '@/lib/protocol/lines';
import { presence } from '@/lib/runs/presence';
import { closeDeadRuns } from '@/lib/runs/recover';
import { freshDatabase } from '@/tests/support/services';
import { insertRun, openRun, storedMessage, storedRun } from './fixtures';

let database: Awaited<ReturnType<typeof freshDatabase>>;

beforeAll(async () => {
  database = await freshDatabase();
  await presence().arrive();
});

afterEach(async () => {
  await sql()`drop function if exists refuse cascade`;
});

afterAll(async () => {
  await presence().leave();
  await sql().end();
  await database.drop();
});

/** Postgres itself refuses updates of messages for which the condition holds. */
async function refuse(sqlState: string, condition: string): Promise<void> {
  await sql().unsafe(`
    create sequence if not exists refusals;
    create function refuse() returns trigger language plpgsql as $$ begin
      if ${condition} then raise 'refused' using errcode = '${sqlState}'; end if;
      return new;
    end $$;
    create trigger refuse before update on message for each row execute function refuse()`);
}

const toolCall = (args: unknown) =>
  formatLine('9', { toolCallId: randomUUID(), toolName: 'getWeather', args });

describe('an answer that Postgres refuses', () => {
  it('is saved without what cannot be stored in the names of arguments', async () => {
    const run = await openRun();
    run.append(toolCall({ 'to\u0000wn': 'Oslo', '\ud83d': 1 }));
    await run.finish({ status: 'complete' });
    await run.saved;
    const { status, parts } = await storedMessage(run.row.messageId);
    expect(status).toBe('complete');
    expect(JSON.stringify(parts)).toContain('"town":"Oslo"');
  });

  it('is saved where its arguments are nested 20,000 deep', async () => {
    const run = await openRun();
    const nested = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
    run.append(`9:{"toolCallId":"a","toolName":"getWeather","args":{"town":${nested}}}\n`);
    run.append('0:"Kept"\n');
    await run.finish({ status: 'complete' });
    await run.saved;
    const { status, parts } = await storedMessage(run.row.messageId);
    expect(status).toBe('complete');
    expect(JSON.stringify(parts)).toContain('Kept');
  });

  it.each(['22P05', '54001'])('is saved as its text alone after %s', async (sqlState) => {
    await refuse(sqlState, `new.parts::text like '%tool-invocation%'`);
    const run = await openRun();
    run.append('0:"Kept"\n');
    run.append(toolCall({ town: 'Oslo' }));
    await run.finish({ status: 'complete' });
    await run.saved;
    const { parts } = await storedMessage(run.row.messageId);
    expect(parts).toMatchObject([{ type: 'text', text: 'Kept' }]);
    expect((await storedRun(run.row.id)).status).toBe('complete');
  });

  it.each(['53100', '25006', '40P01'])('is saved once %s is over', async (sqlState) => {
    // A sequence counts on where the transaction is rolled back: refused twice, then taken.
    await sql().unsafe('drop sequence if exists refusals; create sequence refusals');
    await refuse(sqlState, `nextval('refusals') < 3`);
    const run = await openRun();
    run.append('0:"Kept"\n');
    await run.finish({ status: 'complete' });
    await run.saved;
    expect((await storedMessage(run.row.messageId)).status).toBe('complete');
  });
});

describe('recovery', () => {
  it('closes the other runs where one cannot be closed, and does not fail', async () => {
    const bad = await insertRun({ owner: 'unknown' });
    const good = await insertRun({ owner: 'unknown' });
    await refuse('XX000', `new.id = '${bad.messageId}'`);
    expect(await closeDeadRuns({ atStart: true })).toBe(1);
    expect((await storedRun(good.id)).status).toBe('interrupted');
    await sql()`drop function refuse cascade`;
    expect(await closeDeadRuns({ atStart: true })).toBe(1);
    expect((await storedRun(bad.id)).status).toBe('interrupted');
  });
});
