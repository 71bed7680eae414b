import { describe, expect, it } from 'vitest';
import { STARTER_PROMPTS } from '@/lib/client/chat/starter-prompts';
import { demoTitle } from '@/lib/server/models/demo/demo-title';

describe('the title of a chat with the demo', () => {
  it('is the first clause of each starter prompt', () => {
    expect(STARTER_PROMPTS.map(({ text }) => demoTitle(text))).toEqual([
      'Tell me a long story',
      'Write a packing list for a week of hiking',
      'Write a Python program that plots a small data set',
    ]);
  });

  it.each([
    ['how do *tides* work?', 'How do tides work?'],
    ['Hello, world', 'Hello, world'],
    [
      'Well, how does the moon cause the tides? I never knew.',
      'Well, how does the moon cause the tides?',
    ],
    [
      'Compare version 1.5 with version 2.0 of the library',
      'Compare version 1.5 with version 2.0 of the library',
    ],
    ['', 'A chat with the demo'],
    ['  \n***', 'A chat with the demo'],
  ])('of %j is %j', (userText, title) => {
    expect(demoTitle(userText)).toBe(title);
  });

  it('of a long clause does not end with an article or a preposition', () => {
    const start = 'Explain how the harbours of the north coast were built';
    expect(demoTitle(`${start} of the stones of old castles`)).toBe(start);
  });

  it('of one long word is cut at 60 characters', () => {
    expect(demoTitle('word'.repeat(100))).toHaveLength(60);
  });
});
