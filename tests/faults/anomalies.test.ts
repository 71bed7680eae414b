import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ErrorCode } from '@/lib/errors';
import { numbers, Person } from '@/tests/integration/api/person';
import type { ModelServer } from '@/tests/support/model-server';
import { ODD_STREAM_TEXT } from '@/tests/support/model-server/odd-streams';
import { Tab } from '@/tests/support/tab';
import { setStage } from './stage';

/** What endpoints do, as the person sees it: through the whole app, and as it is kept. */
describe('an endpoint', () => {
  const stage = setStage();
  let model: ModelServer;
  let person: Person;

  beforeAll(async () => {
    model = await stage.model();
    const app = await stage.app({
      POSTGRES_URL: await stage.database(),
      OPENAI_BASE_URL: model.baseUrl,
      MODEL_IDLE_TIMEOUT_MS: '3000',
    });
    person = await Person.arrive(app.baseUrl);
  });
  afterEach(() => model.setScenario(null));

  async function ask(scenario: string) {
    model.setScenario(scenario);
    const body = person.message('Go on, please.');
    const tab = await Tab.send(person, body);
    const follower = await Tab.open(person, body.id);
    for (const reader of [tab, follower]) expect(await reader.over).toBe('ended');
    // The browser's half of the SDK drops what follows an error line.
    expect(tab.lines.filter((line) => line.startsWith('3:'))).toEqual([]);
    expect(follower.text).toBe(tab.text);
    const kept = (await person.chat(body.id)).messages[1];
    expect(kept?.content).toBe(tab.text);
    expect(kept?.status).toBe(tab.ending?.status);
    return { body, tab, kept };
  }

  it.each([
    ...['crlf', 'bytes', 'comments', 'multi-line', 'empty-chunks', 'surrogates', 'no-done'],
    ...['no-finish', 'parts', 'left-open'],
  ])('that writes its stream its own way (%s) is understood to the letter', async (kind) => {
    const { tab } = await ask(`stream kind=${kind}`);
    expect(tab.ending?.status).toBe('complete');
    expect(tab.text).toBe(ODD_STREAM_TEXT);
  });

  it.each([
    ...['no-type', 'no-id', 'no-index', 'placeholder', 'object-args', 'double-encoded', 'trailing'],
    ...['late-name', 'same-index', 'repeated-head', 'gap-index'],
  ])('that calls a tool its own way (%s) has it called with what it meant', async (kind) => {
    for (const finish of ['tool_calls', 'stop']) {
      const { tab, kept } = await ask(`odd-tool kind=${kind} finish=${finish}`);
      expect(tab.ending?.status).toBe('complete');
      expect(tab.text).toContain('The tool said:');
      const calls = kept?.parts.filter(({ type }) => type === 'tool-invocation');
      expect(calls?.[0]).toMatchObject({
        toolInvocation: { toolName: 'getWeather', args: { city: 'Oslo' }, state: 'result' },
      });
    }
  });

  it.each([
    ['a tool that is not there', 'tool name=noSuchTool before=Wait.', 'no tool “noSuchTool”'],
    [
      'a tool with what it cannot take',
      'tool name=getWeather args={"town":1} before=Wait.',
      'city: Required',
    ],
    ['a tool in words that nobody can read', 'odd-tool kind=unreadable', 'no JSON object'],
    ['a tool that is not there, with nothing', 'odd-tool kind=no-args', 'no tool “now”'],
  ])('that calls %s: it is told what was wrong, and goes on', async (_, scenario, problem) => {
    const { tab } = await ask(scenario);
    expect(tab.ending).toMatchObject({ status: 'complete' });
    expect(tab.text).toMatch(
      scenario.includes('before') ? /^Wait\.The tool said/ : /^The tool said/,
    );
    expect(tab.text).toContain(problem);
  });

  it('that comes to its limit within the call of a tool: the reason is said', async () => {
    const { tab } = await ask('odd-tool kind=unreadable finish=length');
    expect(tab.ending).toMatchObject({ status: 'failed', error: { code: 'endpoint_bad_answer' } });
    expect(tab.ending?.error?.message).toContain('length limit');
  });

  const failures: Array<[scenario: string, code: ErrorCode]> = [
    ['error form=detail after=10', 'endpoint_failed'],
    ['error form=event after=10', 'endpoint_failed'],
    ['error form=finish after=10', 'endpoint_failed'],
    ['hang at=middle after=10', 'endpoint_timeout'],
  ];
  it.each(failures)(
    'that breaks off (%s): what came is kept, the reason is said, a retry is one click',
    async (scenario, code) => {
      const { body, tab, kept } = await ask(scenario);
      expect(tab.text).toBe(numbers(10));
      expect(tab.ending).toMatchObject({ status: 'failed', error: { code } });
      expect(tab.ending?.error?.message).toMatch(/^The model endpoint /);
      expect(kept?.annotations[0]).toEqual(tab.ending);
      model.setScenario('tokens n=4');
      const retried = await Tab.send(person, { ...body, retryOf: kept?.id });
      expect(await retried.over).toBe('ended');
      expect(retried.text).toBe(numbers(4));
      expect((await person.chat(body.id)).messages).toHaveLength(2);
    },
  );

  it.each(['json', 'redirect'])(
    'that answers with something else than a stream (%s)',
    async (scenario) => {
      const { tab } = await ask(scenario);
      if (scenario === 'json') {
        expect(tab.text).toBe('A whole answer.');
        expect(tab.ending?.status).toBe('complete');
      } else {
        expect(tab.ending).toMatchObject({ status: 'failed' });
        expect(tab.ending?.error?.code).toMatch(/^endpoint_/);
      }
    },
  );

  it('that thinks in tags, in fields or never to an end has its thoughts told from its answer', async () => {
    for (const [scenario, thoughts, text] of [
      ['think n=3', 'r0 r1 r2 r3 r4', numbers(3)],
      ['think n=3 end=never', 'r0 r1 r2 r3 r4', ''],
      ['reasoning n=3', 'r0 r1 r2 r3 r4 ', numbers(3)],
      ['reasoning n=3 field=reasoning', 'r0 r1 r2 r3 r4 ', numbers(3)],
    ] as const) {
      const { tab, kept } = await ask(scenario);
      expect(tab.text).toBe(text);
      const reasoning = kept?.parts.find((part) => part.type === 'reasoning');
      expect(reasoning?.type === 'reasoning' && reasoning.reasoning.trim()).toBe(thoughts.trim());
    }
  });

  it('that comes to its limit says so', async () => {
    const { tab } = await ask('length n=10');
    expect(tab.text).toBe(numbers(10));
    expect(tab.ending).toMatchObject({ status: 'complete', finishReason: 'length' });
  });
});
