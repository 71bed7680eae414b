import { describe, expect, it } from 'vitest';
import { firstWords, tidyTitle } from '@/lib/chat/title';

describe('a title from the model', () => {
  it.each([
    ['Weather in Oslo', 'Weather in Oslo'],
    ['"Weather in Oslo."', 'Weather in Oslo'],
    ['# Weather in Oslo\n\nAnd some more', 'Weather in Oslo'],
    ['Title: **Weather in Oslo**', 'Weather in Oslo'],
    ['\n\n「天気」', '「天気」'],
    ['   ', ''],
  ])('%j is shown as %j', (given, shown) => {
    expect(tidyTitle(given)).toBe(shown);
  });

  it('is cut between words and never within a character', () => {
    const title = tidyTitle(`${'👩‍🚀 word '.repeat(40)}`);
    expect([...title].length).toBeLessThanOrEqual(80);
    expect(title.endsWith('…')).toBe(true);
    expect(title.isWellFormed()).toBe(true);
  });
});

describe('a title where the model gives none', () => {
  it('is the beginning of the message in one line', () => {
    expect(firstWords('  How do I\n\n  tie a knot? ')).toBe('How do I tie a knot?');
  });

  it('is cut where the message is long, also without spaces', () => {
    expect([...firstWords('字'.repeat(500))].length).toBe(80);
  });
});
