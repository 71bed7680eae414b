import { beforeEach, describe, expect, it } from 'vitest';
import type { ToolInvocation } from '@/lib/protocol/messages';
import { MAX_TOOL_CALLS } from '@/lib/server/models';
import { MAX_ANSWER_BYTES } from '@/lib/server/runs/answer-size';
import { scenario } from '@/tests/support/model-server/scenario-line';
import { setUpInstallation } from './installation';

const installation = setUpInstallation();

beforeEach(() => installation.model.reset());

/** Runs an answer by this scenario. Returns the stored answer and the requests to the model. */
async function runScenario(line: string) {
  const { user, model } = installation;
  const body = user.messageBody(`[[scenario:${line}]]`);
  const answer = await (await user.send(body)).readToEnd();
  const storedAnswer = (await user.getChat(body.id)).messages[1];
  expect(answer.runEnded?.status).toBe('complete');
  expect(storedAnswer).toMatchObject({ status: 'complete', content: answer.text });
  const answerRequests = model.requests.filter(({ purpose }) => purpose === 'answer');
  return {
    text: answer.text,
    calls: (storedAnswer?.parts ?? []).flatMap((part): ToolInvocation[] =>
      part.type === 'tool-invocation' ? [part.toolInvocation] : [],
    ),
    /** The messages that the model received, by step. */
    steps: answerRequests.map(({ body: { messages } }) => messages),
    offered: answerRequests.map(({ body: { tools } }) => tools?.map((tool) => tool.function?.name)),
  };
}

describe('an invalid tool call', () => {
  it.each(['noSuchTool', 'constructor', '__proto__'])(
    'of a missing tool (%s) is answered with the available tools, and the answer continues',
    async (name) => {
      const { text, calls, steps, offered } = await runScenario(
        `tool name=${name} args={"a":1} before=Wait.`,
      );
      expect(text).toContain('Wait.');
      expect(text).toContain('The tool said: ');
      expect(calls).toMatchObject([
        { toolName: name, args: { a: 1 }, state: 'result', result: { error: expect.any(String) } },
      ]);
      const toolMessage = steps[1]?.at(-1);
      expect(toolMessage?.role).toBe('tool');
      expect(toolMessage?.content).toContain(`There is no tool “${name}”`);
      expect(toolMessage?.content).toContain('getWeather');
      // Its own call keeps the invented name, which is not offered as a tool.
      expect(JSON.stringify(steps[1]?.at(-2)?.tool_calls)).toContain(`"name":"${name}"`);
      expect(offered[1]).toEqual(offered[0]);
    },
  );

  it('with arguments of the wrong shape reports them to the model, which calls again', async () => {
    const { calls, steps } = await runScenario('tool args={"town":"Oslo"} again={"city":7}');
    expect(steps).toHaveLength(3);
    expect(steps[1]?.at(-1)?.content).toContain('city: Required');
    expect(JSON.stringify(steps[1]?.at(-2)?.tool_calls)).toContain('town');
    expect(steps[2]?.at(-1)?.content).toContain('city: Expected string');
    expect(calls.map(({ args }) => args)).toEqual([{ town: 'Oslo' }, { city: 7 }]);
  });

  it('with unparseable arguments stores them unchanged and reports the error to the model', async () => {
    const { calls, steps } = await runScenario('malformed-tool-call kind=unreadable');
    expect(calls).toMatchObject([
      { toolName: 'getWeather', args: { unreadable: '{"city: Oslo]' } },
    ]);
    expect(steps[1]?.at(-1)?.content).toContain('no JSON object');
  });

  it.each(['[1]', '"Oslo"', '{"city":"Oslo","__proto__":{"a":1}}'])(
    'with arguments that are not an object (%s) reports the error to the model',
    async (args) => {
      for (const name of ['getWeather', 'noSuchTool']) {
        const line = scenario('malformed-tool-call', { kind: 'given', name, args });
        const { calls, steps } = await runScenario(line.slice(11, -2));
        expect(steps[1]?.at(-1)?.content).toMatch(/no JSON object|There is no tool/);
        expect(calls).toMatchObject([{ toolName: name, args: { unreadable: args } }]);
      }
    },
  );
});

describe('more tool calls than one answer may make', () => {
  it.each(['readDocument', 'noSuchTool'])(
    '(%s) are not executed, and the model and the user get an error',
    async (name) => {
      const { calls, steps } = await runScenario(
        `malformed-tool-call kind=many n=500 name=${name}`,
      );
      expect(calls).toHaveLength(MAX_TOOL_CALLS + 1);
      const limitError = `This answer has made ${MAX_TOOL_CALLS} tool calls, which is the limit.`;
      const results = calls.map((call) => (call.state === 'result' ? call.result : null));
      expect(results.at(-1)).toEqual({ error: expect.stringContaining(limitError) });
      expect(JSON.stringify(results.slice(0, -1))).not.toContain(limitError);
      expect(JSON.stringify(steps[1])).toContain(limitError);
    },
  );
});

describe('an answer of 6 MB', () => {
  it('is ended at its size limit, stored as delivered, and cannot be continued, and the next message is answered', async () => {
    const { user } = installation;
    const body = user.messageBody('[[scenario:bulk n=60 chars=100000]]');
    const answer = await (await user.send(body)).readToEnd();
    expect(answer.runEnded).toMatchObject({ status: 'failed', error: { code: 'answer_too_long' } });
    const { messages } = await user.getChat(body.id);
    expect(messages[1]).toMatchObject({ status: 'failed', content: answer.text });
    expect(answer.text.length).toBeGreaterThan(MAX_ANSWER_BYTES - 100);
    const page = await (await user.fetch(`/chat/${body.id}`)).text();
    expect(page.length).toBeLessThan(1_000_000);
    const more = await user.send({ ...body, continueOf: messages[1]?.id });
    expect(await more.readError()).toMatchObject({ code: 'answer_too_long' });
    const next = user.messageBody('[[scenario:tokens n=3]]', {
      id: body.id,
      parentId: messages[1]?.id ?? null,
    });
    expect((await (await user.send(next)).readToEnd()).runEnded?.status).toBe('complete');
  });
});
