import { expect, it } from 'vitest';
import { parseExcerpt, prependExcerpt } from '@/lib/client/documents/document-excerpt';
import fc from '@/tests/support/fast-check';

const documentId = '0b7f6a52-3a4e-4a51-9a54-2f1f3f1d7a11';

it('a document reference is a quotation before the message', () => {
  const sent = prependExcerpt(
    { documentId, title: 'Plan', text: 'one\n\ntwo', location: '' },
    'Shorter, please',
  );
  expect(sent).toBe(
    `About this part of the document “Plan” (id ${documentId}):\n\n> one\n> \n> two\n\nShorter, please`,
  );
  expect(parseExcerpt(sent)).toEqual({
    documentId,
    title: 'Plan',
    text: 'one\n\ntwo',
    location: '',
    message: 'Shorter, please',
  });
});

it('a document reference is parsed from the sent message, for any texts', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', maxLength: 40 }),
      fc.string({ unit: 'grapheme', maxLength: 300 }),
      fc.string({ unit: 'grapheme', maxLength: 100 }),
      (title, text, message) => {
        const read = parseExcerpt(
          prependExcerpt({ documentId, title, text, location: '' }, message),
        );
        expect(read?.message).toBe(message);
        expect(read?.text).toBe(text.trimEnd());
      },
    ),
  );
});

it('a document reference names its location if it is known', () => {
  const location = 'version 2, rows 3–4 of “size (cm)”';
  const sent = prependExcerpt(
    { documentId, title: 'Table', text: '0', location },
    'Is that right?',
  );
  expect(sent).toContain(`(id ${documentId}; version 2, rows 3–4 of “size (cm)”):`);
  expect(parseExcerpt(sent)).toMatchObject({
    title: 'Table',
    text: '0',
    location: 'version 2, rows 3–4 of “size (cm)”',
    message: 'Is that right?',
  });
});

it('a message that only quotes something has no document reference', () => {
  expect(parseExcerpt('About this part of the document')).toBeUndefined();
  expect(parseExcerpt('> quoted\n\nWhat is this?')).toBeUndefined();
});

it('a long document reference is truncated', () => {
  const text = 'x'.repeat(20_000);
  const sent = prependExcerpt({ documentId, title: 'Long', text, location: '' }, 'Why?');
  expect(sent.length).toBeLessThan(9_000);
  expect(parseExcerpt(sent)?.message).toBe('Why?');
});
