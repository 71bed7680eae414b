import { asc, eq } from 'drizzle-orm';
import type { TransactionSql } from 'postgres';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { AppError } from '@/lib/protocol/errors';
import { foldLines } from '@/lib/protocol/fold-message';
import { formatLine, splitLines } from '@/lib/protocol/lines';
import { textOf } from '@/lib/protocol/text-of';
import { getConfig } from '@/lib/server/config';
import { connect, db, sql } from '@/lib/server/db/client';
import { chat, runLog } from '@/lib/server/db/schema';
import { MAX_ANSWER_BYTES } from '@/lib/server/runs/answer-size';
import { finalizeRun } from '@/lib/server/runs/finalize';
import { followRun } from '@/lib/server/runs/follow-run';
import type { LiveRun } from '@/lib/server/runs/live-run';
import { presence } from '@/lib/server/runs/presence';
import { readRemote } from '@/lib/server/runs/read-remote';
import { closeDeadRun, closeDeadRuns } from '@/lib/server/runs/recover';
import { startRun } from '@/lib/server/runs/start-run';
import { stopRuns } from '@/lib/server/runs/stop-runs';
import { superviseLocalRuns } from '@/lib/server/runs/supervise-local-runs';
import { createGate } from '@/tests/support/gate';
import { freshDatabase } from '@/tests/support/services';
import { waitUntil } from '@/tests/support/wait-until';
import {
  insertProcess,
  insertRun,
  readAll,
  startTestRun,
  storedMessage,
  storedRun,
} from './fixtures';

let database: Awaited<ReturnType<typeof freshDatabase>>;
let stopSupervising: () => void;

beforeAll(async () => {
  database = await freshDatabase();
  await presence().start();
  stopSupervising = superviseLocalRuns();
});

afterAll(async () => {
  stopSupervising();
  await presence().stop();
  await sql().end();
  await database.drop();
});

const frames = (runId: string) =>
  db().select().from(runLog).where(eq(runLog.runId, runId)).orderBy(asc(runLog.seq));

