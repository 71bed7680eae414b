import { describe, expect, it } from 'vitest';
import { parseLine } from '@/lib/protocol/lines';
import { bytesInMessage, cutToFit, MAX_ANSWER_BYTES, mayContinue } from '@/lib/runs/answer-size';

const textLine = (text: string) => `0:${JSON.stringify(text)}\n`;

describe('the size of an answer', () => {
  it('counts a text the same in many pieces as in one, and no documents', () => {
    expect(2 * bytesInMessage(textLine('ab'))).toBe(bytesInMessage(textLine('abab')));
    expect(bytesInMessage(textLine('é'))).toBe(2);
    expect(bytesInMessage('2:[{"type":"text-delta","content":"x"}]\n')).toBe(0);
    expect(bytesInMessage('9:{"args":{}}\n')).toBe(14);
  });

  it.each([
    ['letters', 'x'],
    ['characters of three bytes', '字'],
    ['characters of two units', '👍'],
    ['characters that JSON escapes', '\u0001'],
  ])('cuts a line of %s to the room there is', (_what, character) => {
    const cut = cutToFit(textLine(character.repeat(10_000)), 1_000);
    const { value } = parseLine(cut) ?? {};
    expect(bytesInMessage(cut)).toBeLessThanOrEqual(1_000);
    expect(value).toMatch(new RegExp(`^(?:${character}){30,}$`, 'u'));
  });

  it('cuts nothing but text, and leaves nothing where there is no room', () => {
    expect(cutToFit('9:{"args":{"a":"xxxx"}}\n', 10)).toBe('');
    expect(cutToFit(textLine('xxxx'), 0)).toBe('');
  });

  it('says that an answer which fills it cannot become longer', () => {
    expect(mayContinue(textLine('x'.repeat(MAX_ANSWER_BYTES / 2)))).toBe(true);
    expect(mayContinue(textLine('x'.repeat(MAX_ANSWER_BYTES)))).toBe(false);
  });
});
