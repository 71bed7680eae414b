import type { UIMessage } from 'ai';
import { describe, expect, it } from 'vitest';
import { answerDetails } from '@/lib/client/chat/answer-details';
import type { RunEndedAnnotation } from '@/lib/protocol/messages';

function detailsOf(ended: Partial<RunEndedAnnotation>, parts: unknown[] = [], locale = 'en') {
  const annotations = [{ type: 'run-ended', status: 'complete', ...ended }];
  const message = { id: 'a1', role: 'assistant', content: '', parts, annotations };
  const details = answerDetails(message as unknown as UIMessage, 'Qwen', locale);
  return Object.fromEntries(details.map(({ label, value }) => [label, value]));
}

describe('the details of an answer', () => {
  it('are its model, tokens, speed and durations', () => {
    const reasoning = (ms?: number) => ({ type: 'reasoning', reasoning: 'hm', details: [], ms });
    const ended = {
      usage: { promptTokens: 1_234, completionTokens: 600 },
      timing: { firstTokenMs: 320, generationMs: 8_000 },
    };
    expect(detailsOf(ended, [reasoning(1_000), reasoning(500), reasoning()])).toEqual({
      Model: 'Qwen',
      'Tokens in': '1,234',
      'Tokens out': '600',
      Speed: '75 tokens/s',
      'Time to first token': '320 ms',
      'Time thought': '1.5 sec',
    });
  });

  it('leave out what is unknown', () => {
    expect(detailsOf({})).toEqual({ Model: 'Qwen' });
    const usage = { promptTokens: null, completionTokens: 5 };
    expect(detailsOf({ usage })).toEqual({ Model: 'Qwen', 'Tokens out': '5' });
    expect(detailsOf({ timing: { firstTokenMs: 0, generationMs: 5 } })).toEqual({
      Model: 'Qwen',
      'Time to first token': '0 ms',
    });
  });

  it('have numbers in the format of the locale', () => {
    const usage = { promptTokens: 12_345, completionTokens: 5 };
    const details = detailsOf({ usage, timing: { generationMs: 3_000 } }, [], 'de');
    expect(details).toMatchObject({ 'Tokens in': '12.345', Speed: '1,7 tokens/s' });
  });
});
