import { describe, expect, it, vi } from 'vitest';
import type { SendMessageBody } from '@/lib/protocol/api';
import { DEFAULT_CHAT_SETTINGS } from '@/lib/protocol/chat-settings';
import { foldLines } from '@/lib/protocol/fold-message';
import { splitLines } from '@/lib/protocol/lines';
import {
  CHAT_LIMITS,
  type ChatState,
  type PlannedTurn,
  planTurn,
  type TreeMessage,
} from '@/lib/server/chat/plan-turn';
import { MAX_ANSWER_BYTES } from '@/lib/server/runs/answer-size';

const userMessage = (id: string, parentId: string | null = null): TreeMessage => ({
  id,
  parentId,
  role: 'user',
  parts: [{ type: 'text', text: `Message ${id}` }],
  status: 'complete',
  finishReason: null,
  usage: null,
  timing: null,
  selectedAt: 1,
});
const answer = (id: string, parentId: string, rest: Partial<TreeMessage> = {}): TreeMessage => ({
  id,
  parentId,
  role: 'assistant',
  parts: [{ type: 'step-start' }, { type: 'text', text: 'Half an ans' }],
  status: 'complete',
  finishReason: 'stop',
  usage: null,
  timing: null,
  selectedAt: 1,
  ...rest,
});
const chat = (...messages: TreeMessage[]): ChatState => ({
  ownerId: 'ada',
  settings: DEFAULT_CHAT_SETTINGS,
  version: '1',
  messages,
});
const body = (id: string, rest: Partial<SendMessageBody> = {}): SendMessageBody => ({
  id: 'chat',
  message: { id, role: 'user', parts: [{ type: 'text', text: 'And now?' }] },
  parentId: null,
  selectedChatModel: 'm',
  ...rest,
});
const NOW = '2026-11-30T14:05:00.000Z';
const plan = (sendBody: SendMessageBody, state: ChatState | null, userId = 'ada') =>
  planTurn(sendBody, userId, state, 'new-answer', new Date(NOW));
const errorWith = (code: string) => expect.objectContaining({ code });

describe('a message', () => {
  it('starts a chat or follows the last answer of one', () => {
    expect(plan(body('q1'), null)).toMatchObject({
      newUserMessage: { id: 'q1', parentId: null, text: 'And now?' },
      answerId: 'new-answer',
      firstLines: 'f:{"messageId":"new-answer"}\n',
    });
    const state = chat(userMessage('q1'), answer('a1', 'q1'));
    expect(plan(body('q2', { parentId: 'a1' }), state)).toMatchObject({
      newUserMessage: { id: 'q2', parentId: 'a1' },
    });
  });

  it('from an outdated page changes nothing', () => {
    const state = chat(
      userMessage('q1'),
      answer('a1', 'q1'),
      userMessage('q2', 'a1'),
      answer('a2', 'q2'),
    );
    expect(() => plan(body('q3', { parentId: 'a1' }), state)).toThrow(errorWith('chat_changed'));
  });

  it('has to wait for the running answer', () => {
    const state = chat(userMessage('q1'), answer('a1', 'q1', { status: 'running' }));
    expect(() => plan(body('q2', { parentId: 'a1' }), state)).toThrow(errorWith('run_in_progress'));
  });

  it('that was received before is answered once', () => {
    const state = chat(userMessage('q1'), answer('a1', 'q1', { status: 'running' }));
    expect(plan(body('q1'), state)).toEqual({ existingAnswerId: 'a1' });
  });

  it('for a chat of another user is answered with "chat not found"', () => {
    expect(() => plan(body('q1'), chat(), 'eve')).toThrow(errorWith('chat_not_found'));
  });
});

describe('a regenerated answer', () => {
  it('becomes a sibling of the old one, and is created once', () => {
    const old = chat(userMessage('q1'), answer('a1', 'q1'));
    expect(plan(body('q1', { retryOf: 'a1' }), old)).toMatchObject({
      newUserMessage: null,
      userMessageId: 'q1',
      answerId: 'new-answer',
    });
    const chatWithAnswer = chat(userMessage('q1'), answer('a1', 'q1'), answer('new-answer', 'q1'));
    expect(plan(body('q1', { retryOf: 'a1' }), chatWithAnswer)).toEqual({
      existingAnswerId: 'new-answer',
    });
  });

  it('can be requested again if an older version is open', () => {
    const chatWithSiblings = chat(
      userMessage('q1'),
      answer('a1', 'q1', { selectedAt: 3 }),
      answer('a2', 'q1', { selectedAt: 2 }),
    );
    expect(plan(body('q1', { retryOf: 'a1' }), chatWithSiblings)).toMatchObject({
      answerId: 'new-answer',
    });
  });

  it('is rejected for a page that does not show the end of the active branch', () => {
    const retry = body('q1', { retryOf: 'a1' });
    const outdated = [
      userMessage('q1'),
      answer('a1', 'q1'),
      userMessage('q2', 'a1'),
      answer('a2', 'q2'),
    ];
    expect(() => plan(retry, chat(...outdated))).toThrow(errorWith('chat_changed'));
    const other = [userMessage('q1'), answer('a1', 'q1'), answer('a2', 'q1', { selectedAt: 2 })];
    expect(() => plan(retry, chat(...other))).toThrow(errorWith('chat_changed'));
    expect(() => plan(retry, null)).toThrow(errorWith('chat_changed'));
    const live = [userMessage('q1'), answer('a1', 'q1'), answer('a2', 'q1', { status: 'running' })];
    expect(() => plan(retry, chat(...live))).toThrow(errorWith('chat_changed'));
    const running = [userMessage('q1'), answer('a1', 'q1', { status: 'running' })];
    expect(() => plan(retry, chat(...running))).toThrow(errorWith('run_in_progress'));
  });

  it('cannot use the id of another message of the chat', () => {
    const state = chat(userMessage('q1'), answer('a1', 'q1'), userMessage('new-answer', 'a1'));
    expect(() => plan(body('q1', { retryOf: 'a1' }), state)).toThrow(errorWith('conflict'));
  });
});

