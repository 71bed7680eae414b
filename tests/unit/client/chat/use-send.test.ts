import type { UseChatHelpers } from '@ai-sdk/react';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ConversationInternals } from '@/lib/client/chat/conversation-internals';
import { useSend } from '@/lib/client/chat/use-send';
import { networkError } from '@/lib/client/http/request-error';
import type { ModelList } from '@/lib/protocol/api';

/** Answers of `/api/models`; an error is a request without a response. */
let models: () => ModelList;
let modelRef: string | null;
const errorMessages: Array<string | null> = [];
/** The ids of the messages that were given to useChat; every send of them fails. */
const sentIds: unknown[] = [];

beforeEach(() => {
  modelRef = null;
  errorMessages.length = 0;
  sentIds.length = 0;
  vi.stubGlobal('fetch', async (path: string) => {
    if (path !== '/api/models') throw new TypeError('Failed to fetch');
    return new Response(JSON.stringify(models()));
  });
});
afterEach(() => vi.unstubAllGlobals());

/** Runs the hook once, with a useChat whose requests get no response. */
function createSend() {
  const internals: ConversationInternals = {
    chatId: 'c1',
    chat: {
      current: {
        messages: [],
        setData: () => {},
        append: async ({ id }: { id: string }) => {
          sentIds.push(id);
          const { current: request } = internals.requestRef;
          if (!request) throw new Error('There is no request.');
          request.error = networkError(null);
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
    snapshotUpdatedAt: { current: null },
    setters: {
      setErrorMessage: (text) => errorMessages.push(text),
      setStopping: () => {},
      setReconnecting: () => {},
      setUnsaved: () => {},
      setPartialAnswer: () => {},
      setSiblings: () => {},
      setUnavailableReason: () => {},
    },
  };
  let result: ReturnType<typeof useSend> | undefined;
  renderToStaticMarkup(
    createElement(() => {
      result = useSend(internals);
      return null;
    }),
  );
  if (!result) throw new Error('The hook did not run.');
  return result.send;
}

it('a send without a model says so if the server has none', async () => {
  models = () => ({ models: [], defaultRef: null, problems: [] });
  expect(await createSend()('Hello')).toBe('rejected');
  expect(errorMessages.at(-1)).toContain('No model is available yet.');
});

it('a send without a model says so if the server is unreachable', async () => {
  models = () => {
    throw new TypeError('Failed to fetch');
  };
  expect(await createSend()('Hello')).toBe('rejected');
  expect(errorMessages.at(-1)).toContain('Couldn’t reach the server.');
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
  expect(sentIds).toHaveLength(2);
  expect(sentIds[1]).toBe(sentIds[0]);
});