describe('a running answer', () => {
  it('is in the database before it is delivered', async () => {
    const run = await startTestRun();
    const reader = followRun(run.row.id).getReader();
    let received = '';
    await withoutEarlyDelivery(async () => {
      for (let i = 0; i < 20; i++) {
        run.append(`0:"token ${i} "\n`);
        const { value } = await reader.read();
        received += new TextDecoder().decode(value);
        const durable = (await frames(run.row.id)).map(({ data }) => data).join('');
        expect(durable.startsWith(received)).toBe(true);
      }
    });
    await run.finish({ status: 'complete' });
  });

  it.each([
    ['is not written leaves none of its lines', false],
    ['is written late keeps every line in order', true],
  ])('whose row %s', async (_case, isWritten) => {
    const row = await insertRun();
    await db().delete(chat).where(eq(chat.id, row.chatId));
    let markAllLinesRead = () => {};
    const allLinesRead = new Promise<void>((resolve) => {
      markAllLinesRead = resolve;
    });
    let lines = 0;
    const started = await startRun({
      row,
      firstLines: formatLine('f', { messageId: row.messageId }),
      createSource: () => ({
        stream: new ReadableStream({
          pull(controller) {
            lines += 1;
            if (lines <= 3) controller.enqueue(`0:"${lines} "\n`);
            else {
              markAllLinesRead();
              controller.enqueue('d:{"finishReason":"stop"}\n');
              controller.close();
            }
          },
        }),
        failure: () => undefined,
        allowEmpty: false,
      }),
      writeRow: async () => {
        await allLinesRead;
        // Pending writes reach the database before the lines of another answer.
        const other = await startTestRun();
        other.append('0:"other"\n');
        await other.flush();
        await other.finish({ status: 'complete' });
        if (isWritten) await insertRun({ row });
        return isWritten;
      },
    });
    expect(lines).toBe(4);
    expect(started === null).toBe(!isWritten);
    if (!started) {
      expect(await frames(row.id)).toHaveLength(0);
      return;
    }
    await started.saved;
    const stored = (await frames(row.id)).map(({ data }) => data).join('');
    expect(stored).toContain('0:"1 "\n0:"2 "\n0:"3 "\n');
    const saved = await storedMessage(row.messageId);
    expect(saved.parts?.at(-1)).toEqual({ type: 'text', text: '1 2 3 ' });
  });

  it('is saved as it was delivered, and its readers receive its end last', async () => {
    const run = await startTestRun();
    const reading = readAll(followRun(run.row.id));
    run.append('g:"Hm."\n');
    run.append('0:"Hello"\n');
    run.append('0:" there \\u0000"\n');
    const step = { finishReason: 'tool-calls', isContinued: false };
    run.append(formatLine('e', { ...step, usage: { promptTokens: 1, completionTokens: null } }));
    run.append(formatLine('e', { ...step, usage: { promptTokens: 2, completionTokens: 5 } }));
    await run.finish({ status: 'complete', finishReason: 'stop' });
    const delivered = await reading;
    expect(delivered.split('\n').at(-2)).toMatch(/^d:/);
    expect(delivered.split('\n').at(-3)).toContain('"run-ended"');
    await run.saved;
    const saved = await storedMessage(run.row.messageId);
    expect(saved).toMatchObject({
      status: 'complete',
      finishReason: 'stop',
      // The sum of all steps; unknown counts are skipped.
      usage: { promptTokens: 3, completionTokens: 5 },
      parts: [
        { type: 'step-start' },
        { type: 'reasoning', reasoning: 'Hm.' },
        { type: 'text', text: 'Hello there ' },
      ],
    });
  });

  it('does not grow after it was stopped', async () => {
    const run = await startTestRun();
    run.append('0:"kept"\n');
    expect(await stopRuns(run.row.chatId)).toBe(true);
    expect(run.signal.aborted).toBe(true);
    run.append('0:" too late"\n');
    await run.finish({ status: 'complete' });
    await run.saved;
    expect(await storedMessage(run.row.messageId)).toMatchObject({
      status: 'stopped',
      parts: [{ type: 'step-start' }, { type: 'text', text: 'kept' }],
    });
    expect(await stopRuns(run.row.chatId)).toBe(false);
  });

  it('keeps its partial text when it fails, with a clear error', async () => {
    const run = await startTestRun();
    run.append('0:"half an ans"\n');
    await run.finish({ status: 'failed', error: new AppError('endpoint_disconnected') });
    await run.saved;
    expect(await storedMessage(run.row.messageId)).toMatchObject({
      status: 'failed',
      error: {
        code: 'endpoint_disconnected',
        message: new AppError('endpoint_disconnected').message,
      },
      parts: [{ type: 'step-start' }, { type: 'text', text: 'half an ans' }],
    });
  });

  it('cannot be ended by a writer whose run was taken over', async () => {
    const row = await insertRun();
    const final = {
      row,
      parts: [],
      documents: [],
      closingLines: '',
      annotation: { type: 'run-ended', status: 'complete' } as const,
    };
    expect(await finalizeRun(sql(), { ...final, row: { ...row, epoch: 7 } })).toBeNull();
    expect((await storedRun(row.id)).status).toBe('running');
    expect(await finalizeRun(sql(), final)).toEqual(final);
    expect(await finalizeRun(sql(), final)).toBeNull();
  });
});

describe('an endless answer', () => {
  it.each([
    ['in chunks', 999_000],
    ['in one chunk', 2 * MAX_ANSWER_BYTES],
  ])(
    '(%s) is ended at its limit, and everything within the limit is stored',
    async (_how, chars) => {
      const run = await startTestRun();
      const reading = readAll(followRun(run.row.id));
      const line = `0:"${'x'.repeat(chars)}"\n`;
      for (let i = 0; i < 20 && !run.isFinished; i++) run.append(line);
      expect(run.isFinished).toBe(true);
      await run.saved;
      const { parts, ...rest } = await storedMessage(run.row.messageId);
      expect(rest).toMatchObject({ status: 'failed', error: { code: 'answer_too_long' } });
      expect(textOf(foldLines(splitLines(await reading)).parts)).toBe(textOf(parts));
      expect(textOf(parts).length).toBeGreaterThan(MAX_ANSWER_BYTES - 100);
      expect(textOf(parts).length).toBeLessThanOrEqual(MAX_ANSWER_BYTES);
    },
  );

  it('is ended if its documents exceed the memory of a process', async () => {
    const run = await startTestRun();
    const delta = formatLine('2', [{ type: 'text-delta', content: 'x'.repeat(999_000) }]);
    for (let i = 0; i < 40 && !run.isFinished; i++) run.append(delta);
    await run.saved;
    const { error } = await storedMessage(run.row.messageId);
    expect(error?.code).toBe('answer_too_long');
    expect(run.log.bytes).toBeLessThan(20_000_000);
  });
});

