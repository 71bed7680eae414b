import { expect } from 'vitest';
import type { MessagePart, StoredMessage } from '@/lib/protocol/messages';

/**
 * Expects that the stored message contains all delivered parts, each from its beginning. It may
 * contain more: content that was committed just before the crash and never delivered.
 */
export function expectContains(
  storedMessage: StoredMessage | undefined,
  deliveredParts: readonly MessagePart[],
): void {
  deliveredParts.forEach((part, index) => {
    const stored = storedMessage?.parts[index];
    expect(stored?.type).toBe(part.type);
    if (part.type === 'text' && stored?.type === 'text') {
      expect(stored.text.slice(0, part.text.length)).toBe(part.text);
    } else if (part.type === 'reasoning' && stored?.type === 'reasoning') {
      expect(stored.reasoning.slice(0, part.reasoning.length)).toBe(part.reasoning);
    } else if (part.type === 'tool-invocation' && stored?.type === 'tool-invocation') {
      const { toolCallId, toolName, args, state } = part.toolInvocation;
      expect(stored.toolInvocation).toMatchObject({ toolCallId, toolName, args });
      if (state === 'result') expect(stored.toolInvocation).toEqual(part.toolInvocation);
    }
  });
}

/** Expects the tokens `t0 t1 t2 …` without gap or repetition. @returns the number of tokens */
export function expectContiguousTokens(text: string, letter = 't'): number {
  const tokens = text.split(' ').filter((word) => word !== '');
  const expected = tokens.map((_, index) => `${letter}${index} `).join('');
  // Only the last token may be truncated.
  expect(expected.startsWith(text.slice(0, text.lastIndexOf(' ') + 1))).toBe(true);
  expect(`${letter}${tokens.length - 1} `.startsWith(text.slice(text.lastIndexOf(' ') + 1))).toBe(
    true,
  );
  return tokens.length;
}

/** Expects exactly `t0 … t(count-1)`, each once and in order. */
export function expectExactTokens(text: string | undefined, count: number): void {
  expect(expectContiguousTokens(text ?? '')).toBe(count);
  expect(text?.endsWith(' ')).toBe(true);
}
