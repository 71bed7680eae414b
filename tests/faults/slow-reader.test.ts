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
/** 4 MB, the maximum size of an answer, at 2 MB per second. */
const SCENARIO = 'bulk n=1000 chars=4000 rate=500';
const MB = 1_000_000;
/** How long the readers read nothing; most of this time is after the answer has ended. */
const IDLE_MS = 60_000;

const environment = setUpEnvironment();

it('readers that do not read take bounded memory, do not slow down others, and miss nothing when they resume', async () => {
  const model = await environment.model();
  const app = await environment.app({
    POSTGRES_URL: await environment.database(),
    OPENAI_BASE_URL: model.baseUrl,
  });
  const user = await TestUser.createGuest(app.baseUrl);
  // Warm-up: the one-time memory of a first answer must not count.
  await (await Tab.send(user, user.messageBody('[[scenario:bulk n=500]]'))).connectionEnd;
  const rss = () => Number(execFileSync('ps', ['-o', 'rss=', '-p', String(app.pid())])) * 1024;
  const before = rss();
  let peak = before;
  const memoryPoll = setInterval(() => {
    peak = Math.max(peak, rss());
  }, 250);
  environment.addCleanup(() => clearInterval(memoryPoll));

  const body = user.messageBody(`[[scenario:${SCENARIO}]]`);
  const sent = await Tab.send(user, body);
  const idleReaders = await Promise.all(
    Array.from({ length: READERS }, () => openWithoutReading(user, `/api/chat?chatId=${body.id}`)),
  );
  const idleSince = performance.now();
  // The answer would not end if its run or its reader waited for the idle readers.
  expect(await sent.connectionEnd).toBe('ended');
  await sleep(Math.max(0, idleSince + IDLE_MS - performance.now()));
  expect((peak - before) / MB).toBeLessThan(300);

  const texts = await Promise.all(idleReaders.map(readAll));
  for (const text of texts) {
    // A busy machine may save the answer late, which adds unsaved lines.
    const lines = splitLines(text.replaceAll(UNSAVED_LINE, ''));
    expect(lines.length).toBe(sent.lines.length);
    expect(lines.every((line, index) => line === sent.lines[index])).toBe(true);
  }
  expect((peak - before) / MB).toBeLessThan(400);
});

/** Sends a GET request and resolves with the response; its body is not read. */
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
