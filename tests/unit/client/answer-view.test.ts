import type { UIMessage } from 'ai';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { AssistantParts } from '@/components/chat/assistant-parts';
import { Ending } from '@/components/chat/ending';
import type { RunEndedAnnotation } from '@/lib/protocol/messages';

/** What it shows: the names of its calls, and the text that is not part of one. */
function drawParts(parts: UIMessage['parts']): { calls: string[]; text: string } {
  const html = renderToStaticMarkup(
    createElement(AssistantParts, {
      message: { id: 'a1', role: 'assistant', content: '', parts },
      live: false,
      waiting: false,
    }),
  );
  const calls = [...html.matchAll(/aria-label="Tool: (\w+)"/g)].map(([, name]) => String(name));
  return { calls, text: html.replace(/<section.*<\/section>/s, '').replace(/<[^>]*>/g, ' ') };
}

describe('an answer of many parts', () => {
  const calls = (count: number) =>
    Array.from({ length: count }, (_, index) => ({
      type: 'tool-invocation' as const,
      toolInvocation: {
        state: 'result' as const,
        toolCallId: `c${index}`,
        toolName: `tool${index}x`,
        args: {},
        result: {},
      },
    }));

  it('shows its last sixty, and says how many are left', () => {
    const { calls: shown, text } = drawParts([...calls(500), { type: 'text', text: 'The end.' }]);
    expect(shown).toHaveLength(59);
    expect([shown[0], shown.at(-1)]).toEqual(['Tool441x', 'Tool499x']);
    expect(text).toMatch(/Show earlier parts \(441 are left\).*The end\./s);
  });

  it('is shown whole where it has no more than sixty', () => {
    const { calls: shown, text } = drawParts([...calls(59), { type: 'text', text: 'The end.' }]);
    expect(shown).toHaveLength(59);
    expect(text).not.toContain('Show earlier parts');
  });
});

describe('what stands under an answer that ended before its end', () => {
  const draw = (ended: Partial<RunEndedAnnotation>, arrived: boolean) =>
    renderToStaticMarkup(
      createElement(Ending, {
        ended: { type: 'run-ended', ...ended } as RunEndedAnnotation,
        arrived,
        onRetry: () => {},
        onContinue: arrived ? () => {} : undefined,
        switcher: null,
        copy: null,
        model: null,
        quiet: '',
      }),
    );
  const error = { code: 'endpoint_failed', message: 'CUDA out of memory' } as const;

  it.each<[string, Partial<RunEndedAnnotation>, string]>([
    [
      'a crash of the server',
      { status: 'interrupted' },
      'The server stopped here. Everything above is kept.',
    ],
    ['a failure of the endpoint', { status: 'failed', error }, 'CUDA out of memory'],
  ])('is neutral after %s where something arrived, and can be gone on with', (_, ended, words) => {
    const html = draw(ended, true);
    expect(html).toContain('data-tone="neutral"');
    expect(html).not.toContain('destructive');
    expect(html).toContain(words);
    expect(html).toContain('Continue');
  });

  it('is in the tone of errors where nothing arrived', () => {
    for (const status of ['interrupted', 'failed'] as const) {
      const html = draw({ status }, false);
      expect(html).toContain('data-tone="error"');
      expect(html).toContain('destructive');
      expect(html).not.toContain('Continue');
    }
  });
});
