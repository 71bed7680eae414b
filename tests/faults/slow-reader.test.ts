import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { splitLines, UNSAVED_LINE } from '@/lib/protocol/lines';
import { Tab } from '@/tests/support/tab';
import { TestUser } from '@/tests/support/test-user';
import { setUpEnvironment } from './environment';

const READERS = 60;
/** 4 MB, the longest answer there is, at 2 MB a second. */
const SCENARIO = 'bulk n=1000 chars=4000 rate=500';
const MB = 1_000_000;
/** How long the readers read nothing: most of it after the answer has ended. */
const IDLE_MS = 60_000;

const environment = setUpEnvironment();

it('readers that do not read take bounded memory, slow down nobody, and miss nothing when they resume', async () => {
  const model = await environment.model();
  const app = await environment.app({
    POSTGRES_URL: await environment.database(),
    OPENAI_BASE_URL: model.baseUrl,
  });
  const user = await TestUser.createGuest(app.baseUrl);
  // What every first answer costs is no matter here.
  await (await Tab.send(user, user.messageBody('[[scenario:bulk n=500]]'))).connectionEnd;
  const rss = () => Number(execFileSync('ps', ['-o', 'rss=', '-p', String(app.pid())])) * 1024;
  const before = rss();
  let peak = before;
  const watch = setInterval(() => {
    peak = Math.max(peak, rss());
  }, 250);
  environment.addCleanup(() => clearInterval(watch));

  const body = user.messageBody(`[[scenario:${SCENARIO}]]`);
  const sent = await Tab.send(user, body);
  const idleReaders = await Promise.all(
    Array.from({ length: READERS }, () => openWithoutReading(user, `/api/chat?chatId=${body.id}`)),
  );
  const heldAt = performance.now();
  // A writer or a reader that waited for the idle ones would never come to the end.
  expect(await sent.connectionEnd).toBe('ended');
  await sleep(Math.max(0, heldAt + IDLE_MS - performance.now()));
  expect((peak - before) / MB).toBeLessThan(300);

  const texts = await Promise.all(idleReaders.map(readAll));
  for (const text of texts) {
    // A machine that is busy with all this may take long to save it, and says so.
    const lines = splitLines(text.replaceAll(UNSAVED_LINE, ''));
    expect(lines.length).toBe(sent.lines.length);
    expect(lines.every((line, index) => line === sent.lines[index])).toBe(true);
  }
  expect((peak - before) / MB).toBeLessThan(400);
});

/** Asks, gets the head of the answer, and reads nothing of its body. */
async function openWithoutReading(user: TestUser, path: string): Promise<http.IncomingMessage> {
  const request = http.get(`${user.baseUrl}${path}`, {
    agent: false,
    headers: { cookie: user.cookie },
  });
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  response.pause();
  return response;
}

async function readAll(response: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
