import type { UIMessage } from 'ai';
import { describe, expect, it } from 'vitest';
import { canContinue, mergeMessages, withKept } from '@/lib/client/chat/message-view';
import type { RunEndedAnnotation } from '@/lib/protocol/messages';

function answer(text: string, ended?: Partial<RunEndedAnnotation>, id = 'a1'): UIMessage {
  const annotations = ended ? [{ type: 'run-ended', ...ended } as never] : undefined;
  const parts: UIMessage['parts'] = text ? [{ type: 'text', text }] : [{ type: 'step-start' }];
  return { id, role: 'assistant', content: text, parts, annotations };
}

function question(text: string, id = 'q1'): UIMessage {
  return { id, role: 'user', content: text, parts: [{ type: 'text', text }] };
}

describe('going on with an answer', () => {
  it('is offered where it ended before its end and something is kept', () => {
    expect(canContinue(answer('Half', { status: 'stopped' }))).toBe(true);
    expect(canContinue(answer('Half', { status: 'interrupted' }))).toBe(true);
    expect(canContinue(answer('Half', { status: 'failed' }))).toBe(true);
    expect(canContinue(answer('Half', { status: 'complete', finishReason: 'length' }))).toBe(true);
    expect(canContinue(answer('A', { status: 'complete', finishReason: 'tool-calls' }))).toBe(true);
  });

  it('is not offered for a whole answer, one being made, or one without a word', () => {
    expect(canContinue(answer('All', { status: 'complete', finishReason: 'stop' }))).toBe(false);
    expect(canContinue(answer('Half'))).toBe(false);
    expect(canContinue(answer('', { status: 'stopped' }))).toBe(false);
    expect(canContinue(answer(' \n', { status: 'failed' }))).toBe(false);
  });

  it('is not offered for one that is as long as an answer may be', () => {
    const error = { code: 'answer_too_long', message: '' } as const;
    expect(canContinue(answer('Long', { status: 'failed', error }))).toBe(false);
  });

  it('takes nothing off the page while its stream tells again what was shown', () => {
    const before = answer('Half of it', { status: 'stopped' });
    const kept = { answer: before, questionId: 'q1' };
    const asked = question('Tell me');
    expect(withKept([asked], kept)).toEqual([asked, before]);
    for (const told of ['Half', 'Half of it']) {
      expect(withKept([asked, answer(told)], kept)).toEqual([asked, before]);
    }
    const grown = [asked, answer('Half of it, and more')];
    expect(withKept(grown, kept)).toBe(grown);
  });

  it('puts nothing where another question is the last one', () => {
    const kept = { answer: answer('Half', { status: 'stopped' }), questionId: 'q1' };
    const elsewhere = [question('Tell me'), answer('Half'), question('Another', 'q2')];
    expect(withKept(elsewhere, kept)).toBe(elsewhere);
  });
});

describe('what the server has', () => {
  const ended = { status: 'complete', finishReason: 'stop' } as const;
  const shown = [question('One'), answer('First', ended)];

  it('changes nothing on the page where it is shown already', () => {
    expect(mergeMessages(shown, [question('One'), answer('First', ended)])).toBe(shown);
  });

  it('adds what is new and leaves the rest as it is', () => {
    const next = question('Two', 'q2');
    const merged = mergeMessages(shown, [question('One'), answer('First', ended), next]);
    expect(merged).toEqual([...shown, next]);
    expect(merged[1]).toBe(shown[1]);
  });

  it('takes the place of an answer that was gone on with, or made anew, elsewhere', () => {
    const longer = answer('First, and on', ended);
    expect(mergeMessages(shown, [question('One'), longer])[1]).toBe(longer);
    const anew = answer('Other', ended, 'a2');
    expect(mergeMessages(shown, [question('One'), anew])).toEqual([shown[0], anew]);
    const stopped = [question('One'), answer('First', { status: 'stopped' })];
    expect(mergeMessages(stopped, shown)[1]).toBe(shown[1]);
  });
});
