import { describe, expect, it } from 'vitest';
import { buildSendBody } from '@/lib/client/chat/build-send-body';

const userMessage = { id: 'u1', content: 'Hello' };
const answer = { id: 'a1', content: 'Hi' };
const next = { id: 'u2', content: 'And?' };

describe('the body of a send', () => {
  it('has only the new message and the id of its parent', () => {
    expect(buildSendBody('c', [userMessage, answer, next], 'demo/demo')).toEqual({
      id: 'c',
      message: { id: 'u2', role: 'user', parts: [{ type: 'text', text: 'And?' }] },
      parentId: 'a1',
      selectedChatModel: 'demo/demo',
      timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    });
  });

  it('has no parent for a new chat', () => {
    expect(buildSendBody('c', [userMessage], 'demo/demo').parentId).toBeNull();
  });

  it('has the settings of a new chat', () => {
    const settings = { systemPrompt: 'Be brief.' };
    const body = buildSendBody('c', [userMessage], 'demo/demo', { settings });
    expect(body.settings).toEqual(settings);
  });

  it('has the id of the answer to regenerate', () => {
    const body = buildSendBody('c', [userMessage], 'demo/demo', { retryOf: 'a1' });
    expect(body.retryOf).toBe('a1');
    expect(body).not.toHaveProperty('continueOf');
  });

  it('has the id of the answer to continue, and repeats its user message', () => {
    const body = buildSendBody('c', [userMessage, answer, next], 'demo/demo', { continueOf: 'a2' });
    expect(body).toMatchObject({ message: { id: 'u2' }, parentId: 'a1', continueOf: 'a2' });
    expect(body).not.toHaveProperty('retryOf');
  });
});
