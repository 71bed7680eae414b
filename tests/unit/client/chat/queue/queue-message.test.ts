import { beforeEach, expect, it, vi } from 'vitest';
import type { ConversationInternals } from '@/lib/client/chat/conversation-internals';
import { queueMessage } from '@/lib/client/chat/queue/queue-message';
import { api } from '@/lib/client/http/api';
import { RequestError } from '@/lib/client/http/request-error';
import type { QueueMessageBody } from '@/lib/protocol/api';
import { createGate } from '@/tests/support/gate';

vi.mock('@/lib/client/http/api', () => ({ api: vi.fn() }));
vi.mock('@/lib/client/browser/wait', () => ({ sleep: () => Promise.resolve() }));

const setErrorMessage = vi.fn();

function conversation(chatId: string, request: unknown = null): ConversationInternals {
  return {
    chatId,
    chat: { current: { messages: [{ id: 'q1' }, { id: 'a1' }] } },
    requestRef: { current: request },
    setters: { setErrorMessage, setUsesQueue: () => {} },
  } as unknown as ConversationInternals;
}

const bodies = () => vi.mocked(api).mock.calls.map(([, init]) => init?.json as QueueMessageBody);
const noResponse = () => new RequestError('network', 'No response.', 0);

beforeEach(() => {
  vi.mocked(api).mockReset().mockResolvedValue([]);
  setErrorMessage.mockReset();
});

it('queues messages in the order in which they were written', async () => {
  const gate = createGate();
  vi.mocked(api).mockImplementationOnce(async () => {
    await gate.opened;
    return [];
  });
  const one = queueMessage(conversation('order'), 'one');
  const two = queueMessage(conversation('order'), 'two');
  await vi.waitFor(() => expect(bodies()).toHaveLength(1));
  gate.open();
  expect(await Promise.all([one, two])).toEqual(['accepted', 'accepted']);
  expect(bodies().map(({ text }) => text)).toEqual(['one', 'two']);
  expect(bodies()[0]).toMatchObject({ answerId: 'a1' });
});

it('waits for the id of an answer that is being requested', async () => {
  const gate = createGate();
  const request = {
    kind: 'send',
    messageId: undefined as string | undefined,
    outcome: gate.opened.then(() => 'accepted'),
  };
  const queued = queueMessage(conversation('pending', request), 'one');
  request.messageId = 'a2';
  expect(bodies()).toEqual([]);
  gate.open();
  expect(await queued).toBe('accepted');
  expect(bodies()[0]?.answerId).toBe('a2');
});

it('queues nothing after a message that is rejected', async () => {
  const request = { kind: 'send', outcome: Promise.resolve('rejected') };
  expect(await queueMessage(conversation('rejected', request), 'one')).toBe('rejected');
  expect(bodies()).toEqual([]);
});

it('uses the same id for the same text until there is a response', async () => {
  vi.mocked(api).mockRejectedValue(noResponse());
  expect(await queueMessage(conversation('offline'), 'one')).toBe('rejected');
  expect(setErrorMessage).toHaveBeenLastCalledWith('No response.');
  vi.mocked(api).mockResolvedValue([]);
  expect(await queueMessage(conversation('offline'), 'one')).toBe('accepted');
  expect(new Set(bodies().map(({ id }) => id)).size).toBe(1);
  expect(await queueMessage(conversation('offline'), 'one')).toBe('accepted');
  expect(new Set(bodies().map(({ id }) => id)).size).toBe(2);
});
