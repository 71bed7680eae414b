import type { UseChatHelpers } from '@ai-sdk/react';
import type { UIMessage } from 'ai';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ensureSession, getCurrentUser, resetSession } from '@/lib/client/account/session';
import type { ConversationInternals } from '@/lib/client/chat/conversation-internals';
import { createSendFetch } from '@/lib/client/chat/send-request';
import { useSend } from '@/lib/client/chat/use-send';
import { networkError, toErrorMessage } from '@/lib/client/http/request-error';
import type { ModelList, SessionInfo } from '@/lib/protocol/api';
import { createGate } from '@/tests/support/gate';

/** Session responses of the tests. */
const guest = (id: string): SessionInfo => ({
  user: { id, name: 'Guest', email: null, anonymous: true },
});

/** Answers of `/api/session` and `/api/models`; an error is a request without a response. */
let session: () => SessionInfo | Promise<SessionInfo>;
let models: () => ModelList;
let modelRef: string | null;
/** The ids of the displayed messages. */
const displayedIds: unknown[] = [];
/** The ids of the messages in requests, with the user named in the request. */
const sent: Array<{ id: string; user: string | null }> = [];
/** The error of the last send. */
let errorMessage: string | undefined;
/** Aborts the last send. */
let abort: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  resetSession();
  session = () => guest('ada');
  modelRef = null;
  displayedIds.length = 0;
  sent.length = 0;
  vi.stubGlobal('fetch', async (path: string) =>
    Response.json(path === '/api/session' ? await session() : models()),
  );
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Runs the hook once, with a useChat whose requests get no response. */
function createSend() {
  const fetchAnswer = async (_: unknown, init?: RequestInit) => {
    const { id } = JSON.parse(String(init?.body)).message;
    sent.push({ id, user: getCurrentUser()?.id ?? null });
    throw networkError(null);
  };
  const internals: ConversationInternals = {
    chatId: 'c1',
    chat: {
      current: {
        messages: [],
        setData: () => {},
        append: async (message: UIMessage) => {
          displayedIds.push(message.id);
          const { current: request } = internals.requestRef;
          if (!request) throw new Error('There is no request.');
          request.displayedMessages = [message];
          const controller = new AbortController();
          abort = () => controller.abort();
          try {
            await sendFetch('/api/chat', { signal: controller.signal });
          } catch (error) {
            request.error = error as Error;
            errorMessage = toErrorMessage(error);
          }
          internals.requestRef.current = null;
          request.settle('rejected');
        },
      } as unknown as UseChatHelpers,
    },
    options: {
      current: {
        chatId: 'c1',
        initialMessages: [],
        updatedAt: null,
        hasQueue: false,
        get modelRef() {
          return modelRef;
        },
        getNewChatSettings: () => undefined,
        onSendFinished: () => {},
      },
    },
    requestRef: { current: null },
    requestCount: { current: 0 },
    hasNavigatedAway: { current: false },
    pendingSelection: { current: Promise.resolve() },
    snapshotUpdatedAt: { current: null },
    setters: {
      setErrorMessage: () => {},
      setStopping: () => {},
      setReconnecting: () => {},
      setUnsaved: () => {},
      setPartialAnswer: () => {},
      setSiblings: () => {},
      setUnavailableReason: () => {},
      setUsesQueue: () => {},
    },
  };
  const sendFetch = createSendFetch(internals, fetchAnswer);
  let result: ReturnType<typeof useSend> | undefined;
  renderToStaticMarkup(
    createElement(() => {
      result = useSend(internals, async () => undefined);
      return null;
    }),
  );
  if (!result) throw new Error('The hook did not run.');
  return result.send;
}

it('a send without a model says so if the server has none', async () => {
  models = () => ({ models: [], defaultRef: null, problems: [] });
  expect(await createSend()('Hello')).toBe('rejected');
  expect(errorMessage).toContain('No model is available yet.');
});

it('a send without a model says so if the server is unreachable', async () => {
  models = () => {
    throw new TypeError('Failed to fetch');
  };
  expect(await createSend()('Hello')).toBe('rejected');
  expect(errorMessage).toContain('Couldn’t reach the server.');
});

it('a repeated send has the same id after a send that was rejected before its request', async () => {
  const send = createSend();
  modelRef = 'demo';
  await send('Hello');
  modelRef = null;
  models = () => ({ models: [], defaultRef: null, problems: [] });
  await send('Hello');
  modelRef = 'demo';
  await send('Hello');
  expect(sent).toHaveLength(2);
  expect(sent[1]?.id).toBe(sent[0]?.id);
});

describe('a message that is sent before the page knows its user', () => {
  beforeEach(async () => {
    session = () => ({ user: null });
    await ensureSession();
    resetSession();
    modelRef = 'demo';
  });

  it('is displayed immediately and sent as that user', async () => {
    const gate = createGate();
    session = async () => {
      await gate.opened;
      return guest('bob');
    };
    const outcome = createSend()('Hello');
    expect(displayedIds).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(sent).toEqual([]);
    gate.open();
    await outcome;
    expect(sent).toEqual([{ id: displayedIds[0], user: 'bob' }]);
  });

  it('is not sent if the server stays unreachable', async () => {
    let attempts = 0;
    session = () => {
      attempts += 1;
      throw new TypeError('Failed to fetch');
    };
    const outcome = createSend()('Hello');
    await vi.runAllTimersAsync();
    expect(await outcome).toBe('rejected');
    expect(attempts).toBe(3);
    expect(errorMessage).toContain('Couldn’t reach the server.');
    expect(sent).toEqual([]);
  });

  it('is not sent after it was stopped', async () => {
    const gate = createGate();
    session = async () => {
      await gate.opened;
      return guest('bob');
    };
    const outcome = createSend()('Hello');
    abort();
    expect(await outcome).toBe('rejected');
    gate.open();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(sent).toEqual([]);
  });
});