describe('an answer of another process', () => {
  it('is closed as interrupted, with everything that was delivered, if that process died', async () => {
    const row = await insertRun({ owner: await insertProcess({ seenSecondsAgo: 1.5 }) });
    await db()
      .insert(runLog)
      .values([
        { runId: row.id, epoch: 1, seq: 2, data: '0:"there"\n' },
        { runId: row.id, epoch: 1, seq: 1, data: '0:"Hello "\n' },
      ]);
    await closeOneDeadRun();
    expect(await storedMessage(row.messageId)).toMatchObject({
      status: 'interrupted',
      error: { code: 'interrupted' },
      parts: [{ type: 'step-start' }, { type: 'text', text: 'Hello there' }],
    });
    expect(await closeDeadRuns()).toBe(0);
  });

  it('is closed as stopped if a stop was requested before that process died', async () => {
    const row = await insertRun({ owner: await insertProcess({ seenSecondsAgo: 1.5 }) });
    expect(await stopRuns(row.chatId)).toBe(true);
    await closeOneDeadRun();
    expect((await storedMessage(row.messageId)).status).toBe('stopped');
  });

  it('is not closed while that process sends heartbeats, and neither is an answer of this process', async () => {
    // A minute ahead: it stays recent however long this test and the next ones take.
    const owner = await insertProcess({ seenSecondsAgo: -60 });
    const runOfLiveProcess = await insertRun({ owner });
    const ownRun = await startTestRun();
    expect(await closeDeadRuns()).toBe(0);
    expect((await storedRun(runOfLiveProcess.id)).status).toBe('running');
    await ownRun.finish({ status: 'complete' });
  });

  it('is not closed while that process holds its lock, even if a heartbeat is late', async () => {
    const owner = await insertProcess({ seenSecondsAgo: 3 });
    const row = await insertRun({ owner });
    const otherConnection = connect(getConfig().database.url, 1);
    await otherConnection`select pg_advisory_lock(731802, hashtext(${owner}))`;
    expect(await closeDeadRuns()).toBe(0);
    await otherConnection.end();
    await closeOneDeadRun();
    expect((await storedRun(row.id)).status).toBe('interrupted');
  });
});

describe('an answer read from another process, without Redis', () => {
  it('is complete from any line and live until its end', async () => {
    const run = await startTestRun();
    run.append('0:"one "\n');
    const fullText = readAll(readRemote(run.row.id, 0));
    const resumedText = readAll(readRemote(run.row.id, 2));
    for (let i = 0; i < 5; i++) {
      await new Promise((resolve) => setTimeout(resolve, 60));
      run.append(`0:"${i} "\n0:"x "\n`);
    }
    await run.finish({ status: 'complete' });
    const delivered = await readAll(followRun(run.row.id));
    expect(await fullText).toBe(delivered);
    expect(await resumedText).toBe(delivered.split('\n').slice(2).join('\n'));
  });
});

/** Waits long: after late heartbeats on a busy machine, locks are not trusted for a lease. */
async function closeOneDeadRun(): Promise<void> {
  await expect.poll(() => closeDeadRuns(), { timeout: 120_000 }).toBe(1);
}

