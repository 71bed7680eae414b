import { describe, expect, it } from 'vitest';
import { parseLine } from '@/lib/protocol/lines';
import {
  canBeContinued,
  MAX_ANSWER_BYTES,
  messageBytesOfLine,
  truncateLine,
} from '@/lib/server/runs/answer-size';

const textLine = (text: string) => `0:${JSON.stringify(text)}\n`;

describe('the size of an answer', () => {
  it('is the same for a text in one or many parts, and excludes documents', () => {
    expect(2 * messageBytesOfLine(textLine('ab'))).toBe(messageBytesOfLine(textLine('abab')));
    expect(messageBytesOfLine(textLine('é'))).toBe(2);
    expect(messageBytesOfLine('2:[{"type":"text-delta","content":"x"}]\n')).toBe(0);
    expect(messageBytesOfLine('9:{"args":{}}\n')).toBe(14);
  });

  it.each([
    ['letters', 'x'],
    ['characters of three bytes', '字'],
    ['characters of two UTF-16 units', '👍'],
    ['characters that JSON escapes', '\u0001'],
  ])('truncates a line of %s to the remaining size', (_what, character) => {
    const truncated = truncateLine(textLine(character.repeat(10_000)), 1_000);
    const { value } = parseLine(truncated) ?? {};
    expect(messageBytesOfLine(truncated)).toBeLessThanOrEqual(1_000);
    expect(value).toMatch(new RegExp(`^(?:${character}){30,}$`, 'u'));
  });

  it('truncates only text, and drops everything else over the limit', () => {
    expect(truncateLine('9:{"args":{"a":"xxxx"}}\n', 10)).toBe('');
    expect(truncateLine(textLine('xxxx'), 0)).toBe('');
  });

  it('determines whether the answer can be continued', () => {
    expect(canBeContinued(textLine('x'.repeat(MAX_ANSWER_BYTES / 2)))).toBe(true);
    expect(canBeContinued(textLine('x'.repeat(MAX_ANSWER_BYTES)))).toBe(false);
  });
});
