import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '@/lib/errors';
import { installation } from './fixture';
import { numbers, Person } from './person';

const at = installation(() => ({
  MODEL_FIRST_TOKEN_TIMEOUT_MS: '700',
  MODEL_IDLE_TIMEOUT_MS: '700',
  // Nothing listens there.
  KAMIWAZA_ENDPOINT: 'http://127.0.0.1:9/v1',
}));

describe('an endpoint that fails before the first token', () => {
  const cases: Array<[string, ErrorCode]> = [
    ['status code=401', 'endpoint_unauthorized'],
    ['status code=404', 'endpoint_model_missing'],
    ['status code=429', 'endpoint_rate_limited'],
    ['status code=500', 'endpoint_failed'],
    ['hang at=headers', 'endpoint_timeout'],
    ['hang at=first-token', 'endpoint_timeout'],
    ['empty', 'endpoint_empty'],
    ['html', 'endpoint_bad_answer'],
  ];

  it.each(cases)(
    '(%s) is told in plain words, and the question is kept',
    async (scenario, code) => {
      const { person } = at;
      const body = person.message(`[[scenario:${scenario}]]`);
      const answer = await (await person.send(body)).whole();
      // Not an HTTP error: the run was taken, and its end says what happened.
      expect(answer.ok).toBe(true);
      expect(answer.lines.some((line) => line.startsWith('3:'))).toBe(false);
      expect(answer.ending).toMatchObject({ status: 'failed', error: { code } });
      const { messages } = await person.chat(body.id);
      expect(messages.map(({ status }) => status)).toEqual(['complete', 'failed']);
      expect(messages[1]?.annotations[0]?.error).toEqual(answer.ending?.error);
    },
  );
});

describe('an endpoint that fails in the middle', () => {
  const cases: Array<[string, ErrorCode]> = [
    ['die after=10', 'endpoint_cut'],
    ['eof after=10', 'endpoint_cut'],
    ['garbage after=10', 'endpoint_bad_answer'],
    ['error form=object after=10', 'endpoint_failed'],
    ['error form=string after=10', 'endpoint_failed'],
    ['hang at=middle after=10', 'endpoint_timeout'],
  ];

  it.each(cases)('(%s): what had arrived is kept, and a retry works', async (scenario, code) => {
    const { person } = at;
    const body = person.message(`[[scenario:${scenario.replace('die', 'die times=1')}]]`);
    const answer = await (await person.send(body)).whole();
    expect(answer.ending).toMatchObject({ status: 'failed', error: { code } });
    expect(answer.text).toBe(numbers(10));
    const failed = (await person.chat(body.id)).messages[1];
    expect(failed).toMatchObject({ status: 'failed', content: numbers(10) });
    const retried = await (await person.send({ ...body, retryOf: failed?.id })).whole();
    expect(retried.response.headers.get('x-message-id')).not.toBe(failed?.id);
    expect((await person.chat(body.id)).messages).toHaveLength(2);
  });
});

describe('an endpoint that is not there', () => {
  it('and never was is named as the reason, not the database', async () => {
    const body = { ...at.person.message('hello'), selectedChatModel: 'kamiwaza-endpoint/any' };
    const refused = await (await at.person.send(body)).refusal();
    expect(refused).toMatchObject({ status: 502, code: 'endpoint_unreachable' });
  });

  it('is named as the reason, the chat stays usable, and works once it is back', async () => {
    const { person, model, app } = at;
    const body = person.message('[[scenario:tokens n=4]]');
    // The list of models was read a moment ago; then the endpoint goes.
    await model.stop();
    const answer = await (await person.send(body)).whole();
    expect(answer.ending?.error?.code).toBe('endpoint_unreachable');
    const { startModelServer } = await import('@/tests/support/model-server');
    Object.assign(model, await startModelServer({ port: model.port }));
    const retryOf = answer.response.headers.get('x-message-id') as string;
    const retried = await (await person.send({ ...body, retryOf })).whole();
    expect(retried.text).toBe(numbers(4));
    expect((await Person.arrive(app.baseUrl)).model).toBe(person.model);
  });
});
