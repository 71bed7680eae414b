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
    });
  });

  it('begins a chat with no parent', () => {
    expect(sendBody('c', [question], 'demo/demo').parentId).toBeNull();
  });

  it('names the answer that a retry replaces', () => {
    expect(sendBody('c', [question], 'demo/demo', 'a1').retryOf).toBe('a1');
  });
});
