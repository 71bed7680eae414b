import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, it } from 'vitest';
import type { DocumentDetail, SendMessageBody } from '@/lib/protocol/api';
import { type DatabaseProxy, startDatabaseProxy } from '@/tests/support/database-proxy';
import type { ModelServer } from '@/tests/support/model-server';
import { SEED, seededRandom } from '@/tests/support/seed';
import type { TestApp } from '@/tests/support/services';
import { Tab } from '@/tests/support/tab';
import { TestUser } from '@/tests/support/test-user';
import { setUpEnvironment } from './environment';
import { expectContains, expectContiguousTokens } from './expect-stored';

const ROUNDS = 5;
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
  // How documents are written: longer than any life of the server here.
  model.setScenario('document n=2000 rate=100');
});

/** What can be going on in an answer at the moment of the kill. */
const SITUATIONS: Record<string, (killAfterMs: number) => string> = {
  'before the first token': () => 'tokens n=50 delay=10000',
  'in the thinking': () => 'reasoning thoughts=2000 rate=150 n=5',
  'in the text': () => 'tokens n=2000 rate=150',
  'in a fast text': () => 'tokens n=20000 rate=4000',
  'in a document': () => 'document title=Rivers n=2000 rate=150',
  // As many tokens as there is time for, or a few less.
  'at the end': (killAfterMs) =>
    `tokens rate=100 n=${Math.max(1, Math.round(killAfterMs / 10) - 3)}`,
};

/** Four of them, drawn anew for every life; what is shown is compared in two tabs each. */
function drawSituations(): string[] {
  const names = Object.keys(SITUATIONS);
  return Array.from({ length: 4 }, () => {
    const [name] = names.splice(Math.floor(random() * names.length), 1);
    return name as string;
  });
}

it.each(Array.from({ length: ROUNDS }, (_, round) => round + 1))(
  `kill -9 (round %d, seed ${SEED}) loses nothing that a tab received, and no resume hangs`,
  async (round) => {
    // Every other life with a commit that takes long, though not so long that nobody waits for it:
    // whatever is shown too early is shown much too early.
    const delayMs = round % 2 === 0 ? 25 : 0;
    let answers = await runUntilKilled(delayMs);
    // On a machine so busy that commits are not waited for, the promise is suspended, and the app
    // has said so: that is no life to judge by.
    for (let attempt = 0; attempt < 12 && answers === null; attempt += 1)
      answers = await runUntilKilled(delayMs);
    if (answers === null) throw new Error('The machine is too busy: no commit came in time.');

    for (const { situation, body, tabs } of answers) {
      const [question, storedAnswer] = (await user.getChat(body.id)).messages;
      expect(question?.status, situation).toBe('complete');
      const reportedStatus = tabs.map(({ runEnded }) => runEnded?.status).find((status) => status);
      if (situation !== 'at the end') expect(storedAnswer?.status, situation).toBe('interrupted');
      else expect(['complete', 'interrupted']).toContain(storedAnswer?.status);
      // An end that was told is the end.
      if (reportedStatus) expect(storedAnswer?.status).toBe(reportedStatus);
      expectContiguousTokens(storedAnswer?.content ?? '');
      for (const part of storedAnswer?.parts ?? []) {
        if (part.type === 'reasoning') expectContiguousTokens(part.reasoning, 'r');
      }
      for (const tab of tabs) {
        expectContains(storedAnswer, tab.foldedMessage.parts);
        await expectDocumentStored(tab);
        if (tab.runEnded === undefined) await tab.follow(user);
        expect(await tab.connectionEnd, situation).toBe('ended');
        // Grown from the very line where the connection broke, or replaced: it is the same answer.
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

/** A life of the server with four answers, to its end. Null where it showed things ahead of commits. */
async function runUntilKilled(delayMs: number): Promise<RunningAnswer[] | null> {
  proxy.delayMs = delayMs;
  const logged = app.logs().length;
  const killAfterMs = 100 + random() * 1_400;
  const answers = await Promise.all(
    drawSituations().map(async (situation) => {
      const scenario = (SITUATIONS[situation] as (ms: number) => string)(killAfterMs);
      const body = user.messageBody(`[[scenario:${scenario}]]`);
      const first = await Tab.send(user, body);
      return { situation, body, tabs: [first, await Tab.open(user, body.id)] };
    }),
  );
  await sleep(killAfterMs);
  const killedAt = Date.now();
  await app.kill9();
  proxy.delayMs = 0;
  for (const { tabs } of answers) await Promise.all(tabs.map(({ connectionEnd }) => connectionEnd));
  const logOfRound = app.logs().slice(logged);
  await app.restart();
  return wasAheadOfCommitsAt(killedAt, logOfRound) ? null : answers;
}

/** Whether the app said that it shows things ahead of commits, and not well before that it is over. */
function wasAheadOfCommitsAt(killTime: number, log: string): boolean {
  const marks = log.matchAll(
    /"time":(\d+),.*(are shown ahead of it|ahead of the database is saved)/g,
  );
  const [, time, message] = [...marks].at(-1) ?? [];
  return message === 'are shown ahead of it' || Number(time ?? 0) > killTime - 500;
}

/** What was shown of a document beside the chat is in the document. */
async function expectDocumentStored({ document }: Tab): Promise<void> {
  if (!document) return;
  const storedAnswer = await user.json<DocumentDetail>(`/api/document/${document.id}`);
  expect(storedAnswer.content.slice(0, document.content.length)).toBe(document.content);
}
