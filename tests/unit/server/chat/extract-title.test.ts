import { describe, expect, it } from 'vitest';
import { extractTitle, titleFromMessage } from '@/lib/server/chat/extract-title';
import { expectLinear } from '@/tests/support/linear-time';

describe('a title from the model', () => {
  it.each([
    ['Weather in Oslo', 'Weather in Oslo'],
    ['"Weather in Oslo."', 'Weather in Oslo'],
    ['# Weather in Oslo\n\nAnd some more', 'Weather in Oslo'],
    ['Title: **Weather in Oslo**', 'Weather in Oslo'],
    ['   ', ''],
    // Quotes of any kind, only around the whole title.
    ['\n\n「天気」', '天気'],
    ['“Weather in Oslo”', 'Weather in Oslo'],
    ['„Wetter in Oslo“', 'Wetter in Oslo'],
    ['« Météo à Oslo »', 'Météo à Oslo'],
    ["'Weather in Oslo'", 'Weather in Oslo'],
    ['"Weather in Oslo', 'Weather in Oslo'],
    ['The "Weather" in Oslo', 'The "Weather" in Oslo'],
    ['"Yes" and "no"', '"Yes" and "no"'],
    ["Ada's weather", "Ada's weather"],
    // Labels, also in other languages.
    ['Title: Weather in Oslo', 'Weather in Oslo'],
    ['**Title:** "Weather in Oslo"', 'Weather in Oslo'],
    ['Chat title - Weather in Oslo', 'Weather in Oslo'],
    ['Title:\nWeather in Oslo', 'Weather in Oslo'],
    ['Titel: Wetter in Oslo', 'Wetter in Oslo'],
    ['Titre : Météo à Oslo', 'Météo à Oslo'],
    ['Título: El tiempo en Oslo', 'El tiempo en Oslo'],
    ['标题：奥斯陆的天气', '奥斯陆的天气'],
    ['タイトル：オスロの天気', 'オスロの天気'],
    ['Заголовок: Погода в Осло', 'Погода в Осло'],
    ['Title case in English', 'Title case in English'],
    // Introductions.
    ['Here is a title for your conversation: Weather in Oslo', 'Weather in Oslo'],
    ['Sure! Here\'s a title:\n\n"Weather in Oslo"', 'Weather in Oslo'],
    ['A good title would be: Weather in Oslo.', 'Weather in Oslo'],
    ['Hier ist ein Titel: „Wetter in Oslo“', 'Wetter in Oslo'],
    ['Sure! Weather in Oslo', 'Weather in Oslo'],
    ['Sure of the weather in Oslo', 'Sure of the weather in Oslo'],
    ['Your title: Weather in Oslo', 'Weather in Oslo'],
    ['Possible titles:\n1. Weather in Oslo\n2. Oslo today', 'Weather in Oslo'],
    ['**Chat title**\n\nWeather in Oslo', 'Weather in Oslo'],
    // JSON and fences.
    ['{"title": "Weather in Oslo"}', 'Weather in Oslo'],
    ['```json\n{"title": "Weather in Oslo"}\n```', 'Weather in Oslo'],
    ['{"result": {"conversation_title": "Weather in Oslo."}}', 'Weather in Oslo'],
    ['["Weather in Oslo", "Oslo today"]', 'Weather in Oslo'],
    ['{"title": "Weather in Os', 'Weather in Os'],
    ['{"answer": 3}', ''],
    ['```\nWeather in Oslo\n```', 'Weather in Oslo'],
    ['```json\n```', ''],
    ['[Draft] Weather in Oslo', '[Draft] Weather in Oslo'],
    // Markdown.
    ['- Weather in Oslo\n- Oslo today', 'Weather in Oslo'],
    ['1. Weather in Oslo\n2. Oslo today', 'Weather in Oslo'],
    ['`Weather` in __Oslo__', 'Weather in Oslo'],
    ['[Weather](https://example.org) in *Oslo*', 'Weather in Oslo'],
    ['snake_case_names and 2*3*4', 'snake_case_names and 2*3*4'],
    ['C# and C++', 'C# and C++'],
    // Names in the characters of Markdown and HTML.
    ['Introduction to C#', 'Introduction to C#'],
    ['## From Java to **F#**.', 'From Java to F#'],
    ['Using List<String> in Java', 'Using List<String> in Java'],
    ['The <div> and <span> elements', 'The <div> and <span> elements'],
    ['<title> and <meta> in HTML', '<title> and <meta> in HTML'],
    ['Python __init__ and __init__.py', 'Python __init__ and __init__.py'],
    ['__init__ in Python', '__init__ in Python'],
    ['What is __name__', 'What is __name__'],
    ['<b>Weather</b> in <i>Oslo</i>', 'Weather in Oslo'],
    ['<title>Weather in Oslo', 'Weather in Oslo'],
    ['<h1 class="x"><b>Weather in Oslo</b></h1>', 'Weather in Oslo'],
    ['__Weather in Oslo__', 'Weather in Oslo'],
    ['<title>Weather in Oslo</title>', 'Weather in Oslo'],
    ['Great Expectations: a summary', 'Great Expectations: a summary'],
    ['Here comes the sun: chords', 'Here comes the sun: chords'],
    ['Subject-verb agreement', 'Subject-verb agreement'],
    ['Weather: today in Oslo', 'Weather: today in Oslo'],
    ['Why is it raining?', 'Why is it raining?'],
    ['To be continued...', 'To be continued...'],
    ['1984 by Orwell', '1984 by Orwell'],
    ['Weather\u2028in Oslo', 'Weather'],
    // Reasoning.
    ['<think>The user asks…</think>Weather in Oslo', 'Weather in Oslo'],
    ['The user asks…\n</think>\n\nWeather in Oslo', 'Weather in Oslo'],
    ['<think>\nOkay, the user wants', ''],
    ['Okay, the user is asking about the weather in Oslo. I need a title', ''],
    ['Let me think of a title.\nMaybe the weather.\n\nWeather in Oslo', 'Weather in Oslo'],
    ['The user wants a title. So: a short one about Oslo, because they ask about it now.', ''],
    // No title.
    ['N/A', ''],
    ['***', ''],
    ["I'm sorry, I cannot help with that.", ''],
    [`${'a sentence that goes on '.repeat(6)}`, ''],
  ])('%j is displayed as %j', (modelText, expected) => {
    expect(extractTitle(modelText)).toBe(expected);
  });

  it('is truncated between words and never within a character', () => {
    const title = extractTitle('👩‍🚀-words '.repeat(12));
    expect([...title].length).toBeLessThanOrEqual(80);
    expect(title.endsWith('…')).toBe(true);
    expect(title.isWellFormed()).toBe(true);
  });
});

describe('a title from the user message', () => {
  it('is the beginning of the message in one line', () => {
    expect(titleFromMessage('  How do I\n\n  tie a knot? ')).toBe('How do I tie a knot?');
  });

  it('is truncated for a long message, also without spaces', () => {
    expect([...titleFromMessage('字'.repeat(500))].length).toBe(80);
  });
});

describe('a title of extreme length', () => {
  it.each([
    'Title: ',
    'Sure: ',
    'here is a title ',
    '<think>',
    '{"title":',
    '**a',
    '_a',
    '[a](',
    '<b>',
    '__',
    '#',
    '# ',
    ' ',
    '\n',
    '"',
    '.',
    '\u200b',
  ])('made of %j takes linear time', (chunk) => {
    expectLinear((size) => {
      const text = chunk.repeat(size);
      return () => extractTitle(text);
    }, 300);
  });

  it('is empty for a long text, but is found after long reasoning', () => {
    expect(extractTitle('An essay about tea. '.repeat(1_000))).toBe('');
    const reasoning = `<think>${'Let me see. '.repeat(1_000)}</think>`;
    expect(extractTitle(`${reasoning}\n\nA pot of tea`)).toBe('A pot of tea');
  });
});
