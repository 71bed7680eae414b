import type { UIMessage } from 'ai';
import { describe, expect, it } from 'vitest';
import {
  canContinue,
  continuationsOf,
  mergeMessages,
  threadEnd,
  toUiMessages,
  withPartialAnswer,
} from '@/lib/client/chat/message-view';
import type { RunEndedAnnotation, StoredMessage } from '@/lib/protocol/messages';

function answer(text: string, ended?: Partial<RunEndedAnnotation>, id = 'a1'): UIMessage {
  const annotations = ended ? [{ type: 'run-ended', ...ended } as never] : undefined;
  const parts: UIMessage['parts'] = text ? [{ type: 'text', text }] : [{ type: 'step-start' }];
  return { id, role: 'assistant', content: text, parts, annotations };
}

function userMessage(text: string, id = 'q1'): UIMessage {
  return { id, role: 'user', content: text, parts: [{ type: 'text', text }] };
}

it('stored messages get the text of their parts, which useChat requires', () => {
  const parts: StoredMessage['parts'] = [
    { type: 'step-start' },
    { type: 'text', text: 'Before the call. ' },
    { type: 'reasoning', reasoning: 'Hm.', details: [] },
    { type: 'text', text: 'After it.' },
  ];
  const stored = { id: 'a1', role: 'assistant', parts, modelRef: 'demo/one' } as StoredMessage;
  expect(toUiMessages([stored])).toEqual([{ ...stored, content: 'Before the call. After it.' }]);
});

it('the line beside an answer ends as the answer did', () => {
  expect(threadEnd(answer(''), true)).toBe('none');
  expect(threadEnd(answer('Half'), true)).toBe('running');
  expect(threadEnd(answer('Half', { status: 'stopped' }), false)).toBe('stopped');
  expect(threadEnd(answer('Half', { status: 'interrupted' }), false)).toBe('open');
  expect(threadEnd(answer('Half', { finishReason: 'length', status: 'complete' }), false)).toBe(
    'open',
  );
  expect(threadEnd(answer('All', { status: 'complete' }), false)).toBeUndefined();
  expect(threadEnd(answer('', { status: 'failed' }), false)).toBe('none');
});

it('an answer shows its continuations while it is running and when it has ended', () => {
  const continuation = { at: '2026-11-30T14:05:00.000Z', after: 'interrupted', chars: 4 } as const;
  const running = { ...answer('Half'), annotations: [{ type: 'continued', ...continuation }] };
  expect(continuationsOf(running)).toMatchObject([continuation]);
  const timing = { continuations: [continuation] };
  expect(continuationsOf(answer('Whole', { status: 'complete', timing }))).toEqual([continuation]);
  expect(continuationsOf(answer('Whole', { status: 'complete' }))).toEqual([]);
});

describe('continuing an answer', () => {
  it('is offered for a stopped, failed or truncated one with content', () => {
    expect(canContinue(answer('Half', { status: 'stopped' }))).toBe(true);
    expect(canContinue(answer('Half', { status: 'interrupted' }))).toBe(true);
    expect(canContinue(answer('Half', { status: 'failed' }))).toBe(true);
    expect(canContinue(answer('Half', { status: 'complete', finishReason: 'length' }))).toBe(true);
    expect(canContinue(answer('A', { status: 'complete', finishReason: 'tool-calls' }))).toBe(true);
  });

  it('is not offered for a complete, running or blank one', () => {
    expect(canContinue(answer('All', { status: 'complete', finishReason: 'stop' }))).toBe(false);
    expect(canContinue(answer('Half'))).toBe(false);
    expect(canContinue(answer('', { status: 'stopped' }))).toBe(false);
    expect(canContinue(answer(' \n', { status: 'failed' }))).toBe(false);
  });

  it('is not offered at the size limit of an answer', () => {
    const error = { code: 'answer_too_long', message: '' } as const;
    expect(canContinue(answer('Long', { status: 'failed', error }))).toBe(false);
  });

  it('keeps everything on the page while the stream replays it', () => {
    const before = answer('Half of it', { status: 'stopped' });
    const partialAnswer = { answer: before, userMessageId: 'q1' };
    const sent = userMessage('Tell me');
    expect(withPartialAnswer([sent], partialAnswer)).toEqual([sent, before]);
    for (const replayed of ['Half', 'Half of it']) {
      expect(withPartialAnswer([sent, answer(replayed)], partialAnswer)).toEqual([sent, before]);
    }
    const grown = [sent, answer('Half of it, and more')];
    expect(withPartialAnswer(grown, partialAnswer)).toBe(grown);
  });

  it('changes nothing if another user message is the last one', () => {
    const partialAnswer = { answer: answer('Half', { status: 'stopped' }), userMessageId: 'q1' };
    const otherBranch = [userMessage('Tell me'), answer('Half'), userMessage('Another', 'q2')];
    expect(withPartialAnswer(otherBranch, partialAnswer)).toBe(otherBranch);
  });
});

describe('merging the messages of the server', () => {
  const ended = { status: 'complete', finishReason: 'stop' } as const;
  const displayed = [userMessage('One'), answer('First', ended)];

  it('returns the same array if the page already displays them', () => {
    expect(mergeMessages(displayed, [userMessage('One'), answer('First', ended)])).toBe(displayed);
  });

  it('adds new messages and leaves the rest unchanged', () => {
    const next = userMessage('Two', 'q2');
    const merged = mergeMessages(displayed, [userMessage('One'), answer('First', ended), next]);
    expect(merged).toEqual([...displayed, next]);
    expect(merged[1]).toBe(displayed[1]);
  });

  it('replaces an answer that was continued or regenerated elsewhere', () => {
    const longer = answer('First, and on', ended);
    expect(mergeMessages(displayed, [userMessage('One'), longer])[1]).toBe(longer);
    const regenerated = answer('Other', ended, 'a2');
    expect(mergeMessages(displayed, [userMessage('One'), regenerated])).toEqual([
      displayed[0],
      regenerated,
    ]);
    const stopped = [userMessage('One'), answer('First', { status: 'stopped' })];
    expect(mergeMessages(stopped, displayed)[1]).toBe(displayed[1]);
  });
});