describe('a new branch', () => {
  const state = (status: TreeMessage['status'] = 'complete') =>
    chat(
      userMessage('q1'),
      answer('a1', 'q1'),
      userMessage('q2', 'a1'),
      answer('a2', 'q2', { status }),
    );
  const edit = (rest: Partial<SendMessageBody>) =>
    body('q1-new', { editOf: 'q1', branchEnd: 'a2', ...rest });

  it.each(['complete', 'running', 'failed'] as const)(
    'starts with an edited message or a regenerated answer while the last answer is %s',
    (status) => {
      expect(plan(edit({}), state(status))).toMatchObject({
        newUserMessage: { id: 'q1-new', parentId: null },
      });
      expect(plan(edit({ editOf: 'q2', parentId: 'a1' }), state(status))).toMatchObject({
        newUserMessage: { id: 'q1-new', parentId: 'a1' },
      });
      expect(plan(body('q1', { retryOf: 'a1', branchEnd: 'a2' }), state(status))).toMatchObject({
        newUserMessage: null,
        userMessageId: 'q1',
      });
    },
  );

  it('is rejected for a page that does not show the end of the active branch', () => {
    for (const branchEnd of ['a1', undefined]) {
      expect(() => plan(edit({ branchEnd }), state())).toThrow(errorWith('chat_changed'));
    }
    const regeneration = body('q1', { retryOf: 'a1', branchEnd: 'a1' });
    expect(() => plan(regeneration, state())).toThrow(errorWith('chat_changed'));
  });

  it('is rejected unless the edited message is a sibling of the new one', () => {
    for (const invalid of [{ editOf: 'a1' }, { editOf: 'gone' }, { parentId: 'a1' }]) {
      expect(() => plan(edit(invalid), state())).toThrow(errorWith('chat_changed'));
    }
    expect(() => plan(edit({}), null)).toThrow(errorWith('chat_changed'));
  });

  it('starts once for a repeated edit', () => {
    const repeated = chat(...state().messages, userMessage('q1-new'), answer('a3', 'q1-new'));
    expect(plan(edit({}), repeated)).toEqual({ existingAnswerId: 'a3' });
  });
});

describe('continuing an answer', () => {
  const continueBody = body('q1', { continueOf: 'a1' });

  it.each(['stopped', 'interrupted', 'failed'] as const)(
    'is possible for one that was %s',
    (status) => {
      const state = chat(userMessage('q1'), answer('a1', 'q1', { status }));
      expect(plan(continueBody, state)).toMatchObject({
        newUserMessage: null,
        answerId: 'a1',
        continueFrom: { status },
        firstLines:
          'f:{"messageId":"a1"}\n0:"Half an ans"\n' +
          '8:[{"type":"timing","firstTokenMs":null,"generationMs":0},' +
          `{"type":"continued","at":"${NOW}","after":"${status}","chars":11}]\n`,
      });
    },
  );

  it('keeps when it was continued before', () => {
    const earlier = { at: '2026-11-30T14:00:00.000Z', after: 'stopped', chars: 4 } as const;
    const timing = { firstTokenMs: 40, continuations: [earlier] };
    const state = chat(userMessage('q1'), answer('a1', 'q1', { status: 'interrupted', timing }));
    const { firstLines } = plan(continueBody, state) as PlannedTurn;
    expect(foldLines(splitLines(firstLines)).timing).toEqual({
      firstTokenMs: 40,
      continuations: [earlier, { at: NOW, after: 'interrupted', chars: 11 }],
    });
  });

  it('is possible for one that reached its limit', () => {
    for (const finishReason of ['length', 'tool-calls']) {
      const state = chat(userMessage('q1'), answer('a1', 'q1', { finishReason }));
      expect(plan(continueBody, state)).toMatchObject({ answerId: 'a1' });
    }
  });

  it('is rejected at the size limit of an answer', () => {
    const text = 'x'.repeat(MAX_ANSWER_BYTES);
    const longAnswer = answer('a1', 'q1', { status: 'failed', parts: [{ type: 'text', text }] });
    expect(() => plan(continueBody, chat(userMessage('q1'), longAnswer))).toThrow(
      errorWith('answer_too_long'),
    );
  });

  it('is rejected for a complete or running answer', () => {
    for (const status of ['complete', 'running'] as const) {
      const state = chat(userMessage('q1'), answer('a1', 'q1', { status }));
      expect(plan(continueBody, state)).toEqual({ existingAnswerId: 'a1' });
    }
  });

  it('is rejected for an answer that is no longer the last one', () => {
    const state = chat(
      userMessage('q1'),
      answer('a1', 'q1', { status: 'stopped' }),
      userMessage('q2', 'a1'),
      answer('a2', 'q2'),
    );
    expect(() => plan(continueBody, state)).toThrow(errorWith('chat_changed'));
    expect(() => plan(continueBody, null)).toThrow(errorWith('chat_changed'));
  });
});

