import type { UIMessage } from 'ai';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { beforeAll, describe, expect, it } from 'vitest';
import { AnswerStatus } from '@/components/chat/answer-status';
import { AssistantParts, loadToolCall } from '@/components/chat/assistant-parts';
import type { RunEndedAnnotation } from '@/lib/protocol/messages';

/** Renders an answer. Returns the names of its tool calls and the text outside of them. */
function renderParts(parts: UIMessage['parts']): { calls: string[]; text: string } {
  const html = renderToStaticMarkup(
    createElement(AssistantParts, {
      message: { id: 'a1', role: 'assistant', content: '', parts },
      running: false,
      waiting: false,
    }),
  );
  const calls = [...html.matchAll(/aria-label="Tool: (\w+)"/g)].map(([, name]) => String(name));
  return { calls, text: html.replace(/<section.*<\/section>/s, '').replace(/<[^>]*>/g, ' ') };
}

beforeAll(async () => {
  // Static rendering does not wait for a component that is loaded when it is first rendered.
  const toolInvocation = { state: 'call', toolCallId: 'c', toolName: 'tool', args: {} } as const;
  renderParts([{ type: 'tool-invocation', toolInvocation }]);
  await loadToolCall();
});

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

  it('shows its last sixty parts and the number of hidden ones', () => {
    const { calls: displayedCalls, text } = renderParts([
      ...calls(500),
      { type: 'text', text: 'The end.' },
    ]);
    expect(displayedCalls).toHaveLength(59);
    expect([displayedCalls[0], displayedCalls.at(-1)]).toEqual(['Tool441x', 'Tool499x']);
    expect(text).toMatch(/Show earlier parts \(441 hidden\).*The end\./s);
  });

  it('is shown completely up to sixty parts', () => {
    const { calls: displayedCalls, text } = renderParts([
      ...calls(59),
      { type: 'text', text: 'The end.' },
    ]);
    expect(displayedCalls).toHaveLength(59);
    expect(text).not.toContain('Show earlier parts');
  });
});

describe('the notice under an interrupted answer', () => {
  const renderEnding = (ended: Partial<RunEndedAnnotation>, hasContent: boolean) =>
    renderToStaticMarkup(
      createElement(AnswerStatus, {
        runEnded: { type: 'run-ended', ...ended } as RunEndedAnnotation,
        hasContent,
        onRegenerate: () => {},
        onContinue: hasContent ? () => {} : undefined,
        isLast: true,
      }),
    );
  const error = { code: 'endpoint_failed', message: 'CUDA out of memory' } as const;
  // As in an answer that version 0.1.0 stored.
  const oldError = { code: 'endpoint_cut', message: 'The connection closed.' } as object;

  it.each<[string, Partial<RunEndedAnnotation>, string]>([
    [
      'a server crash',
      { status: 'interrupted' },
      'The server stopped here. Everything above is stored.',
    ],
    ['an endpoint failure', { status: 'failed', error }, 'CUDA out of memory'],
    [
      'an error whose code no longer exists',
      { status: 'failed', error: oldError as typeof error },
      'The connection closed.',
    ],
  ])('is neutral after %s with partial text, and offers to continue', (_, ended, expectedText) => {
    const html = renderEnding(ended, true);
    expect(html).toContain('text-muted-foreground');
    expect(html).not.toContain('destructive');
    expect(html).toContain(expectedText);
    expect(html).toContain('Continue');
  });

  it('is an error if nothing arrived', () => {
    for (const status of ['interrupted', 'failed'] as const) {
      const html = renderEnding({ status }, false);
      expect(html).toContain('destructive');
      expect(html).not.toContain('Continue');
    }
  });
});
