import { expect, it } from 'vitest';
import { formatMessage, parseMessage } from '@/lib/client/chat/message-excerpt';
import { LIMITS } from '@/lib/protocol/api';
import fc from '@/tests/support/fast-check';

it('an excerpt of an answer is a quotation before the message', () => {
  const message = formatMessage({ excerpt: { text: 'one\n\ntwo' }, text: 'Why?' });
  expect(message).toBe('About this part of your answer:\n\n> one\n> \n> two\n\nWhy?');
  expect(parseMessage(message)).toEqual({ excerpt: { text: 'one\n\ntwo' }, text: 'Why?' });
});

it('an excerpt of an answer is parsed from the message, for any texts', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', maxLength: 300 }),
      fc.string({ unit: 'grapheme', maxLength: 100 }),
      (selected, text) => {
        const parsed = parseMessage(formatMessage({ excerpt: { text: selected }, text }));
        expect(parsed).toEqual({ excerpt: { text: selected.trimEnd() }, text });
      },
    ),
  );
});

it('an excerpt of a document is parsed as one', () => {
  const documentId = '0b7f6a52-3a4e-4a51-9a54-2f1f3f1d7a11';
  const excerpt = { documentId, title: 'Plan', text: 'one', location: 'line 3' };
  expect(parseMessage(formatMessage({ excerpt, text: 'Shorter' }))).toEqual({
    excerpt,
    text: 'Shorter',
  });
});

it('a message without an excerpt stays as it is', () => {
  for (const text of ['', '> quoted\n\nWhat is this?', 'About this part of your answer:\n\nYes'])
    expect(parseMessage(formatMessage({ excerpt: null, text }))).toEqual({ excerpt: null, text });
});

it('an excerpt of an answer leaves half of a message for the text of the user', () => {
  const selected = `${'x'.repeat(LIMITS.messageChars / 2 - 1)}😀${'y'.repeat(10)}`;
  const { excerpt, text } = parseMessage(
    formatMessage({ excerpt: { text: selected }, text: 'Why?' }),
  );
  expect(text).toBe('Why?');
  // Does not end with half a character.
  expect(excerpt?.text).toBe(`${'x'.repeat(LIMITS.messageChars / 2 - 1)}…`);
});
