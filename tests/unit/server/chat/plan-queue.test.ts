import { describe, expect, it } from 'vitest';
import { DEFAULT_CHAT_SETTINGS } from '@/lib/protocol/chat-settings';
import type { ChatState, TreeMessage } from '@/lib/server/chat/plan-turn';
import { findBranchEnd, planMove, planQueuedTurn } from '@/lib/server/chat/queue/plan-queue';

const message = (
  id: string,
  parentId: string | null,
  rest: Partial<TreeMessage> = {},
): TreeMessage => ({
  id,
  parentId,
  role: id.startsWith('q') ? 'user' : 'assistant',
  parts: [{ type: 'text', text: id }],
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
const item = { id: 'queued', answerId: 'a1', text: 'And then?' };
const plan = (state: ChatState | null, after: 'complete' | 'ended' = 'complete', queued = item) =>
  planQueuedTurn(queued, state, 'ada', 'new-answer', after);
const errorWith = (code: string) => expect.objectContaining({ code });

describe('a queued message', () => {
  it('follows the answer that it waits for, and the rest of the queue waits for its answer', () => {
    expect(plan(chat(message('q1', null), message('a1', 'q1')))).toMatchObject({
      newUserMessage: { id: 'queued', parentId: 'a1', text: 'And then?' },
      answerId: 'new-answer',
      queueFrom: ['a1'],
    });
  });

  it('is sent on its branch, also if another one is selected', () => {
    const state = chat(
      message('q1', null),
      message('a1', 'q1'),
      message('q2', null, { selectedAt: 9 }),
      message('a2', 'q2'),
    );
    expect(plan(state)).toMatchObject({ newUserMessage: { parentId: 'a1' } });
  });

  it('is not sent after an answer that did not end well, unless the user asks for it', () => {
    for (const status of ['stopped', 'interrupted', 'failed'] as const) {
      const state = chat(message('q1', null), message('a1', 'q1', { status }));
      expect(() => plan(state)).toThrow(errorWith('chat_changed'));
      expect(plan(state, 'ended')).toMatchObject({ newUserMessage: { parentId: 'a1' } });
    }
  });

  it('is never sent during the answer', () => {
    const state = chat(message('q1', null), message('a1', 'q1', { status: 'running' }));
    expect(() => plan(state)).toThrow(errorWith('run_in_progress'));
    expect(() => plan(state, 'ended')).toThrow(errorWith('run_in_progress'));
  });

  it('follows the displayed answer if the new one that it waited for has failed', () => {
    const state = chat(
      message('q1', null),
      message('a0', 'q1', { selectedAt: 2 }),
      message('a1', 'q1', { status: 'failed', selectedAt: null }),
    );
    const turn = plan(state, 'ended');
    expect(turn).toMatchObject({ newUserMessage: { parentId: 'a0' } });
    expect(turn).toMatchObject({ queueFrom: ['a1', 'a0'] });
  });

  it('that was sent before is not sent again', () => {
    const state = chat(
      message('q1', null),
      message('a1', 'q1'),
      message('queued', 'a1', { role: 'user' }),
      message('a2', 'queued'),
    );
    expect(plan(state)).toEqual({ existingAnswerId: 'a2' });
  });

  it('is rejected without its chat or its branch', () => {
    expect(() => plan(null)).toThrow(errorWith('chat_not_found'));
    const state = chat(message('q1', null), message('a1', 'q1'));
    expect(() => planQueuedTurn(null, state, 'ada', 'new-answer', 'complete')).toThrow(
      errorWith('not_queued'),
    );
    expect(() => plan(chat(message('q1', null)))).toThrow(errorWith('not_found'));
  });
});

describe('the end of a branch', () => {
  it('is found below an answer after which other messages were sent meanwhile', () => {
    const messages = [
      message('q1', null),
      message('a1', 'q1'),
      message('q2', 'a1'),
      message('a2', 'q2'),
    ];
    expect(findBranchEnd(messages, 'a1').id).toBe('a2');
    expect(findBranchEnd(messages, 'a2').id).toBe('a2');
  });

  it('must be an answer', () => {
    const messages = [message('q1', null), message('a1', 'q1'), message('q2', 'a1')];
    expect(() => findBranchEnd(messages, 'a1')).toThrow(errorWith('chat_changed'));
    expect(() => findBranchEnd(messages, 'unknown')).toThrow(errorWith('chat_changed'));
  });
});

describe('moving a queued message', () => {
  const branch = [
    { id: 'x', position: 2 },
    { id: 'y', position: 5 },
    { id: 'z', position: 6 },
  ];

  it('exchanges positions, so that those of other branches stay unique', () => {
    expect(planMove(branch, 'z', 1)).toEqual([
      { id: 'z', position: 5 },
      { id: 'y', position: 6 },
    ]);
    expect(planMove(branch, 'x', 99)).toEqual([
      { id: 'y', position: 2 },
      { id: 'z', position: 5 },
      { id: 'x', position: 6 },
    ]);
  });

  it('to its own index changes nothing', () => {
    expect(planMove(branch, 'y', 1)).toEqual([]);
  });
});
