import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, it } from 'vitest';
import type { DocumentDetail, SendMessageBody } from '@/lib/protocol/api';
import { Person } from '@/tests/integration/api/person';
import { type DatabaseWire, startDatabaseWire } from '@/tests/support/database-wire';
import type { ModelServer } from '@/tests/support/model-server';
import { SEED, seededRandom } from '@/tests/support/seed';
import type { TestApp } from '@/tests/support/services';
import { Tab } from '@/tests/support/tab';
import { expectCounted, expectHolds } from './kept';
import { setStage } from './stage';

const LIVES = 5;
const stage = setStage();
const random = seededRandom(SEED);
let app: TestApp;
let person: Person;
let model: ModelServer;
let wire: DatabaseWire;

beforeAll(async () => {
  model = await stage.model();
  const database = new URL(await stage.database());
  wire = await startDatabaseWire(Number(database.port));
  stage.onEnd(wire.stop);
  database.port = String(wire.port);
  app = await stage.app({ POSTGRES_URL: database.href, OPENAI_BASE_URL: model.baseUrl });
  person = await Person.arrive(app.baseUrl);
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
function draw(): string[] {
  const names = Object.keys(SITUATIONS);
  return Array.from({ length: 4 }, () => {
    const [name] = names.splice(Math.floor(random() * names.length), 1);
    return name as string;
  });
}

it.each(Array.from({ length: LIVES }, (_, life) => life + 1))(
  `kill -9 (life %d, seed ${SEED}) loses nothing that any tab had been shown, and no resume hangs`,
  async (life) => {
    // Every other life with a commit that takes long, though not so long that nobody waits for it:
    // whatever is shown too early is shown much too early.
    const delayMs = life % 2 === 0 ? 25 : 0;
    let answers = await liveAndDie(delayMs);
    // On a machine so busy that commits are not waited for, the promise is suspended, and the app
    // has said so: that is no life to judge by.
    for (let more = 0; more < 12 && answers === null; more += 1)
      answers = await liveAndDie(delayMs);
    if (answers === null) throw new Error('The machine is too busy: no commit came in time.');

    for (const { situation, body, tabs } of answers) {
      const [question, kept] = (await person.chat(body.id)).messages;
      expect(question?.status, situation).toBe('complete');
      const toldEnd = tabs.map(({ ending }) => ending?.status).find((status) => status);
      if (situation !== 'at the end') expect(kept?.status, situation).toBe('interrupted');
      else expect(['complete', 'interrupted']).toContain(kept?.status);
      // An end that was told is the end.
      if (toldEnd) expect(kept?.status).toBe(toldEnd);
      expectCounted(kept?.content ?? '');
      for (const part of kept?.parts ?? []) {
        if (part.type === 'reasoning') expectCounted(part.reasoning, 'r');
      }
      for (const tab of tabs) {
        expectHolds(kept, tab.shown.parts);
        await expectDocumentKept(tab);
        if (tab.ending === undefined) await tab.follow(person);
        expect(await tab.over, situation).toBe('ended');
        // Grown from the very line where the connection broke, or replaced: it is the same answer.
        expect(tab.text).toBe(kept?.content);
      }
      const late = await Tab.open(person, body.id);
      expect(await late.over).toBe('ended');
      expect(late.text).toBe(kept?.content);
      expect(late.ending?.status).toBe(kept?.status);
    }
  },
);

type Dying = { situation: string; body: SendMessageBody; tabs: Tab[] };

/** A life of the server with four answers, to its end. Null where it showed things ahead of commits. */
async function liveAndDie(delayMs: number): Promise<Dying[] | null> {
  wire.delayMs = delayMs;
  const logged = app.logs().length;
  const killAfterMs = 100 + random() * 1_400;
  const answers = await Promise.all(
    draw().map(async (situation) => {
      const scenario = (SITUATIONS[situation] as (ms: number) => string)(killAfterMs);
      const body = person.message(`[[scenario:${scenario}]]`);
      const first = await Tab.send(person, body);
      return { situation, body, tabs: [first, await Tab.open(person, body.id)] };
    }),
  );
  await sleep(killAfterMs);
  const killedAt = Date.now();
  await app.kill9();
  wire.delayMs = 0;
  for (const { tabs } of answers) await Promise.all(tabs.map(({ over }) => over));
  const life = app.logs().slice(logged);
  await app.restart();
  return wasSuspendedAt(killedAt, life) ? null : answers;
}

/** Whether the app said that it shows things ahead of commits, and not well before that it is over. */
function wasSuspendedAt(moment: number, log: string): boolean {
  const marks = log.matchAll(
    /"time":(\d+),.*(are shown ahead of it|ahead of the database is saved)/g,
  );
  const [, time, words] = [...marks].at(-1) ?? [];
  return words === 'are shown ahead of it' || Number(time ?? 0) > moment - 500;
}

/** What was shown of a document beside the chat is in the document. */
async function expectDocumentKept({ document }: Tab): Promise<void> {
  if (!document) return;
  const kept = await person.json<DocumentDetail>(`/api/document/${document.id}`);
  expect(kept.content.slice(0, document.content.length)).toBe(document.content);
}
