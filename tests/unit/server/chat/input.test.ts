import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { LIMITS } from '@/lib/protocol/api';
import { AppError } from '@/lib/protocol/errors';
import { sendMessageSchema } from '@/lib/server/chat/input';
import { parseInput } from '@/lib/server/http/route';

/** Returns the error code with which a send request is rejected; null if it is accepted. */
function rejectionOf(text: string, target: object = {}): string | null {
  const message = { id: randomUUID(), role: 'user', parts: [{ type: 'text', text }] };
  const ids = { id: randomUUID(), parentId: null };
  const body = { ...ids, message, selectedChatModel: 'demo/demo', ...target };
  try {
    parseInput(sendMessageSchema, body);
    return null;
  } catch (error) {
    return AppError.from(error).code;
  }
}

describe('a send request', () => {
  it.each(['retryOf', 'continueOf'])('for a stored message, with %s, needs no text', (field) => {
    const target = { [field]: randomUUID() };
    expect(rejectionOf('', target)).toBeNull();
    expect(rejectionOf('x'.repeat(LIMITS.messageChars + 1), target)).toBe('message_too_long');
  });

  it('with a new message needs a text', () => {
    expect(rejectionOf('Hello')).toBeNull();
    for (const text of ['', ' \n\t ']) {
      expect(rejectionOf(text)).toBe('message_empty');
      expect(rejectionOf(text, { answerId: randomUUID() })).toBe('message_empty');
      expect(rejectionOf(text, { retryOf: 'none' })).toBe('bad_request');
    }
  });
});