describe('a run that another process has taken over', () => {
  const textOf = (lines: string) => lines.split('\n').filter((line) => line.startsWith('0:'));
  const takeOverRun = ({ row }: LiveRun) => closeDeadRun({ id: row.id, epoch: row.epoch });

  it('neither writes nor delivers anything more, and its readers receive the stored end', async () => {
    const run = await startTestRun();
    const reading = readAll(followRun(run.row.id));
    run.append('0:"before"\n');
    expect(await run.flush()).toBe(true);
    expect(await takeOverRun(run)).toBe(true);
    run.append('0:"after"\n');
    expect(await run.flush()).toBe(false);
    const delivered = await reading;
    expect(textOf(delivered)).toEqual(['0:"before"']);
    expect(delivered).toMatch(/"status":"interrupted".*\nd:.*\n$/);
    expect(delivered).toBe(await storedLog(run.row.id));
    expect(run.signal.aborted).toBe(true);
    await run.saved;
    expect(await readAll(followRun(run.row.id))).toBe(delivered);
  });

  it('delivers no frame while the take-over is being committed', async () => {
    const run = await startTestRun();
    run.append('0:"before"\n');
    await run.flush();
    const reading = readAll(followRun(run.row.id));
    await withoutEarlyDelivery(async () => {
      const flushed = await sql().begin(async (other) => {
        await other`update run set epoch = epoch + 1 where id = ${run.row.id}`;
        run.append('0:"after"\n');
        const result = run.flush();
        await waitUntil(async () => expect(await lockWaits(other)).toHaveLength(1));
        return { result };
      });
      expect(await flushed.result).toBe(false);
    });
    await closeDeadRun({ id: run.row.id, epoch: run.row.epoch + 1 });
    expect(textOf(await reading)).toEqual(['0:"before"']);
  });

  it('does not report its own end if another one is stored', async () => {
    const run = await startTestRun();
    const reading = readAll(followRun(run.row.id));
    run.append('0:"whole"\n');
    await run.flush();
    await takeOverRun(run);
    await run.finish({ status: 'complete' });
    expect(await reading).toMatch(/"status":"interrupted"/);
    expect((await storedMessage(run.row.messageId)).status).toBe('interrupted');
  });

  it('delivers nothing before its commit after the process was frozen', async () => {
    const run = await startTestRun();
    run.append('0:"before"\n');
    await run.flush();
    const rowLock = await lockRunRow(run.row.id);
    run.append('0:"ahead"\n');
    await expect.poll(() => textOf(run.log.text())).toEqual(['0:"before"', '0:"ahead"']);
    vi.useFakeTimers({ toFake: ['Date'] });
    vi.setSystemTime(Date.now() + 15_000);
    run.append('0:"unconfirmed"\n');
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(textOf(run.log.text())).toEqual(['0:"before"', '0:"ahead"']);
    vi.useRealTimers();
    await rowLock.release();
    expect(await run.flush()).toBe(true);
    expect(textOf(run.log.text())).toEqual(['0:"before"', '0:"ahead"', '0:"unconfirmed"']);
    await run.finish({ status: 'complete' });
  });
});

/**
 * Stops the timeout after which a busy database has frames delivered before their commit, while
 * `work` is pending.
 */
async function withoutEarlyDelivery(work: () => Promise<void>): Promise<void> {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  try {
    await work();
  } finally {
    vi.useRealTimers();
  }
}

/** The connections to this file's database that wait for a lock. */
const lockWaits = (connection: TransactionSql) => connection`
  select pid from pg_stat_activity
  where datname = current_database() and wait_event_type = 'Lock'`;

/** Locks the row of the run, which blocks inserts of its frames until `release`. */
async function lockRunRow(runId: string): Promise<{ release(): Promise<unknown> }> {
  const connection = connect(getConfig().database.url, 1);
  const held = createGate();
  const released = createGate();
  const transaction = connection.begin(async (other) => {
    await other`select 1 from run where id = ${runId} for update`;
    held.open();
    await released.opened;
  });
  await held.opened;
  return {
    async release() {
      released.open();
      await transaction;
      await connection.end();
    },
  };
}

async function storedLog(runId: string): Promise<string> {
  const frames = await db()
    .select({ data: runLog.data })
    .from(runLog)
    .where(eq(runLog.runId, runId))
    .orderBy(asc(runLog.epoch), asc(runLog.seq));
  return frames.map(({ data }) => data).join('');
}
