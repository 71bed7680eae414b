import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { eventually, Person } from '@/tests/integration/api/person';
import { makeCheckout } from '@/tests/support/checkout';
import { Tab } from '@/tests/support/tab';
import { expectCounted, expectExactly } from './kept';
import { setStage } from './stage';

const READY = 'Throughline is ready';
const stage = setStage();

it('SIGTERM under "npm start": short answers finish, long ones are kept as interrupted, and nothing is left running', async () => {
  const model = await stage.model();
  const checkout = makeCheckout();
  stage.onEnd(checkout.remove);
  const env = { OPENAI_BASE_URL: model.baseUrl, SHUTDOWN_GRACE_MS: '3000' };
  const start = await checkout.start(env);
  await start.says(READY);
  const person = await Person.arrive(`http://127.0.0.1:${start.port}`);
  const short = await Tab.send(person, person.message('[[scenario:tokens n=100 rate=60]]'));
  const long = await Tab.send(person, person.message('[[scenario:tokens n=5000 rate=60]]'));
  await long.until('t20 ');

  start.signal('SIGTERM');
  await eventually(async () => {
    const refused = await person.send(person.message('too late'));
    expect(await refused.refusal()).toMatchObject({ status: 503, code: 'shutting_down' });
  }, 2_000);
  // Who lost the connection meanwhile still finds the answer.
  await sleep(200);
  const follower = await Tab.open(person, short.chatId);
  for (const tab of [short, follower]) {
    expect(await tab.over).toBe('ended');
    expectExactly(tab.text, 100);
  }
  expect(await long.over).toBe('ended');
  expect(long.ending).toMatchObject({ status: 'interrupted', error: { code: 'interrupted' } });
  expect(await start.exitCode).toBe(0);
  await eventually(() => expect(model.openAnswers()).toBe(0));

  const next = await checkout.start({ ...env, PORT: String(start.port) });
  await next.says(READY);
  const finished = (await person.chat(short.chatId)).messages[1];
  expect(finished?.status).toBe('complete');
  expectExactly(finished?.content, 100);
  const kept = (await person.chat(long.chatId)).messages[1];
  expect(kept).toMatchObject({ status: 'interrupted', content: long.text });
  expectCounted(long.text);
  next.signal('SIGTERM');
  expect(await next.exitCode).toBe(0);
});
