import { beforeEach, describe, expect, it } from 'vitest';
import { MAX_TOOL_CALLS } from '@/lib/models';
import type { ToolInvocation } from '@/lib/protocol/messages';
import { MAX_ANSWER_BYTES } from '@/lib/runs/answer-size';
import { scenario } from '@/tests/support/model-server/scenario-line';
import { installation } from './fixture';

const at = installation();

beforeEach(() => at.model.reset());

/** Has the model answer by this scenario, and gives its answer as kept and what it was asked. */
async function ask(line: string) {
  const { person, model } = at;
  const body = person.message(`[[scenario:${line}]]`);
  const answer = await (await person.send(body)).whole();
  const kept = (await person.chat(body.id)).messages[1];
  expect(answer.ending?.status).toBe('complete');
  expect(kept).toMatchObject({ status: 'complete', content: answer.text });
  const asked = model.requests.filter(({ purpose }) => purpose === 'answer');
  return {
    text: answer.text,
    calls: (kept?.parts ?? []).flatMap((part): ToolInvocation[] =>
      part.type === 'tool-invocation' ? [part.toolInvocation] : [],
    ),
    /** The conversation that the model was given, step by step. */
    steps: asked.map(({ body: { messages } }) => messages),
    offered: asked.map(({ body: { tools } }) => tools?.map((tool) => tool.function?.name)),
  };
}

describe('a tool that the model calls wrong', () => {
  it.each(['noSuchTool', 'constructor', '__proto__'])(
    '(%s, which there is not) is answered with what there is, and the answer goes on',
    async (name) => {
      const { text, calls, steps, offered } = await ask(
        `tool name=${name} args={"a":1} before=Wait.`,
      );
      expect(text).toContain('Wait.');
      expect(text).toContain('The tool said: ');
      expect(calls).toMatchObject([
        { toolName: name, args: { a: 1 }, state: 'result', result: { error: expect.any(String) } },
      ]);
      const told = steps[1]?.at(-1);
      expect(told?.role).toBe('tool');
      expect(told?.content).toContain(`There is no tool “${name}”`);
      expect(told?.content).toContain('getWeather');
      // What it called is in its own words, and is not among what it may call.
      expect(JSON.stringify(steps[1]?.at(-2)?.tool_calls)).toContain(`"name":"${name}"`);
      expect(offered[1]).toEqual(offered[0]);
    },
  );

  it('with arguments that do not fit: it is told which, and tries again', async () => {
    const { calls, steps } = await ask('tool args={"town":"Oslo"} again={"city":7}');
    expect(steps).toHaveLength(3);
    expect(steps[1]?.at(-1)?.content).toContain('city: Required');
    expect(JSON.stringify(steps[1]?.at(-2)?.tool_calls)).toContain('town');
    expect(steps[2]?.at(-1)?.content).toContain('city: Expected string');
    expect(calls.map(({ args }) => args)).toEqual([{ town: 'Oslo' }, { city: 7 }]);
  });

  it('with arguments that nobody can read: they are kept as they came, and it is told so', async () => {
    const { calls, steps } = await ask('odd-tool kind=unreadable');
    expect(calls).toMatchObject([
      { toolName: 'getWeather', args: { unreadable: '{"city: Oslo]' } },
    ]);
    expect(steps[1]?.at(-1)?.content).toContain('no JSON object');
  });

  it.each(['[1]', '"Oslo"', '{"city":"Oslo","__proto__":{"a":1}}'])(
    'with what is no arguments at all (%s): it is told so',
    async (args) => {
      for (const name of ['getWeather', 'noSuchTool']) {
        const line = scenario('odd-tool', { kind: 'given', name, args });
        const { calls, steps } = await ask(line.slice(11, -2));
        expect(steps[1]?.at(-1)?.content).toMatch(/no JSON object|There is no tool/);
        expect(calls).toMatchObject([{ toolName: name, args: { unreadable: args } }]);
      }
    },
  );
});

describe('more tool calls than one answer may make', () => {
  it.each(['readDocument', 'noSuchTool'])(
    '(%s) are not carried out, and the model and the user are told so',
    async (name) => {
      const { calls, steps } = await ask(`odd-tool kind=many n=500 name=${name}`);
      expect(calls).toHaveLength(MAX_TOOL_CALLS + 1);
      const tooMany = `This answer has made ${MAX_TOOL_CALLS} tool calls, as many as one may.`;
      const results = calls.map((call) => (call.state === 'result' ? call.result : null));
      expect(results.at(-1)).toEqual({ error: expect.stringContaining(tooMany) });
      expect(JSON.stringify(results.slice(0, -1))).not.toContain(tooMany);
      expect(JSON.stringify(steps[1])).toContain(tooMany);
    },
  );
});

describe('an answer of 6 MB', () => {
  it('is ended at its bound, kept as shown, and cannot be continued; the next question can', async () => {
    const { person } = at;
    const body = person.message('[[scenario:bulk n=60 chars=100000]]');
    const answer = await (await person.send(body)).whole();
    expect(answer.ending).toMatchObject({ status: 'failed', error: { code: 'answer_too_long' } });
    const { messages } = await person.chat(body.id);
    expect(messages[1]).toMatchObject({ status: 'failed', content: answer.text });
    expect(answer.text.length).toBeGreaterThan(MAX_ANSWER_BYTES - 100);
    const page = await (await person.fetch(`/chat/${body.id}`)).text();
    expect(page.length).toBeLessThan(1_000_000);
    const more = await person.send({ ...body, continueOf: messages[1]?.id });
    expect(await more.refusal()).toMatchObject({ code: 'answer_too_long' });
    const next = person.message('[[scenario:tokens n=3]]', {
      id: body.id,
      parentId: messages[1]?.id ?? null,
    });
    expect((await (await person.send(next)).whole()).ending?.status).toBe('complete');
  });
});
