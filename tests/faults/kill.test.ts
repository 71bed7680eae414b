import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, it } from 'vitest';
import type { DocumentDetail, SendMessageBody } from '@/lib/protocol/api';
import { type DatabaseProxy, startDatabaseProxy } from '@/tests/support/database-proxy';
import { wasAheadOfCommitsAt } from '@/tests/support/early-delivery';
import type { ModelServer } from '@/tests/support/model-server';
import { SEED, seededRandom } from '@/tests/support/seed';
import type { TestApp } from '@/tests/support/services';
import { Tab } from '@/tests/support/tab';
import { TestUser } from '@/tests/support/test-user';
import { setUpEnvironment } from './environment';
import { expectContains, expectContiguousTokens } from './expect-stored';

// docs/promises.md and README.md state both numbers.
const ROUNDS = 5;
const ANSWERS = 4;
const environment = setUpEnvironment();
const random = seededRandom(SEED);
let app: TestApp;
let user: TestUser;
let model: ModelServer;
let proxy: DatabaseProxy;

beforeAll(async () => {
  model = await environment.model();
  const database = new URL(await environment.database());
  proxy = await startDatabaseProxy(Number(database.port));
  environment.addCleanup(proxy.stop);
  database.port = String(proxy.port);
  app = await environment.app({ POSTGRES_URL: database.href, OPENAI_BASE_URL: model.baseUrl });
  user = await TestUser.createGuest(app.baseUrl);
  // Documents stream longer than any round lasts.
  model.setScenario('document n=20000 rate=100');
});

/** Phases of an answer at the time of the kill. */
const SITUATIONS: Record<string, (killAfterMs: number) => string> = {
  'before the first token': () => 'tokens n=50 delay=120000',
  'in the reasoning': () => 'reasoning thoughts=20000 rate=150 n=5',
  'in the text': () => 'tokens n=20000 rate=150',
  'in a fast text': () => 'tokens n=100000 rate=4000',
  'in a document': () => 'document title=Rivers n=20000 rate=150',
  // As many tokens as fit into the time before the kill, or a few fewer.
  'at the end': (killAfterMs) =>
    `tokens rate=100 n=${Math.max(1, Math.round(killAfterMs / 10) - 3)}`,
};

/** Draws the situations of a round. Each answer is read by two tabs. */
function drawSituations(): string[] {
  const names = Object.keys(SITUATIONS);
  return Array.from({ length: ANSWERS }, () => {
    const [name] = names.splice(Math.floor(random() * names.length), 1);
    return name as string;
  });
}

it.each(Array.from({ length: ROUNDS }, (_, round) => round + 1))(
  `kill -9 (round %d, seed ${SEED}) loses nothing that a tab received, and no resume hangs`,
  async (round) => {
    // Every other round has slow commits, within the time the app waits for them: frames delivered
    // before their commit are then delivered early enough to be detected.
    const delayMs = round % 2 === 0 ? 25 : 0;
    let answers = await runUntilKilled(delayMs);
    // On a very busy machine the app delivers frames before their commit and logs it. The guarantee
    // is suspended then, so that the round does not count. Nor does one whose messages are rejected
    // because the database responds too late.
    for (let attempt = 0; attempt < 12 && answers === null; attempt += 1)
      answers = await runUntilKilled(delayMs);
    if (answers === null) throw new Error('The machine is too busy: no commit came in time.');

    for (const { situation, body, tabs } of answers) {
      const [userMessage, storedAnswer] = (await user.getChat(body.id)).messages;
      expect(userMessage?.status, situation).toBe('complete');
      const reportedStatus = tabs.map(({ runEnded }) => runEnded?.status).find((status) => status);
      if (situation !== 'at the end') expect(storedAnswer?.status, situation).toBe('interrupted');
      else expect(['complete', 'interrupted']).toContain(storedAnswer?.status);
      // A delivered status is final.
      if (reportedStatus) expect(storedAnswer?.status).toBe(reportedStatus);
      expectContiguousTokens(storedAnswer?.content ?? '');
      for (const part of storedAnswer?.parts ?? []) {
        if (part.type === 'reasoning') expectContiguousTokens(part.reasoning, 'r');
      }
      for (const tab of tabs) {
        expectContains(storedAnswer, tab.foldedMessage.parts);
        const firstTokenMs = tab.foldedMessage.timing?.firstTokenMs;
        expect(storedAnswer?.annotations[0]?.timing?.firstTokenMs).toBe(firstTokenMs);
        await expectDocumentStored(tab);
        if (tab.runEnded === undefined) await tab.follow(user);
        expect(await tab.connectionEnd, situation).toBe('ended');
        // Resumed after the last received line or replaced, the answer is the same.
        expect(tab.text).toBe(storedAnswer?.content);
      }
      const late = await Tab.open(user, body.id);
      expect(await late.connectionEnd).toBe('ended');
      expect(late.text).toBe(storedAnswer?.content);
      expect(late.runEnded?.status).toBe(storedAnswer?.status);
    }
  },
);

type RunningAnswer = { situation: string; body: SendMessageBody; tabs: Tab[] };

/**
 * Runs a round's answers until the server is killed. Null if it delivered frames before their
 * commit, or rejected a message because the database did not respond.
 */
async function runUntilKilled(delayMs: number): Promise<RunningAnswer[] | null> {
  proxy.delayMs = delayMs;
  const logStart = app.logs().length;
  const killAfterMs = 100 + random() * 1_400;
  const starting = Promise.all(
    drawSituations().map(async (situation) => {
      const scenario = (SITUATIONS[situation] as (ms: number) => string)(killAfterMs);
      const body = user.messageBody(`[[scenario:${scenario}]]`);
      const first = await Tab.send(user, body);
      return { situation, body, tabs: [first, await Tab.open(user, body.id)] };
    }),
  );
  const answers = await starting.catch((error: Error) => {
    if (error.message.includes('database_unavailable')) return null;
    throw error;
  });
  await sleep(killAfterMs);
  const killedAt = Date.now();
  await app.kill9();
  proxy.delayMs = 0;
  for (const { tabs } of answers ?? [])
    await Promise.all(tabs.map(({ connectionEnd }) => connectionEnd));
  const logOfRound = app.logs().slice(logStart);
  await app.restart();
  return wasAheadOfCommitsAt(killedAt, logOfRound) ? null : answers;
}

/** Expects that the stored document contains everything the tab received of it. */
async function expectDocumentStored({ document }: Tab): Promise<void> {
  if (!document) return;
  const storedDocument = await user.json<DocumentDetail>(`/api/document/${document.id}`);
  expect(storedDocument.content.slice(0, document.content.length)).toBe(document.content);
}
