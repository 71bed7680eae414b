import { describe, expect, it } from 'vitest';
import { sendBody } from '@/lib/client/chat/send-body';

const question = { id: 'u1', content: 'Hello' };
const answer = { id: 'a1', content: 'Hi' };
const next = { id: 'u2', content: 'And?' };

describe('a send', () => {
  it('carries only the new message, and says which one it answers to', () => {
    expect(sendBody('c', [question, answer, next], 'demo/demo')).toEqual({
      id: 'c',
      message: { id: 'u2', role: 'user', parts: [{ type: 'text', text: 'And?' }] },
      parentId: 'a1',
      selectedChatModel: 'demo/demo',
      timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    });
  });

  it('begins a chat with no parent', () => {
    expect(sendBody('c', [question], 'demo/demo').parentId).toBeNull();
  });

  it('names the answer that a retry replaces', () => {
    const body = sendBody('c', [question], 'demo/demo', { retryOf: 'a1' });
    expect(body.retryOf).toBe('a1');
    expect(body).not.toHaveProperty('continueOf');
  });

  it('names the answer to go on with, and repeats its question', () => {
    const body = sendBody('c', [question, answer, next], 'demo/demo', { continueOf: 'a2' });
    expect(body).toMatchObject({ message: { id: 'u2' }, parentId: 'a1', continueOf: 'a2' });
    expect(body).not.toHaveProperty('retryOf');
  });
});
