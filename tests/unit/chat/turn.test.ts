import { describe, expect, it, vi } from 'vitest';
import { type ChatState, MAX_CHAT, planTurn, type TreeMessage } from '@/lib/chat/turn';
import type { SendMessageBody } from '@/lib/protocol/api';
import { MAX_ANSWER_BYTES } from '@/lib/runs/answer-size';

const question = (id: string, parentId: string | null = null): TreeMessage => ({
  id,
  parentId,
  role: 'user',
  parts: [{ type: 'text', text: `Question ${id}` }],
  status: 'complete',
  finishReason: null,
  usage: null,
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
  selectedAt: 1,
  ...rest,
});
const chat = (...messages: TreeMessage[]): ChatState => ({
  ownerId: 'ada',
  systemPrompt: null,
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
const plan = (what: SendMessageBody, state: ChatState | null, who = 'ada') =>
  planTurn(what, who, state, 'new-answer');
const refused = (code: string) => expect.objectContaining({ code });

describe('a message', () => {
  it('begins a chat, and goes behind the last answer of one', () => {
    expect(plan(body('q1'), null)).toMatchObject({
      question: { id: 'q1', parentId: null, text: 'And now?' },
      answerId: 'new-answer',
      firstLines: 'f:{"messageId":"new-answer"}\n',
    });
    const state = chat(question('q1'), answer('a1', 'q1'));
    expect(plan(body('q2', { parentId: 'a1' }), state)).toMatchObject({
      question: { id: 'q2', parentId: 'a1' },
    });
  });

  it('from a page that is out of date changes nothing', () => {
    const state = chat(
      question('q1'),
      answer('a1', 'q1'),
      question('q2', 'a1'),
      answer('a2', 'q2'),
    );
    expect(() => plan(body('q3', { parentId: 'a1' }), state)).toThrow(
      refused('conversation_moved'),
    );
  });

  it('waits for the answer that is being written', () => {
    const state = chat(question('q1'), answer('a1', 'q1', { status: 'running' }));
    expect(() => plan(body('q2', { parentId: 'a1' }), state)).toThrow(refused('run_live'));
  });

  it('that came before is answered once', () => {
    const state = chat(question('q1'), answer('a1', 'q1', { status: 'running' }));
    expect(plan(body('q1'), state)).toEqual({ answeredBy: 'a1' });
  });

  it('of somebody else’s chat finds no chat', () => {
    expect(() => plan(body('q1'), chat(), 'eve')).toThrow(refused('chat_not_found'));
  });
});

describe('a new answer', () => {
  it('stands beside the old one, and is made once', () => {
    const old = chat(question('q1'), answer('a1', 'q1'));
    expect(plan(body('q1', { retryOf: 'a1' }), old)).toMatchObject({
      question: null,
      questionId: 'q1',
      answerId: 'new-answer',
    });
    const again = chat(question('q1'), answer('a1', 'q1'), answer('new-answer', 'q1'));
    expect(plan(body('q1', { retryOf: 'a1' }), again)).toEqual({ answeredBy: 'new-answer' });
  });

  it('can be asked for again where an older version is open', () => {
    const stepped = chat(
      question('q1'),
      answer('a1', 'q1', { selectedAt: 3 }),
      answer('a2', 'q1', { selectedAt: 2 }),
    );
    expect(plan(body('q1', { retryOf: 'a1' }), stepped)).toMatchObject({ answerId: 'new-answer' });
  });

  it('is refused to a page that does not show the end of the open branch', () => {
    const retry = body('q1', { retryOf: 'a1' });
    const gone = [question('q1'), answer('a1', 'q1'), question('q2', 'a1'), answer('a2', 'q2')];
    expect(() => plan(retry, chat(...gone))).toThrow(refused('conversation_moved'));
    const other = [question('q1'), answer('a1', 'q1'), answer('a2', 'q1', { selectedAt: 2 })];
    expect(() => plan(retry, chat(...other))).toThrow(refused('conversation_moved'));
    expect(() => plan(retry, null)).toThrow(refused('conversation_moved'));
    const live = [question('q1'), answer('a1', 'q1'), answer('a2', 'q1', { status: 'running' })];
    expect(() => plan(retry, chat(...live))).toThrow(refused('run_live'));
  });

  it('cannot bear the id of a message elsewhere in the chat', () => {
    const state = chat(question('q1'), answer('a1', 'q1'), question('new-answer', 'a1'));
    expect(() => plan(body('q1', { retryOf: 'a1' }), state)).toThrow(refused('conflict'));
  });
});

describe('going on with an answer', () => {
  const goOn = body('q1', { continueOf: 'a1' });

  it.each(['stopped', 'interrupted', 'failed'] as const)('is for one that was %s', (status) => {
    const state = chat(question('q1'), answer('a1', 'q1', { status }));
    expect(plan(goOn, state)).toMatchObject({
      question: null,
      answerId: 'a1',
      goesOn: { status },
      firstLines: 'f:{"messageId":"a1"}\n0:"Half an ans"\n',
    });
  });

  it('is for one that reached its limit', () => {
    for (const finishReason of ['length', 'tool-calls']) {
      const state = chat(question('q1'), answer('a1', 'q1', { finishReason }));
      expect(plan(goOn, state)).toMatchObject({ answerId: 'a1' });
    }
  });

  it('is refused for one that is as long as an answer may be', () => {
    const text = 'x'.repeat(MAX_ANSWER_BYTES);
    const long = answer('a1', 'q1', { status: 'failed', parts: [{ type: 'text', text }] });
    expect(() => plan(goOn, chat(question('q1'), long))).toThrow(refused('answer_too_long'));
  });

  it('follows one that is whole, or being written', () => {
    for (const status of ['complete', 'running'] as const) {
      const state = chat(question('q1'), answer('a1', 'q1', { status }));
      expect(plan(goOn, state)).toEqual({ answeredBy: 'a1' });
    }
  });

  it('is not for one that the chat has left behind', () => {
    const state = chat(
      question('q1'),
      answer('a1', 'q1', { status: 'stopped' }),
      question('q2', 'a1'),
      answer('a2', 'q2'),
    );
    expect(() => plan(goOn, state)).toThrow(refused('conversation_moved'));
    expect(() => plan(goOn, null)).toThrow(refused('conversation_moved'));
  });
});

describe('a chat that is full', () => {
  const long = 'x'.repeat(MAX_CHAT.chars);
  const many = Array.from({ length: MAX_CHAT.messages - 2 }, (_, at) => question(`old-${at}`, 'x'));
  const last = [question('q1'), answer('a1', 'q1')];
  it.each([
    ['of text', [question('q1'), answer('a1', 'q1', { parts: [{ type: 'text', text: long }] })]],
    ['of messages', [...many, ...last]],
    [
      'of versions that are not shown',
      [
        ...last,
        { ...question('q0'), selectedAt: 0, parts: [{ type: 'text' as const, text: long }] },
      ],
    ],
  ])('%s takes no more, and gives the answers that it has', (_, messages) => {
    const state = chat(...messages);
    expect(() => plan(body('q2', { parentId: 'a1' }), state)).toThrow(refused('chat_too_long'));
    expect(plan(body('q1'), state)).toEqual({ answeredBy: 'a1' });
    expect(plan(body('q2', { parentId: 'a1' }), chat(...last))).toMatchObject({
      question: { id: 'q2' },
    });
  });

  const calling = (args: unknown, result: unknown): TreeMessage =>
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
    ['a long string within the arguments of a call', calling({ a: [{ b: long }] }, {})],
    ['a long result of a call', calling({}, { text: long })],
    ['a long key', calling({ [long]: 1 }, {})],
    [
      'many small values',
      calling(
        {},
        Array.from({ length: MAX_CHAT.chars / 2 }, () => 0),
      ),
    ],
  ])('by %s takes no more', (_, full) => {
    const state = chat(question('q1'), full);
    expect(() => plan(body('q2', { parentId: 'a1' }), state)).toThrow(refused('chat_too_long'));
  });

  it('is known to be full without writing it out, and without looking at what comes behind', () => {
    const looked = vi.fn(() => 'x');
    const counted = { toJSON: looked };
    const unseen = Object.defineProperty({}, 'late', { enumerable: true, get: looked });
    const state = chat(question('q1'), calling({ text: long }, counted), {
      ...question('q0'),
      selectedAt: 0,
      parts: [unseen as never],
    });
    expect(() => plan(body('q2', { parentId: 'a1' }), state)).toThrow(refused('chat_too_long'));
    expect(looked).not.toHaveBeenCalled();
  });
});
