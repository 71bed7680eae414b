import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '@/lib/protocol/errors';
import { numberedTokens, TestUser } from '@/tests/support/test-user';
import { setUpInstallation } from './installation';

const installation = setUpInstallation(() => ({
  MODEL_FIRST_TOKEN_TIMEOUT_MS: '700',
  MODEL_IDLE_TIMEOUT_MS: '700',
  // No process listens on this port.
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
    ['empty', 'endpoint_empty_answer'],
    ['html', 'endpoint_invalid_response'],
  ];

  it.each(cases)(
    '(%s) is reported with a clear error, and the user message is stored',
    async (scenario, code) => {
      const { user } = installation;
      const body = user.messageBody(`[[scenario:${scenario}]]`);
      const answer = await (await user.send(body)).readToEnd();
      // Not an HTTP error: the run was accepted, and its end reports the failure.
      expect(answer.ok).toBe(true);
      expect(answer.lines.some((line) => line.startsWith('3:'))).toBe(false);
      expect(answer.runEnded).toMatchObject({ status: 'failed', error: { code } });
      const { messages } = await user.getChat(body.id);
      expect(messages.map(({ status }) => status)).toEqual(['complete', 'failed']);
      expect(messages[1]?.annotations[0]?.error).toEqual(answer.runEnded?.error);
    },
  );
});

describe('an endpoint that fails during an answer', () => {
  const cases: Array<[string, ErrorCode]> = [
    ['disconnect after=10', 'endpoint_disconnected'],
    ['end-early after=10', 'endpoint_disconnected'],
    ['invalid-json after=10', 'endpoint_invalid_response'],
    ['error form=object after=10', 'endpoint_failed'],
    ['error form=string after=10', 'endpoint_failed'],
    ['hang at=middle after=10', 'endpoint_timeout'],
  ];

  it.each(cases)('(%s) leaves the partial answer, and a retry succeeds', async (scenario, code) => {
    const { user } = installation;
    const body = user.messageBody(
      `[[scenario:${scenario.replace('disconnect', 'disconnect times=1')}]]`,
    );
    const answer = await (await user.send(body)).readToEnd();
    expect(answer.runEnded).toMatchObject({ status: 'failed', error: { code } });
    expect(answer.text).toBe(numberedTokens(10));
    const failed = (await user.getChat(body.id)).messages[1];
    expect(failed).toMatchObject({ status: 'failed', content: numberedTokens(10) });
    const retried = await (await user.send({ ...body, retryOf: failed?.id })).readToEnd();
    expect(retried.response.headers.get('x-message-id')).not.toBe(failed?.id);
    expect((await user.getChat(body.id)).messages).toHaveLength(2);
  });
});

describe('an unreachable endpoint', () => {
  it('that never responded is named as the cause, not the database', async () => {
    const body = {
      ...installation.user.messageBody('hello'),
      selectedChatModel: 'kamiwaza-endpoint/any',
    };
    const error = await (await installation.user.send(body)).readError();
    expect(error).toMatchObject({ status: 502, code: 'endpoint_unreachable' });
  });

  it('is named as the cause, the chat stays usable, and answers work once it is back', async () => {
    const { user, model, app } = installation;
    const body = user.messageBody('[[scenario:tokens n=4]]');
    // The model list is cached when the endpoint stops.
    await model.stop();
    const answer = await (await user.send(body)).readToEnd();
    expect(answer.runEnded?.error?.code).toBe('endpoint_unreachable');
    const { startModelServer } = await import('@/tests/support/model-server');
    Object.assign(model, await startModelServer({ port: model.port }));
    const retryOf = answer.response.headers.get('x-message-id') as string;
    const retried = await (await user.send({ ...body, retryOf })).readToEnd();
    expect(retried.text).toBe(numberedTokens(4));
    expect((await TestUser.createGuest(app.baseUrl)).model).toBe(user.model);
  });
});
