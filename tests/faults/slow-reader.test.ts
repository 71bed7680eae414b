import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { NOT_SAVED_LINE, splitLines } from '@/lib/protocol/lines';
import { Person } from '@/tests/integration/api/person';
import { Tab } from '@/tests/support/tab';
import { setStage } from './stage';

const READERS = 60;
/** 4 MB, the longest answer there is, at 2 MB a second. */
const SCENARIO = 'bulk n=1000 chars=4000 rate=500';
const MB = 1_000_000;
/** How long the readers read nothing: most of it after the answer has ended. */
const IDLE_MS = 60_000;

const stage = setStage();

it('readers that read nothing cost bounded memory, slow nobody, and miss nothing when they read on', async () => {
  const model = await stage.model();
  const app = await stage.app({
    POSTGRES_URL: await stage.database(),
    OPENAI_BASE_URL: model.baseUrl,
  });
  const person = await Person.arrive(app.baseUrl);
  // What every first answer costs is no matter here.
  await (await Tab.send(person, person.message('[[scenario:bulk n=500]]'))).over;
  const rss = () => Number(execFileSync('ps', ['-o', 'rss=', '-p', String(app.pid())])) * 1024;
  const before = rss();
  let peak = before;
  const watch = setInterval(() => {
    peak = Math.max(peak, rss());
  }, 250);
  stage.onEnd(() => clearInterval(watch));

  const body = person.message(`[[scenario:${SCENARIO}]]`);
  const sent = await Tab.send(person, body);
  const idle = await Promise.all(
    Array.from({ length: READERS }, () => hold(person, `/api/chat?chatId=${body.id}`)),
  );
  const heldAt = performance.now();
  // A writer or a reader that waited for the idle ones would never come to the end.
  expect(await sent.over).toBe('ended');
  await sleep(Math.max(0, heldAt + IDLE_MS - performance.now()));
  expect((peak - before) / MB).toBeLessThan(300);

  const texts = await Promise.all(idle.map(readAll));
  for (const text of texts) {
    // A machine that is busy with all this may take long to save it, and says so.
    const lines = splitLines(text.replaceAll(NOT_SAVED_LINE, ''));
    expect(lines.length).toBe(sent.lines.length);
    expect(lines.every((line, index) => line === sent.lines[index])).toBe(true);
  }
  expect((peak - before) / MB).toBeLessThan(400);
});

/** Asks, gets the head of the answer, and reads nothing of its body. */
async function hold(person: Person, path: string): Promise<http.IncomingMessage> {
  const request = http.get(`${person.baseUrl}${path}`, {
    agent: false,
    headers: { cookie: person.cookie },
  });
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  response.pause();
  return response;
}

async function readAll(response: http.IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of response) pieces.push(piece);
  return Buffer.concat(pieces).toString('utf8');
}
