import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ModelServer, startModelServer } from '@/tests/support/model-server';
import { freshDatabase, startApp, type TestApp } from '@/tests/support/services';
import { numbers, Person } from './person';

type Kind = NonNullable<Parameters<typeof startModelServer>[0]>;

/** An installation whose endpoint treats unfinished answers in a way of its own. */
function endpoint(kind: Kind) {
  const at = {} as { model: ModelServer; app: TestApp; person: Person; url: string };
  let drop: () => Promise<void>;
  beforeAll(async () => {
    const database = await freshDatabase();
    drop = database.drop;
    at.url = database.url;
    at.model = await startModelServer(kind);
    at.app = await launch(at);
    at.person = await Person.arrive(at.app.baseUrl);
  });
  afterAll(async () => {
    await at.app?.stop();
    await at.model?.stop();
    await drop?.();
  });
  return at;
}

function launch({ url, model }: { url: string; model: ModelServer }): Promise<TestApp> {
  return startApp({
    env: { POSTGRES_URL: url, OPENAI_BASE_URL: model.baseUrl, LOG_LEVEL: 'error' },
  });
}

/** A chat whose answer was stopped after some tokens. */
async function stoppedChat({ person }: { person: Person }, marker: string) {
  const body = person.message(`Count for me [[scenario:${marker}]]`);
  const answer = await person.send(body);
  await answer.until('t19 ');
  await person.stop(body.id);
  await answer.whole();
  const kept = (await person.chat(body.id)).messages[1];
  if (!kept) throw new Error('There is no answer');
  return { body, kept, goOn: { ...body, continueOf: kept.id } };
}

const KINDS: Array<[string, Kind, 'prefill' | 'asked']> = [
  ['continues the message where the endpoint is vLLM', { ownedBy: 'vllm' }, 'prefill'],
  ['continues the message where it is llama.cpp', { ownedBy: 'llamacpp' }, 'prefill'],
  [
    'repeats nothing where the endpoint says the beginning again',
    { ownedBy: 'llamacpp', prefill: 'repeats' },
    'prefill',
  ],
  [
    'asks the model where the endpoint refuses to continue a message',
    { ownedBy: 'vllm', prefill: 'refuses' },
    'asked',
  ],
  ['asks the model where the endpoint is unknown', {}, 'asked'],
];

describe.each(KINDS)('going on with a stopped answer %s', (_name, kind, way) => {
  const at = endpoint(kind);

  it('and the message grows, in place, to the whole answer', async () => {
    const { person, model } = at;
    const { body, kept, goOn } = await stoppedChat(at, 'tokens n=60 hold=20');
    expect(kept).toMatchObject({ status: 'stopped', content: numbers(20) });

    const more = await (await person.send(goOn)).whole();
    expect(more.text).toBe(numbers(60));
    expect(more.ending?.status).toBe('complete');
    const { messages } = await person.chat(body.id);
    expect(messages).toHaveLength(2);
    expect(messages[1]).toMatchObject({ id: kept.id, status: 'complete', content: numbers(60) });

    const { body: asked } = model.requests.at(-1) as { body: Record<string, unknown> };
    const last = (asked.messages as Array<{ role: string; content: unknown }>).at(-1);
    expect(last?.role).toBe(way === 'prefill' ? 'assistant' : 'user');
    const flags = kind.ownedBy === 'vllm' && way === 'prefill';
    expect(asked.continue_final_message).toBe(flags ? true : undefined);
    expect(asked.add_generation_prompt).toBe(flags ? false : undefined);
  });
});

describe('going on with an answer', () => {
  const at = endpoint({ ownedBy: 'vllm' });

  it('asked for twice at once makes one run, and both see it', async () => {
    const { person, model } = at;
    const { body, goOn } = await stoppedChat(at, 'tokens n=50 hold=20 letter=t');
    const before = model.requests.length;
    const both = await Promise.all([person.send(goOn), person.send(goOn)]);
    const read = await Promise.all(both.map((answer) => answer.whole()));
    expect(read.map(({ text }) => text)).toEqual([numbers(50), numbers(50)]);
    expect(model.requests.length).toBe(before + 1);
    expect((await person.chat(body.id)).messages).toHaveLength(2);
    // A repetition after the end follows what is there.
    expect((await (await person.send(goOn)).whole()).text).toBe(numbers(50));
    expect(model.requests.length).toBe(before + 1);
  });

  it('that thought asks the model, since servers would take the rest for thinking', async () => {
    const { person, model } = at;
    const body = person.message('[[scenario:reasoning thoughts=3 n=60 hold=20]]');
    const answer = await person.send(body);
    await answer.until('t19 ');
    await person.stop(body.id);
    await answer.whole();
    const id = (await person.chat(body.id)).messages[1]?.id ?? '';
    const more = await (await person.send({ ...body, continueOf: id })).whole();
    expect(more.text).toBe(numbers(60));
    const { body: asked } = model.requests.at(-1) as { body: Record<string, unknown> };
    expect(asked.continue_final_message).toBeUndefined();
  });

  it('counts the tokens of all that was asked for it', async () => {
    const { person } = at;
    const body = person.message('[[scenario:length n=10]]');
    const first = (await (await person.send(body)).whole()).ending?.usage;
    const id = (await person.chat(body.id)).messages[1]?.id ?? '';
    const more = await (await person.send({ ...body, continueOf: id })).whole();
    expect(more.ending?.usage?.promptTokens).toBeGreaterThan(first?.promptTokens ?? Number.NaN);
    expect(more.ending?.usage?.completionTokens).toBeGreaterThan(
      first?.completionTokens ?? Number.NaN,
    );
    const [, kept] = (await person.chat(body.id)).messages;
    expect(kept?.annotations[0]?.usage).toEqual(more.ending?.usage);
  });

  it('can be stopped and gone on with again', async () => {
    const { person } = at;
    const { body, goOn } = await stoppedChat(at, 'tokens n=300 hold=20 rate=100');
    const second = await person.send(goOn);
    await second.until('t40 ');
    await person.stop(body.id);
    await second.whole();
    const kept = (await person.chat(body.id)).messages[1];
    expect(kept?.status).toBe('stopped');
    expect(numbers(300).startsWith(kept?.content ?? '-')).toBe(true);
    expect((await (await person.send(goOn)).whole()).text).toBe(numbers(300));
  });

  it('that a killed server left keeps what it had and what had come of the rest', async () => {
    const { person } = at;
    const { body, kept, goOn } = await stoppedChat(at, 'tokens n=300 hold=20 rate=60');
    const more = await person.send(goOn);
    await more.until('t60 ');
    await at.app.kill9();
    await at.app.restart();
    const [, left] = (await person.chat(body.id)).messages;
    expect(left).toMatchObject({ id: kept.id, status: 'interrupted' });
    expect(left?.content.startsWith(more.text)).toBe(true);
    expect(numbers(300).startsWith(left?.content ?? '-')).toBe(true);
    expect((await (await person.send(goOn)).whole()).text).toBe(numbers(300));
  });

  it('of another person finds no chat', async () => {
    const { goOn } = await stoppedChat(
      { person: await Person.arrive(at.app.baseUrl) },
      'tokens n=30 hold=20',
    );
    const other = await Person.arrive(at.app.baseUrl);
    expect(await (await other.send(goOn)).refusal()).toMatchObject({ code: 'chat_not_found' });
  });
});
