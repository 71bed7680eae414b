import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitUntilFramesSaved } from '@/tests/support/early-delivery';
import { type ModelServer, startModelServer } from '@/tests/support/model-server';
import { freshDatabase, startApp, type TestApp } from '@/tests/support/services';
import { numberedTokens, TestUser } from '@/tests/support/test-user';

type EndpointOptions = NonNullable<Parameters<typeof startModelServer>[0]>;

/** An installation whose endpoint handles continuations as `options` say. */
function setUpEndpoint(options: EndpointOptions) {
  const installation = {} as { model: ModelServer; app: TestApp; user: TestUser; url: string };
  let drop: () => Promise<void>;
  beforeAll(async () => {
    const database = await freshDatabase();
    drop = database.drop;
    installation.url = database.url;
    installation.model = await startModelServer(options);
    installation.app = await launch(installation);
    installation.user = await TestUser.createGuest(installation.app.baseUrl);
  });
  afterAll(async () => {
    await installation.app?.stop();
    await installation.model?.stop();
    await drop?.();
  });
  return installation;
}

function launch({ url, model }: { url: string; model: ModelServer }): Promise<TestApp> {
  return startApp({
    env: { POSTGRES_URL: url, OPENAI_BASE_URL: model.baseUrl, LOG_LEVEL: 'info' },
  });
}

/** Creates a chat whose answer was stopped after its first tokens. */
async function stoppedChat({ user }: { user: TestUser }, scenario: string) {
  const body = user.messageBody(`Count for me [[scenario:${scenario}]]`);
  const answer = await user.send(body);
  await answer.readUntilText('t19 ');
  await user.stop(body.id);
  await answer.readToEnd();
  const storedAnswer = (await user.getChat(body.id)).messages[1];
  if (!storedAnswer) throw new Error('There is no answer');
  return { body, storedAnswer, continueBody: { ...body, continueOf: storedAnswer.id } };
}

const ENDPOINTS: Array<[string, EndpointOptions, 'prefill' | 'message']> = [
  ['with a continuation request on vLLM', { ownedBy: 'vllm' }, 'prefill'],
  ['with a continuation request on llama.cpp', { ownedBy: 'llamacpp' }, 'prefill'],
  [
    'on an endpoint that repeats the beginning, which is removed',
    { ownedBy: 'llamacpp', prefill: 'repeats' },
    'prefill',
  ],
  [
    'with a user message on an endpoint that rejects a continuation request',
    { ownedBy: 'vllm', prefill: 'rejects' },
    'message',
  ],
  ['with a user message on an unknown endpoint', {}, 'message'],
];

describe.each(ENDPOINTS)('continuing a stopped answer %s', (_name, options, continuation) => {
  const installation = setUpEndpoint(options);

  it('extends the message in place to the complete answer', async () => {
    const { user, model } = installation;
    const { body, storedAnswer, continueBody } = await stoppedChat(
      installation,
      'tokens n=60 hold=20',
    );
    expect(storedAnswer).toMatchObject({ status: 'stopped', content: numberedTokens(20) });

    const continued = await (await user.send(continueBody)).readToEnd();
    expect(continued.text).toBe(numberedTokens(60));
    expect(continued.runEnded?.status).toBe('complete');
    const { messages } = await user.getChat(body.id);
    expect(messages).toHaveLength(2);
    expect(messages[1]).toMatchObject({
      id: storedAnswer.id,
      status: 'complete',
      content: numberedTokens(60),
    });

    const { body: requestBody } = model.requests.at(-1) as { body: Record<string, unknown> };
    const last = (requestBody.messages as Array<{ role: string; content: unknown }>).at(-1);
    expect(last?.role).toBe(continuation === 'prefill' ? 'assistant' : 'user');
    const flags = options.ownedBy === 'vllm' && continuation === 'prefill';
    expect(requestBody.continue_final_message).toBe(flags ? true : undefined);
    expect(requestBody.add_generation_prompt).toBe(flags ? false : undefined);
  });
});

