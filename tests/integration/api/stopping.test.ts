import { describe, expect, it } from 'vitest';
import { installation } from './fixture';
import { eventually, numbers } from './person';

const at = installation();

/** Resolves once the model saw that its client closed the connection, before the answer was over. */
async function clientLeftModel(scenario: string): Promise<void> {
  await eventually(() => {
    const found = at.model.requests.find((candidate) => candidate.scenario.includes(scenario));
    expect(found?.endedBy).toBe('client');
  });
}

describe('stop', () => {
  it('closes the connection to the model, keeps what had come, and that does not grow back', async () => {
    const { person } = at;
    const body = person.message('[[scenario:tokens n=1000 rate=50]]');
    const answer = await person.send(body);
    await answer.until('t10 ');
    expect(await person.stop(body.id)).toEqual({ stopped: true });
    await clientLeftModel('n=1000');
    await answer.whole();
    expect(answer.ending?.status).toBe('stopped');
    expect(answer.lines.at(-1)).toMatch(/^d:/);
    const kept = (await person.chat(body.id)).messages[1];
    expect(kept).toMatchObject({ status: 'stopped', content: answer.text });
    expect(numbers(1000).startsWith(answer.text)).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect((await person.chat(body.id)).messages[1]).toEqual(kept);
  });

  it('works before the first token', async () => {
    const { person } = at;
    const body = person.message('[[scenario:hang at=first-token]]');
    const answer = await person.send(body);
    await eventually(() => expect(at.model.openAnswers()).toBe(1));
    await person.stop(body.id);
    await clientLeftModel('at=first-token');
    expect((await answer.whole()).ending?.status).toBe('stopped');
    expect((await person.chat(body.id)).messages[1]?.status).toBe('stopped');
  });

  it('works while the endpoint has not even answered with headers', async () => {
    const { person } = at;
    const body = person.message('[[scenario:hang at=headers]]');
    const answer = await person.send(body);
    await eventually(() => expect(at.model.openAnswers()).toBe(1));
    await person.stop(body.id);
    await clientLeftModel('at=headers');
    expect((await answer.whole()).ending?.status).toBe('stopped');
  });

  it('lets the conversation go on', async () => {
    const { person } = at;
    const body = person.message('[[scenario:tokens n=900 rate=50]]');
    const answer = await person.send(body);
    await answer.until('t5 ');
    await person.stop(body.id);
    await answer.whole();
    const parentId = answer.response.headers.get('x-message-id');
    const next = person.message('[[scenario:tokens n=3]]', { id: body.id, parentId });
    expect((await (await person.send(next)).whole()).text).toBe(numbers(3));
    const { messages } = await person.chat(body.id);
    expect(messages.map(({ status }) => status)).toEqual([
      'complete',
      'stopped',
      'complete',
      'complete',
    ]);
  });

  it('of what has ended is no error', async () => {
    const { person } = at;
    const body = person.message('[[scenario:tokens n=3]]');
    await (await person.send(body)).whole();
    expect(await person.stop(body.id)).toEqual({ stopped: false });
  });

  it('comes with the deletion of a chat', async () => {
    const { person } = at;
    const body = person.message('[[scenario:tokens n=800 rate=50]]');
    const answer = await person.send(body);
    await answer.until('t5 ');
    expect((await person.fetch(`/api/chat/${body.id}`, { method: 'DELETE' })).status).toBe(204);
    await clientLeftModel('n=800');
    expect((await answer.whole()).ending?.status).toBe('stopped');
    expect((await person.fetch(`/api/chat/${body.id}`)).status).toBe(404);
  });
});
