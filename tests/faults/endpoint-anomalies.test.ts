import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ErrorCode } from '@/lib/protocol/errors';
import type { ModelServer } from '@/tests/support/model-server';
import { UNUSUAL_STREAM_TEXT } from '@/tests/support/model-server/unusual-streams';
import { Tab } from '@/tests/support/tab';
import { numberedTokens, TestUser } from '@/tests/support/test-user';
import { setUpEnvironment } from './environment';

/** Behavior of endpoints through the whole app: as delivered to the user, and as stored. */
describe('an answer', () => {
  const environment = setUpEnvironment();
  let model: ModelServer;
  let user: TestUser;

  beforeAll(async () => {
    model = await environment.model();
    const app = await environment.app({
      POSTGRES_URL: await environment.database(),
      OPENAI_BASE_URL: model.baseUrl,
      MODEL_IDLE_TIMEOUT_MS: '8000',
    });
    user = await TestUser.createGuest(app.baseUrl);
  });
  afterEach(() => model.setScenario(null));

  async function sendAndFollow(scenario: string) {
    model.setScenario(scenario);
    const body = user.messageBody('Go on, please.');
    const tab = await Tab.send(user, body);
    const follower = await Tab.open(user, body.id);
    for (const reader of [tab, follower]) expect(await reader.connectionEnd).toBe('ended');
    // The AI SDK in the browser drops everything after an error line.
    expect(tab.lines.filter((line) => line.startsWith('3:'))).toEqual([]);
    expect(follower.text).toBe(tab.text);
    const storedAnswer = (await user.getChat(body.id)).messages[1];
    expect(storedAnswer?.content).toBe(tab.text);
    expect(storedAnswer?.status).toBe(tab.runEnded?.status);
    return { body, tab, storedAnswer };
  }

  it.each([
    ...['crlf', 'bytes', 'comments', 'multi-line', 'empty-chunks', 'surrogates', 'no-done'],
    ...['no-finish', 'parts', 'left-open'],
  ])('is parsed exactly from an unusual stream (%s)', async (kind) => {
    const { tab } = await sendAndFollow(`unusual-stream kind=${kind}`);
    expect(tab.runEnded?.status).toBe('complete');
    expect(tab.text).toBe(UNUSUAL_STREAM_TEXT);
  });

  it.each([
    ...['no-type', 'no-id', 'no-index', 'placeholder', 'object-args', 'double-encoded', 'trailing'],
    ...['late-name', 'same-index', 'repeated-head', 'gap-index'],
  ])('executes an unusual tool call as the model intended (%s)', async (kind) => {
    for (const finish of ['tool_calls', 'stop']) {
      const { tab, storedAnswer } = await sendAndFollow(
        `malformed-tool-call kind=${kind} finish=${finish}`,
      );
      expect(tab.runEnded?.status).toBe('complete');
      expect(tab.text).toContain('The tool said:');
      const calls = storedAnswer?.parts.filter(({ type }) => type === 'tool-invocation');
      expect(calls?.[0]).toMatchObject({
        toolInvocation: { toolName: 'getWeather', args: { city: 'Oslo' }, state: 'result' },
      });
    }
  });

  it.each([
    ['a missing tool', 'tool name=noSuchTool before=Wait.', 'no tool “noSuchTool”'],
    [
      'a tool with invalid arguments',
      'tool name=getWeather args={"town":1} before=Wait.',
      'city: Required',
    ],
    ['a tool with unparseable arguments', 'malformed-tool-call kind=unreadable', 'no JSON object'],
    ['a missing tool without arguments', 'malformed-tool-call kind=no-args', 'no tool “now”'],
  ])(
    'with an invalid call (%s) reports the error to the model and continues',
    async (_, scenario, errorText) => {
      const { tab } = await sendAndFollow(scenario);
      expect(tab.runEnded).toMatchObject({ status: 'complete' });
      expect(tab.text).toMatch(
        scenario.includes('before') ? /^Wait\.The tool said/ : /^The tool said/,
      );
      expect(tab.text).toContain(errorText);
    },
  );

  it('that reaches the token limit within a tool call reports it', async () => {
    const { tab } = await sendAndFollow('malformed-tool-call kind=unreadable finish=length');
    expect(tab.runEnded).toMatchObject({
      status: 'failed',
      error: { code: 'endpoint_invalid_response' },
    });
    expect(tab.runEnded?.error?.message).toContain('token limit');
  });

  const failures: Array<[scenario: string, code: ErrorCode]> = [
    ['error form=detail after=10', 'endpoint_failed'],
    ['error form=event after=10', 'endpoint_failed'],
    ['error form=finish after=10', 'endpoint_failed'],
    ['hang at=middle after=10', 'endpoint_timeout'],
  ];
  it.each(failures)(
    'that is interrupted (%s) keeps its partial text, names the reason and can be retried with one click',
    async (scenario, code) => {
      const { body, tab, storedAnswer } = await sendAndFollow(scenario);
      expect(tab.text).toBe(numberedTokens(10));
      expect(tab.runEnded).toMatchObject({ status: 'failed', error: { code } });
      expect(tab.runEnded?.error?.message).toMatch(/^The model server /);
      expect(storedAnswer?.annotations[0]).toEqual(tab.runEnded);
      model.setScenario('tokens n=4');
      const retried = await Tab.send(user, { ...body, retryOf: storedAnswer?.id });
      expect(await retried.connectionEnd).toBe('ended');
      expect(retried.text).toBe(numberedTokens(4));
      expect((await user.getChat(body.id)).messages).toHaveLength(2);
    },
  );

  it.each(['json', 'redirect'])(
    'is read from a response that is not a stream, or fails with a clear error (%s)',
    async (scenario) => {
      const { tab } = await sendAndFollow(scenario);
      if (scenario === 'json') {
        expect(tab.text).toBe('A whole answer.');
        expect(tab.runEnded?.status).toBe('complete');
      } else {
        expect(tab.runEnded).toMatchObject({ status: 'failed' });
        expect(tab.runEnded?.error?.code).toMatch(/^endpoint_/);
      }
    },
  );

  it('separates reasoning from its text, in tags, in unclosed tags and in fields', async () => {
    for (const [scenario, thoughts, text] of [
      ['think-tags n=3', 'r0 r1 r2 r3 r4', numberedTokens(3)],
      ['think-tags n=3 end=never', 'r0 r1 r2 r3 r4', ''],
      ['reasoning n=3', 'r0 r1 r2 r3 r4 ', numberedTokens(3)],
      ['reasoning n=3 field=reasoning', 'r0 r1 r2 r3 r4 ', numberedTokens(3)],
    ] as const) {
      const { tab, storedAnswer } = await sendAndFollow(scenario);
      expect(tab.text).toBe(text);
      const reasoning = storedAnswer?.parts.find((part) => part.type === 'reasoning');
      expect(reasoning?.type === 'reasoning' && reasoning.reasoning.trim()).toBe(thoughts.trim());
    }
  });

  it('that reaches the token limit reports it', async () => {
    const { tab } = await sendAndFollow('length n=10');
    expect(tab.text).toBe(numberedTokens(10));
    expect(tab.runEnded).toMatchObject({ status: 'complete', finishReason: 'length' });
  });
});
