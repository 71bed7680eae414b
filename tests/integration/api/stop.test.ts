import { describe, expect, it } from 'vitest';
import { numberedTokens } from '@/tests/support/test-user';
import { waitUntil } from '@/tests/support/wait-until';
import { setUpInstallation } from './installation';

const installation = setUpInstallation();

/** Resolves once the model server has seen its client disconnect before the end of the answer. */
async function expectModelDisconnected(scenario: string): Promise<void> {
  await waitUntil(() => {
    expect(findAnswerRequest(scenario)?.endedBy).toBe('client');
  });
}

const findAnswerRequest = (scenario: string) =>
  installation.model.requests.find(
    (candidate) => candidate.purpose === 'answer' && candidate.scenario.includes(scenario),
  );

describe('stop', () => {
  it('closes the connection to the model and keeps the partial answer, which does not grow', async () => {
    const { user } = installation;
    const body = user.messageBody('[[scenario:tokens n=1000 rate=50]]');
    const answer = await user.send(body);
    await answer.readUntilText('t10 ');
    expect(await user.stop(body.id)).toEqual({ stopped: true });
    await expectModelDisconnected('n=1000');
    await answer.readToEnd();
    expect(answer.runEnded?.status).toBe('stopped');
    expect(answer.lines.at(-1)).toMatch(/^d:/);
    const storedAnswer = (await user.getChat(body.id)).messages[1];
    expect(storedAnswer).toMatchObject({ status: 'stopped', content: answer.text });
    expect(numberedTokens(1000).startsWith(answer.text)).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect((await user.getChat(body.id)).messages[1]).toEqual(storedAnswer);
  });

  it('works before the first token', async () => {
    const { user } = installation;
    const body = user.messageBody('[[scenario:hang at=first-token]]');
    const answer = await user.send(body);
    await waitUntil(() => expect(findAnswerRequest('at=first-token')).toBeDefined());
    await user.stop(body.id);
    await expectModelDisconnected('at=first-token');
    expect((await answer.readToEnd()).runEnded?.status).toBe('stopped');
    expect((await user.getChat(body.id)).messages[1]?.status).toBe('stopped');
  });

  it('works before the endpoint has sent its headers', async () => {
    const { user } = installation;
    const body = user.messageBody('[[scenario:hang at=headers]]');
    const answer = await user.send(body);
    await waitUntil(() => expect(findAnswerRequest('at=headers')).toBeDefined());
    await user.stop(body.id);
    await expectModelDisconnected('at=headers');
    expect((await answer.readToEnd()).runEnded?.status).toBe('stopped');
  });

  it('allows the conversation to continue', async () => {
    const { user } = installation;
    const body = user.messageBody('[[scenario:tokens n=900 rate=50]]');
    const answer = await user.send(body);
    await answer.readUntilText('t5 ');
    await user.stop(body.id);
    await answer.readToEnd();
    const parentId = answer.response.headers.get('x-message-id');
    const next = user.messageBody('[[scenario:tokens n=3]]', { id: body.id, parentId });
    expect((await (await user.send(next)).readToEnd()).text).toBe(numberedTokens(3));
    const { messages } = await user.getChat(body.id);
    expect(messages.map(({ status }) => status)).toEqual([
      'complete',
      'stopped',
      'complete',
      'complete',
    ]);
  });

  it('of an ended answer is not an error', async () => {
    const { user } = installation;
    const body = user.messageBody('[[scenario:tokens n=3]]');
    await (await user.send(body)).readToEnd();
    expect(await user.stop(body.id)).toEqual({ stopped: false });
  });

  it('is triggered by deleting a temporary chat', async () => {
    const { user } = installation;
    const settings = { temporary: true };
    const body = user.messageBody('[[scenario:tokens n=800 rate=50]]', { settings });
    const answer = await user.send(body);
    await answer.readUntilText('t5 ');
    expect((await user.fetch(`/api/chat/${body.id}`, { method: 'DELETE' })).status).toBe(204);
    await expectModelDisconnected('n=800');
    expect((await answer.readToEnd()).runEnded?.status).toBe('stopped');
    expect((await user.fetch(`/api/chat/${body.id}`)).status).toBe(404);
  });
});