describe('a full chat', () => {
  const longAnswer = 'x'.repeat(CHAT_LIMITS.chars);
  const manyMessages = Array.from({ length: CHAT_LIMITS.messages - 2 }, (_, at) =>
    userMessage(`old-${at}`, 'x'),
  );
  const last = [userMessage('q1'), answer('a1', 'q1')];
  it.each([
    [
      'of text',
      [userMessage('q1'), answer('a1', 'q1', { parts: [{ type: 'text', text: longAnswer }] })],
    ],
    ['of messages', [...manyMessages, ...last]],
    [
      'of hidden versions',
      [
        ...last,
        {
          ...userMessage('q0'),
          selectedAt: 0,
          parts: [{ type: 'text' as const, text: longAnswer }],
        },
      ],
    ],
  ])('%s accepts no more messages and returns its stored answers', (_, messages) => {
    const state = chat(...messages);
    expect(() => plan(body('q2', { parentId: 'a1' }), state)).toThrow(errorWith('chat_too_long'));
    expect(plan(body('q1'), state)).toEqual({ existingAnswerId: 'a1' });
    expect(plan(body('q2', { parentId: 'a1' }), chat(...last))).toMatchObject({
      newUserMessage: { id: 'q2' },
    });
  });

  const answerWithToolCall = (args: unknown, result: unknown): TreeMessage =>
    answer('a1', 'q1', {
      parts: [
        {
          type: 'tool-invocation',
          toolInvocation: {
            state: 'result',
            step: 0,
            toolCallId: 'c',
            toolName: 't',
            args,
            result,
          },
        },
      ],
    });

  it.each([
    [
      'a long string within the arguments of a call',
      answerWithToolCall({ a: [{ b: longAnswer }] }, {}),
    ],
    ['a long result of a call', answerWithToolCall({}, { text: longAnswer })],
    ['a long key', answerWithToolCall({ [longAnswer]: 1 }, {})],
    [
      'many small values',
      answerWithToolCall(
        {},
        Array.from({ length: CHAT_LIMITS.chars / 2 }, () => 0),
      ),
    ],
  ])('by %s accepts no more messages', (_, full) => {
    const state = chat(userMessage('q1'), full);
    expect(() => plan(body('q2', { parentId: 'a1' }), state)).toThrow(errorWith('chat_too_long'));
  });

  it('is detected without serializing it and without reading the rest', () => {
    const reads = vi.fn(() => 'x');
    const counted = { toJSON: reads };
    const unseen = Object.defineProperty({}, 'late', { enumerable: true, get: reads });
    const state = chat(userMessage('q1'), answerWithToolCall({ text: longAnswer }, counted), {
      ...userMessage('q0'),
      selectedAt: 0,
      parts: [unseen as never],
    });
    expect(() => plan(body('q2', { parentId: 'a1' }), state)).toThrow(errorWith('chat_too_long'));
    expect(reads).not.toHaveBeenCalled();
  });
});

describe('the messages that are queued after an answer', () => {
  const failed = answer('a2', 'q1', { status: 'failed', selectedAt: null });
  const state = chat(userMessage('q1'), answer('a1', 'q1', { selectedAt: 2 }), failed);

  it('wait for the next answer of the branch, also those of a new answer that failed', () => {
    expect(plan(body('q2', { parentId: 'a1' }), state)).toMatchObject({ queueFrom: ['a1', 'a2'] });
    const regeneration = body('q1', { retryOf: 'a1' });
    expect(plan(regeneration, state)).toMatchObject({ queueFrom: ['a1', 'a2'] });
  });

  it('wait for the same answer when it is continued', () => {
    const stopped = chat(userMessage('q1'), answer('a1', 'q1', { status: 'stopped' }));
    const continuation = body('q1', { continueOf: 'a1' });
    expect(plan(continuation, stopped)).toMatchObject({ queueFrom: ['a1'] });
  });

  it('stay on the branch that an edit leaves, and on one whose answer is running', () => {
    const edit = body('q2', { editOf: 'q1', branchEnd: 'a1' });
    expect(plan(edit, state)).toMatchObject({ queueFrom: [] });
    const running = answer('a3', 'q1', { status: 'running', selectedAt: 1 });
    const other = chat(...state.messages, running);
    expect(plan(body('q2', { parentId: 'a1' }), other)).toMatchObject({ queueFrom: ['a1', 'a2'] });
  });
});
