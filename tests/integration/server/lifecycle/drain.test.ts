import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { formatLine } from '@/lib/protocol/lines';
import { sendMessage } from '@/lib/server/chat/send-message';
import { db, sql } from '@/lib/server/db/client';
import { chat } from '@/lib/server/db/schema';
import { finishRuns } from '@/lib/server/lifecycle/drain';
import { listModels } from '@/lib/server/models';
import { presence } from '@/lib/server/runs/presence';
import { runHub } from '@/lib/server/runs/run-hub';
import { startRun } from '@/lib/server/runs/start-run';
import { createGate } from '@/tests/support/gate';
import { type ModelServer, startModelServer } from '@/tests/support/model-server';
import { freshDatabase } from '@/tests/support/services';
import { insertRun, startTestRun, storedMessage } from '../runs/fixtures';

let database: Awaited<ReturnType<typeof freshDatabase>>;
let model: ModelServer;
const NEVER = new Promise<void>(() => {});

beforeAll(async () => {
  database = await freshDatabase();
  model = await startModelServer();
  process.env.OPENAI_BASE_URL = model.baseUrl;
  await presence().start();
});
afterAll(async () => {
  await presence().stop();
  await sql().end();
  await model.stop();
  await database.drop();
});
beforeEach(() => {
  runHub().isShuttingDown = true;
});
afterEach(() => {
  runHub().isShuttingDown = false;
});

/** Starts a run with one token, whose row is written when the gate opens. */
async function startRunBehindGate(gate: Promise<void>, isWritten: boolean) {
  const row = await insertRun();
  await db().delete(chat).where(eq(chat.id, row.chatId));
  const started = startRun({
    row,
    firstLines: formatLine('f', { messageId: row.messageId }),
    createSource: () => ({
      stream: new ReadableStream({
        start(controller) {
          controller.enqueue('0:"Hello"\n');
          controller.enqueue('d:{"finishReason":"stop"}\n');
          controller.close();
        },
      }),
      failure: () => undefined,
      allowEmpty: false,
    }),
    writeRow: async () => {
      await gate;
      if (isWritten) await insertRun({ row });
      return isWritten;
    },
  });
  return { row, started };
}

it('a shutdown waits for a run whose row is being written at the signal', async () => {
  const gate = createGate();
  const { row, started } = await startRunBehindGate(gate.opened, true);
  const finished = finishRuns(NEVER);
  gate.open();
  await finished;
  expect(runHub().get(row.id)?.isFinished).toBe(true);
  expect((await storedMessage(row.messageId)).status).toBe('complete');
  await started;
});

it('a shutdown does not wait for a run whose row is not written', async () => {
  const gate = createGate();
  const { started } = await startRunBehindGate(gate.opened, false);
  const finished = finishRuns(NEVER);
  gate.open();
  await finished;
  expect(await started).toBeNull();
  expect(runHub().unfinishedRuns()).toEqual([]);
});

it('a second signal saves a running answer as interrupted', async () => {
  const run = await startTestRun();
  run.append('0:"Hello"\n');
  await finishRuns(Promise.resolve());
  expect((await storedMessage(run.row.messageId)).status).toBe('interrupted');
});

it('a send is rejected if the shutdown begins before its run exists', async () => {
  runHub().isShuttingDown = false;
  const { models } = await listModels();
  const sent = sendMessage(
    { userId: 'user', sessionId: 'session', name: 'Guest', email: null, anonymous: true },
    {
      id: randomUUID(),
      message: { id: randomUUID(), role: 'user', parts: [{ type: 'text', text: 'Hello' }] },
      parentId: null,
      selectedChatModel: models[0]?.ref ?? '',
      timeZone: 'UTC',
    },
    '127.0.0.1',
  );
  runHub().isShuttingDown = true;
  await expect(sent).rejects.toMatchObject({ code: 'shutting_down' });
});
