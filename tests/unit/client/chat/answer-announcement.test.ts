import type { UIMessage } from 'ai';
import { describe, expect, it } from 'vitest';
import { answerAnnouncement } from '@/lib/client/chat/answer-announcement';

function answer(...parts: unknown[]): UIMessage {
  return { id: 'a', role: 'assistant', content: '', parts } as unknown as UIMessage;
}

function summarize(text: string): string {
  return answerAnnouncement(answer({ type: 'text', text })).replace(/^Assistant: /, '');
}

const CREATED_DOCUMENT = {
  type: 'tool-invocation',
  toolInvocation: {
    state: 'result',
    toolCallId: 'c',
    toolName: 'createDocument',
    args: {},
    result: { id: 'd', title: 'Packing list', kind: 'text', version: 1 },
  },
};

describe('the announcement of a finished answer', () => {
  it.each([
    ['**Bold**, *slanted*, ~~gone~~ and `code`', 'Bold, slanted, gone and code'],
    ['# Title\n\nText', 'Title\nText'],
    ['- one\n- [x] two\n\n> quoted', 'one Done: two\nquoted'],
    ['| A | B |\n| --- | --- |\n| 1 | 2 |', 'A, B 1, 2'],
    ['See [the docs](https://example.org/a?x=1#y).', 'See the docs.'],
    ['See https://www.example.org/a/b?x=1 now', 'See example.org now'],
    ['<https://example.org/deep/path>', 'example.org'],
    ['![A cat](https://example.org/cat.png)', 'A cat'],
    ['Before\n\n```python\nprint(1)\n```\n\nAfter', 'Before\nCode in python.\nAfter'],
    ['The sum $a + b$ holds', 'The sum a + b holds'],
    ['A note[^1]\n\n[^1]: at the end', 'A note'],
    ['A note[^1] whose text comes late', 'A note whose text comes late'],
    ['It costs $5 to $6, so \\(a + b\\)', 'It costs $5 to $6, so a + b'],
    ['Use List<String> and <script> tags.', 'Use List<String> and <script> tags.'],
    ['<script> is a tag.', '<script> is a tag.'],
    ['Use the <details> element and vector<b>', 'Use the <details> element and vector<b>'],
    ['<details><summary>More</summary>\n\nInside <b>it</b>\n\n</details>', 'More Inside it'],
    ['<img src="https://example.org/a.png" alt="A cat"> sits', 'A cat sits'],
    ['[Note]: important', 'Note: important'],
    ['One<br>two &amp; three', 'One two & three'],
    ['Rule\n\n---\n\nand [a][b]\n\n[b]: https://example.org', 'Rule\nand a'],
  ])('has no markup and no addresses: %j', (markdown, expected) => {
    expect(summarize(markdown)).toBe(expected);
  });

  it('names the document if the answer has no text', () => {
    expect(answerAnnouncement(answer(CREATED_DOCUMENT))).toBe(
      'The document “Packing list” is ready.',
    );
    expect(
      answerAnnouncement(answer({ type: 'text', text: ' \n' }, CREATED_DOCUMENT, CREATED_DOCUMENT)),
    ).toBe('The document “Packing list” is ready.');
    expect(answerAnnouncement(answer())).toBe('The answer is ready.');
  });

  it('is truncated after some sentences, never within a character', () => {
    expect(summarize('😀'.repeat(1_000))).toMatch(
      /^(😀)+… The answer continues in the conversation\.$/u,
    );
    expect(summarize(`${'word '.repeat(500)}`).length).toBeLessThan(460);
  });
});
