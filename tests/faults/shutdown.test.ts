import { expect, it } from 'vitest';
import { makeCheckout } from '@/tests/support/checkout';
import { Tab } from '@/tests/support/tab';
import { TestUser } from '@/tests/support/test-user';
import { waitUntil } from '@/tests/support/wait-until';
import { setUpEnvironment } from './environment';
import { expectContiguousTokens, expectExactTokens } from './expect-stored';

const READY = 'Throughline is ready';
const environment = setUpEnvironment();

it('SIGTERM under "npm start" lets short answers finish, stores long ones as interrupted, and leaves no process running', async () => {
  const model = await environment.model();
  const checkout = makeCheckout();
  environment.addCleanup(checkout.remove);
  const env = { OPENAI_BASE_URL: model.baseUrl, SHUTDOWN_GRACE_MS: '10000' };
  const start = await checkout.start(env);
  await start.waitForOutput(READY);
  const user = await TestUser.createGuest(`http://127.0.0.1:${start.port}`);
  const shortAnswer = await Tab.send(user, user.messageBody('[[scenario:tokens n=100 hold=20]]'));
  const longAnswer = await Tab.send(user, user.messageBody('[[scenario:tokens n=5000 rate=60]]'));
  await longAnswer.waitForText('t20 ');

  start.signal('SIGTERM');
  await waitUntil(async () => {
    const rejected = await user.send(user.messageBody('too late'));
    expect(await rejected.readError()).toMatchObject({ status: 503, code: 'shutting_down' });
  });
  // A tab that lost its connection can still follow the answer.
  const follower = await Tab.open(user, shortAnswer.chatId);
  model.release();
  for (const tab of [shortAnswer, follower]) {
    expect(await tab.connectionEnd).toBe('ended');
    expectExactTokens(tab.text, 100);
  }
  expect(await longAnswer.connectionEnd).toBe('ended');
  expect(longAnswer.runEnded).toMatchObject({
    status: 'interrupted',
    error: { code: 'interrupted' },
  });
  expect(await start.exitCode).toBe(0);
  await waitUntil(() => expect(model.activeAnswers()).toBe(0));

  const next = await checkout.start({ ...env, PORT: String(start.port) });
  await next.waitForOutput(READY);
  const finished = (await user.getChat(shortAnswer.chatId)).messages[1];
  expect(finished?.status).toBe('complete');
  expectExactTokens(finished?.content, 100);
  const storedAnswer = (await user.getChat(longAnswer.chatId)).messages[1];
  expect(storedAnswer).toMatchObject({ status: 'interrupted', content: longAnswer.text });
  expectContiguousTokens(longAnswer.text);
  next.signal('SIGTERM');
  expect(await next.exitCode).toBe(0);
});
