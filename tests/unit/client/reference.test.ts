import { expect, it } from 'vitest';
import { readReference, withReference } from '@/lib/client/artifact/reference';
import fc from '@/tests/support/fast-check';

const documentId = '0b7f6a52-3a4e-4a51-9a54-2f1f3f1d7a11';

it('is a quotation before the message', () => {
  const sent = withReference(
    { documentId, title: 'Plan', text: 'one\n\ntwo', place: '' },
    'Shorter, please',
  );
  expect(sent).toBe(
    `About this part of the document “Plan” (id ${documentId}):\n\n> one\n> \n> two\n\nShorter, please`,
  );
  expect(readReference(sent)).toEqual({
    documentId,
    title: 'Plan',
    text: 'one\n\ntwo',
    place: '',
    message: 'Shorter, please',
  });
});

it('is read back from what was sent, whatever the texts are', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', maxLength: 40 }),
      fc.string({ unit: 'grapheme', maxLength: 300 }),
      fc.string({ unit: 'grapheme', maxLength: 100 }),
      (title, text, message) => {
        const read = readReference(withReference({ documentId, title, text, place: '' }, message));
        expect(read?.message).toBe(message);
        expect(read?.text).toBe(text.trimEnd());
      },
    ),
  );
});

it('says where the text is, where that is known', () => {
  const place = 'version 2, rows 3–4 of “size (cm)”';
  const sent = withReference({ documentId, title: 'Table', text: '0', place }, 'Is that right?');
  expect(sent).toContain(`(id ${documentId}; version 2, rows 3–4 of “size (cm)”):`);
  expect(readReference(sent)).toMatchObject({
    title: 'Table',
    text: '0',
    place: 'version 2, rows 3–4 of “size (cm)”',
    message: 'Is that right?',
  });
});

it('is none in a message that only quotes something', () => {
  expect(readReference('About this part of the document')).toBeUndefined();
  expect(readReference('> quoted\n\nWhat is this?')).toBeUndefined();
});

it('is cut where it would be longer than a model needs', () => {
  const text = 'x'.repeat(20_000);
  const sent = withReference({ documentId, title: 'Long', text, place: '' }, 'Why?');
  expect(sent.length).toBeLessThan(9_000);
  expect(readReference(sent)?.message).toBe('Why?');
});
