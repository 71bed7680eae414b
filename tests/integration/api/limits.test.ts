import { describe, expect, it } from 'vitest';
import { numberedTokens, TestUser } from '@/tests/support/test-user';
import { setUpInstallation } from './installation';

const installation = setUpInstallation(() => ({ MAX_RUNS_PER_PERSON: '2' }));

describe('the limit of concurrent answers per user', () => {
  it('rejects further answers with a clear error and does not affect other users', async () => {
    const { user, app } = installation;
    const longMessages = [1, 2].map(() => user.messageBody('[[scenario:tokens n=2000 hold=5]]'));
    for (const body of longMessages) await (await user.send(body)).readUntilText('t1 ');
    const third = user.messageBody('[[scenario:tokens n=5]]');
    const error = await (await user.send(third)).readError();
    expect(error).toMatchObject({ status: 429, code: 'too_many_runs' });
    expect(error.message).toMatch(/wait for one to finish, or stop one/i);

    const other = await TestUser.createGuest(app.baseUrl);
    const otherAnswer = await other.send(other.messageBody('[[scenario:tokens n=5]]'));
    expect((await otherAnswer.readToEnd()).text).toBe(numberedTokens(5));

    await user.stop(longMessages[0]?.id ?? '');
    expect((await (await user.send(third)).readToEnd()).text).toBe(numberedTokens(5));
    await user.stop(longMessages[1]?.id ?? '');
  });

  it('does not count a message that is sent again', async () => {
    const { user } = installation;
    const longMessages = [1, 2].map(() => user.messageBody('[[scenario:tokens n=2000 hold=5]]'));
    for (const body of longMessages) await (await user.send(body)).readUntilText('t1 ');
    const resent = await user.send(longMessages[1] as (typeof longMessages)[number]);
    expect(resent.ok).toBe(true);
    await resent.readUntilText('t1 ');
    for (const { id } of longMessages) await user.stop(id);
  });
});

it('the number of streams that repeated sends of one message can open is limited', async () => {
  const user = await TestUser.createGuest(installation.app.baseUrl);
  const body = user.messageBody('[[scenario:tokens n=4000 hold=5]]');
  const sent = [await user.send(body)];
  await sent[0]?.readUntilText('t1 ');
  while (sent.at(-1)?.ok && sent.length < 200) sent.push(await user.send(body));
  expect(sent.length).toBe(101);
  expect(await sent.at(-1)?.readError()).toMatchObject({ status: 429, code: 'too_many_streams' });
  // All streams end with the answer, and each releases its slot.
  await user.stop(body.id);
  for (const one of sent.slice(0, -1)) await one.readToEnd();
  expect((await user.send(body)).ok).toBe(true);
});

it('an idle connection stays open for longer than the 60 s of common proxies', async () => {
  for (const path of ['/', '/health', '/api/models']) {
    const { headers } = await installation.user.fetch(path);
    expect(headers.get('keep-alive'), path).toBe('timeout=75');
  }
});