describe('continuing an answer', () => {
  const installation = setUpEndpoint({ ownedBy: 'vllm' });

  it('starts one run for two concurrent requests, and both receive it', async () => {
    const { user, model } = installation;
    const { body, continueBody } = await stoppedChat(installation, 'tokens n=50 hold=20 letter=t');
    const before = model.requests.length;
    const both = await Promise.all([user.send(continueBody), user.send(continueBody)]);
    const read = await Promise.all(both.map((answer) => answer.readToEnd()));
    expect(read.map(({ text }) => text)).toEqual([numberedTokens(50), numberedTokens(50)]);
    expect(model.requests.length).toBe(before + 1);
    expect((await user.getChat(body.id)).messages).toHaveLength(2);
    // A repeated request after the end receives the stored answer.
    expect((await (await user.send(continueBody)).readToEnd()).text).toBe(numberedTokens(50));
    expect(model.requests.length).toBe(before + 1);
  });

  it('with reasoning uses a user message, because servers would treat the rest as reasoning', async () => {
    const { user, model } = installation;
    const body = user.messageBody('[[scenario:reasoning thoughts=3 n=60 hold=20]]');
    const answer = await user.send(body);
    await answer.readUntilText('t19 ');
    await user.stop(body.id);
    await answer.readToEnd();
    const id = (await user.getChat(body.id)).messages[1]?.id ?? '';
    const continued = await (await user.send({ ...body, continueOf: id })).readToEnd();
    expect(continued.text).toBe(numberedTokens(60));
    const { body: requestBody } = model.requests.at(-1) as { body: Record<string, unknown> };
    expect(requestBody.continue_final_message).toBeUndefined();
  });

  it('adds up the tokens and durations of all its requests', async () => {
    const { user } = installation;
    const body = user.messageBody('[[scenario:length n=10]]');
    const { usage: first, timing } = (await (await user.send(body)).readToEnd()).runEnded ?? {};
    const id = (await user.getChat(body.id)).messages[1]?.id ?? '';
    const continued = await (await user.send({ ...body, continueOf: id })).readToEnd();
    expect(continued.runEnded?.usage?.promptTokens).toBeGreaterThan(
      first?.promptTokens ?? Number.NaN,
    );
    expect(continued.runEnded?.usage?.completionTokens).toBeGreaterThan(
      first?.completionTokens ?? Number.NaN,
    );
    expect(continued.runEnded?.timing?.firstTokenMs).toBe(timing?.firstTokenMs);
    expect(continued.runEnded?.timing?.generationMs).toBeGreaterThanOrEqual(
      timing?.generationMs ?? Number.NaN,
    );
    const [, storedAnswer] = (await user.getChat(body.id)).messages;
    expect(storedAnswer?.annotations).toEqual([continued.runEnded]);
  });

  it('can be stopped and continued again', async () => {
    const { user } = installation;
    const { body, continueBody } = await stoppedChat(installation, 'tokens n=300 hold=20,60');
    const second = await user.send(continueBody);
    await second.readUntilText('t59 ');
    await user.stop(body.id);
    await second.readToEnd();
    const storedAnswer = (await user.getChat(body.id)).messages[1];
    expect(storedAnswer?.status).toBe('stopped');
    expect(numberedTokens(300).startsWith(storedAnswer?.content ?? '-')).toBe(true);
    expect((await (await user.send(continueBody)).readToEnd()).text).toBe(numberedTokens(300));
  });

  it('that a killed server interrupted keeps the earlier and the continued text', async () => {
    const { user } = installation;
    const { body, storedAnswer, continueBody } = await stoppedChat(
      installation,
      'tokens n=300 hold=20,60',
    );
    const continued = await user.send(continueBody);
    await continued.readUntilText('t59 ');
    await waitUntilFramesSaved(installation.app);
    await installation.app.kill9();
    await installation.app.restart();
    const [, interruptedAnswer] = (await user.getChat(body.id)).messages;
    expect(interruptedAnswer).toMatchObject({ id: storedAnswer.id, status: 'interrupted' });
    expect(interruptedAnswer?.content.startsWith(continued.text)).toBe(true);
    expect(numberedTokens(300).startsWith(interruptedAnswer?.content ?? '-')).toBe(true);
    const isListedAsInterrupted = async () =>
      (await user.getHistory()).chats.find(({ id }) => id === body.id)?.interrupted;
    expect(await isListedAsInterrupted()).toBe(true);
    expect((await (await user.send(continueBody)).readToEnd()).text).toBe(numberedTokens(300));
    expect(await isListedAsInterrupted()).toBe(false);
  });

  it('of another user responds with "chat not found"', async () => {
    const { continueBody } = await stoppedChat(
      { user: await TestUser.createGuest(installation.app.baseUrl) },
      'tokens n=30 hold=20',
    );
    const other = await TestUser.createGuest(installation.app.baseUrl);
    expect(await (await other.send(continueBody)).readError()).toMatchObject({
      code: 'chat_not_found',
    });
  });
});
