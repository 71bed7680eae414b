import { describe, expect, test } from 'vitest';
import { REASONING_MARKERS } from '@/lib/server/models/reasoning/reasoning-markers';
import { createReasoningSplitter } from '@/lib/server/models/reasoning/reasoning-splitter';
import fc from '@/tests/support/fast-check';
import { expectLinear } from '@/tests/support/linear-time';

/** Every marker that may be removed. Harmony headers are removed as a whole. */
const MARKER_PATTERN =
  /<\/?think(?:ing)?>|◁\/?think▷|\[\/?THINK\]|<\|channel>thought|<channel\|>|<\|(?:begin|end)_of_solution\|>/g;

type Options = Parameters<typeof createReasoningSplitter>[0];

/** Splits a text that arrives in the given chunks. Joins adjacent segments of the same type. */
function runSplitter(chunks: string[], options: Options = {}) {
  const splitter = createReasoningSplitter(options);
  const segments = [...chunks.flatMap((chunk) => splitter.push(chunk)), ...splitter.flush()];
  const joined: Array<[string, string]> = [];
  for (const { type, text } of segments) {
    const last = joined.at(-1);
    if (last?.[0] === type) last[1] += text;
    else joined.push([type, text]);
  }
  const { hasUnmatchedClosing, isClosingMissing } = splitter;
  return { segments: joined, hasUnmatchedClosing, isClosingMissing };
}

const reasoning = (text: string): [string, string] => ['reasoning', text];
const text = (content: string): [string, string] => ['text', content];

describe('reasoning', () => {
  test.each([
    ['no tags', 'Hello.', [text('Hello.')]],
    ['tags', '<think>\nHm.\n</think>\n\nYes.', [reasoning('Hm.'), text('Yes.')]],
    ['a thinking tag', '<thinking>Hm.</thinking>Yes.', [reasoning('Hm.'), text('Yes.')]],
    ['whitespace before the tag', '\n <think>Hm.</think>Yes.', [reasoning('Hm.'), text('Yes.')]],
    ['empty reasoning', '<think>\n\n</think>\n\nYes.', [text('Yes.')]],
    ['two blocks', '<think>a</think>\n<think>b</think>c', [reasoning('a\n\nb'), text('c')]],
    ['a tag that is never closed', '<think>Hm. I', [reasoning('Hm. I')]],
    ['no text after the tags', '<think>Hm.</think>\n', [reasoning('Hm.')]],
    ['whitespace in the answer', '<think>a</think>b \n\n c ', [reasoning('a'), text('b \n\n c ')]],
    ['several lines of reasoning', '<think>a\n\n b</think>c', [reasoning('a\n\n b'), text('c')]],
    [
      'an opening tag in the reasoning',
      '<think>a <think> b</think>c',
      [reasoning('a <think> b'), text('c')],
    ],
  ])('is separated from the answer: %s', (_, fullText, segments) => {
    expect(runSplitter([fullText]).segments).toEqual(segments);
  });
});

describe('the markers of other models', () => {
  test.each([
    ...REASONING_MARKERS.map(({ open, closings }): [string, string] => [open, closings[0] ?? '']),
  ])('enclose reasoning only at the beginning of an answer: %s … %s', (open, close) => {
    expect(runSplitter([`${open}\nHm.\n${close}\n\nYes.`]).segments).toEqual([
      reasoning('Hm.'),
      text('Yes.'),
    ]);
    expect(runSplitter([`They open with ${open} and end with ${close}.`]).segments).toEqual([
      text(`They open with ${open} and end with ${close}.`),
    ]);
  });

  test.each([
    [
      'a solution tag',
      '<|begin_of_thought|>Hm.<|end_of_thought|>\n<|begin_of_solution|>Yes.<|end_of_solution|>\n',
    ],
    [
      'a response tag',
      '<|START_THINKING|>Hm.<|END_THINKING|><|START_RESPONSE|>Yes.<|END_RESPONSE|>',
    ],
    [
      'Harmony',
      '<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>final<|message|>Yes.<|return|>',
    ],
    [
      'Harmony without end tokens',
      '<|channel|>analysis<|message|>Hm.<|start|>assistant<|channel|>final<|message|>Yes.',
    ],
    [
      'Harmony from its start token',
      '<|start|>assistant<|channel|>analysis<|message|>Hm.<|end|>Yes.',
    ],
  ])('are removed around the answer: %s', (_, fullText) => {
    expect(runSplitter([fullText]).segments).toEqual([reasoning('Hm.'), text('Yes.')]);
  });
});

test('a Harmony tool call becomes reasoning, and the text before it stays text', () => {
  const fullText =
    '<|channel|>commentary<|message|>I look.<|end|>' +
    '<|start|>assistant<|channel|>commentary to=functions.f <|constrain|>json<|message|>{"n":1}<|call|>';
  expect(runSplitter([fullText]).segments).toEqual([text('I look.'), reasoning('{"n":1}')]);
});

test('Harmony tokens that an answer mentions stay text', () => {
  const answer = 'It ends with <|end|> or `<|return|>`, then <|start|> and <|channel|> come.';
  const fullText = `<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>final<|message|>${answer}`;
  expect(runSplitter([fullText]).segments).toEqual([reasoning('Hm.'), text(answer)]);
});

test.each(['<|start|>assistant', '<|channel|>final '])(
  'a Harmony header without an end is text: %s',
  (header) => {
    const fullText = `${header}${'x'.repeat(400)}<|start|>assistant${'y'.repeat(400)}`;
    expect(runSplitter([fullText]).segments).toEqual([text(fullText)]);
  },
);

test('a closing tag between backticks does not end the reasoning', () => {
  expect(runSplitter(['<think>It writes `</think>` now.</think>Yes.']).segments).toEqual([
    reasoning('It writes `</think>` now.'),
    text('Yes.'),
  ]);
});

describe('an answer that mentions tags', () => {
  test.each([
    ['tags in a sentence', 'Models write <think>…</think> first.'],
    ['tags in a code block', 'Like so:\n```xml\n<think>\nHm.\n</think>\n```\nEnd.'],
    ['a partial tag at the end', 'a <thi'],
    ['a word that begins like a tag', '<thin air'],
    ['a comparison', '< think'],
    ['a closing tag in a sentence', 'It ends with `</think>` there.'],
    ['a closing tag before a word', 'a\n</think> b'],
    ['a closing tag in quotation marks', 'It ends with “</think>” there.'],
    ['closing tags in plain text', 'The tag </think> ends it, and so does </thinking>.'],
    ['a closing tag in a code block', '```\n2+2 is 4.</think>The sum is 4.\n```\n'],
    ['a closing tag in code with two backticks', 'Like ``a`b.</think>c``.'],
  ])('stays text: %s', (_, fullText) => {
    const { segments, hasUnmatchedClosing } = runSplitter([fullText]);
    expect(segments).toEqual([text(fullText)]);
    expect(hasUnmatchedClosing).toBe(false);
  });

  test('stays text after reasoning', () => {
    const answer = 'Use\n</think>\nto close.';
    expect(runSplitter([`<think>a</think>${answer}`]).segments).toEqual([
      reasoning('a'),
      text(answer),
    ]);
  });
});

describe('an answer whose opening tag is in the prompt', () => {
  test('loses its closing tag, which is reported', () => {
    expect(runSplitter(['Hm.\n</think>\n\nYes.'])).toMatchObject({
      segments: [text('Hm.\nYes.')],
      hasUnmatchedClosing: true,
    });
    expect(runSplitter(['Hm.\n</think>']).hasUnmatchedClosing).toBe(true);
  });

  test.each([
    ['2+2 is 4.</think>The sum is 4.', '2+2 is 4.', 'The sum is 4.'],
    ['2+2 is 4.</think> The sum is 4.', '2+2 is 4.', 'The sum is 4.'],
    ['2+2 is 4. </think> The sum is 4.', '2+2 is 4. ', 'The sum is 4.'],
    ['so 4</think>4', 'so 4', '4'],
    ['so 4</think>\n\nFour.', 'so 4', 'Four.'],
    ['二加二得四。</think>四。', '二加二得四。', '四。'],
    ['Use `+`.\n</think>Yes.', 'Use `+`.\n', 'Yes.'],
    ['One ` too many.\n\nHm.</think>Yes.', 'One ` too many.\n\nHm.', 'Yes.'],
    ['Hm.◁/think▷Yes.', 'Hm.', 'Yes.'],
    ['Hm.[/THINK]Yes.', 'Hm.', 'Yes.'],
  ])(
    'may have the closing tag on the line of its text: %s',
    (fullText, expectedStart, expectedRest) => {
      const { segments, hasUnmatchedClosing } = runSplitter([fullText]);
      expect(segments).toEqual([text(expectedStart + expectedRest)]);
      expect(hasUnmatchedClosing).toBe(true);
      const second = runSplitter([fullText], { startsInReasoning: true }).segments;
      expect(second).toEqual([reasoning(expectedStart.trimEnd()), text(expectedRest)]);
    },
  );

  test('may repeat the opening tag', () => {
    expect(runSplitter(['<think>Hm.</think>Yes.'], { startsInReasoning: true }).segments).toEqual([
      reasoning('Hm.'),
      text('Yes.'),
    ]);
  });

  test('starts in reasoning if that is known', () => {
    const { segments, isClosingMissing } = runSplitter(['Hm.\n</think>\n\nYes.'], {
      startsInReasoning: true,
    });
    expect(segments).toEqual([reasoning('Hm.'), text('Yes.')]);
    expect(isClosingMissing).toBe(false);
  });

  test('is returned as reasoning and as text if it has no closing tag', () => {
    expect(runSplitter(['Yes, ', 'indeed.'], { startsInReasoning: true })).toMatchObject({
      segments: [reasoning('Yes, indeed.'), text('Yes, indeed.')],
      isClosingMissing: true,
    });
  });
});

describe('the splitter', () => {
  test('drops whitespace after a tag, even if the text ends within another tag', () => {
    expect(runSplitter(['</thinking>\r\n <'])).toEqual(runSplitter(['</thinking>\r\n', ' <']));
    expect(runSplitter(['</thinking>\r\n', ' <']).segments).toEqual([text('<')]);
  });

  const word = fc.constantFrom(
    ...['<think>', '</think>', '<thinking>', '</thinking>', '<thi', '</', '<', '>', 'nk>'],
    ...['◁think▷', '◁/think▷', '[THINK]', '[/THINK]', '<|channel|>', 'final', 'analysis'],
    ...['<|message|>', '<|end|>', '<|start|>', 'assistant', '<|channel>thought', '<channel|>'],
    ...['<|begin_of_solution|>', '<|end_of_solution|>', '`', '.', 'A', '“'],
    ...['a', 'b c', ' ', '\n', '\r\n', '```', '\n```\n', '\t', '👩‍🚀', 'think'],
  );
  const fullText = fc.array(word, { maxLength: 14 }).map((words) => words.join(''));
  const cutPoints = fc.array(fc.nat(), { maxLength: 8 });

  function splitAt(textToSplit: string, at: number[]): string[] {
    const offsets = at.map((offset) => offset % (textToSplit.length + 1)).sort((a, b) => a - b);
    const boundaries = [...offsets, textToSplit.length];
    return boundaries.map((end, index) => textToSplit.slice(boundaries[index - 1] ?? 0, end));
  }

  test.each([[false], [true]])(
    'returns the same result for any chunks (startsInReasoning: %s)',
    (startsInReasoning) => {
      fc.assert(
        fc.property(fullText, cutPoints, (textToSplit, at) => {
          expect(runSplitter(splitAt(textToSplit, at), { startsInReasoning })).toEqual(
            runSplitter([textToSplit], { startsInReasoning }),
          );
        }),
        { numRuns: 2_000 },
      );
    },
  );

  test('removes only markers and whitespace from a text without Harmony headers', () => {
    // Removing a tag may join the halves of another one.
    function bare(value: string): string {
      const less = value.replace(MARKER_PATTERN, '').replace(/\s/g, '');
      return less === value ? value : bare(less);
    }
    fc.assert(
      fc.property(fullText, (textToSplit) => {
        fc.pre(
          !/^\s*<\|(?:channel|start)\|>|(?:>|▷|\])\s*<\|(?:channel|start)\|>/.test(textToSplit),
        );
        const { segments } = runSplitter([textToSplit]);
        expect(bare(segments.map(([, segment]) => segment).join(''))).toBe(bare(textToSplit));
      }),
      { numRuns: 2_000 },
    );
  });
});

/** An end token that is text, because text follows it. */
const SOLUTION_END = '<|end_of_solution|>a';

describe('repetitive text', () => {
  test.each([
    ['before the first token', ''],
    ['inside reasoning', '<think>a'],
    ['after reasoning', '<think>a</think>'],
    ['after a closing tag of the prompt', 'a</think>'],
    ['between Harmony messages', '<|channel|>final<|message|>a<|end|>'],
    ['after an answer', '<|START_THINKING|>a<|END_THINKING|><|START_RESPONSE|>b<|END_RESPONSE|>'],
  ])('takes linear time: whitespace %s', (_, start) => {
    expectLinear((size) => {
      const space = ' '.repeat(500);
      return () => {
        const splitter = createReasoningSplitter();
        splitter.push(start);
        for (let segment = 0; segment < size; segment += 1) splitter.push(space);
        splitter.flush();
      };
    }, 60);
  });

  test.each([
    ['quoted closing tags', '<think>', '`</think>`'],
    ['end tokens in a text', '<|channel|>final<|message|>', '<|end|>a'],
    ['Harmony headers without an end', '', `<|start|>assistant${'x'.repeat(350)}`],
    ['end tokens before whitespace', '<think></think><|begin_of_solution|>', SOLUTION_END],
  ])('takes linear time: %s', (_, start, marker) => {
    expectLinear((size) => {
      const text = `${start}${marker.repeat(size)}${' '.repeat(20 * size)}`;
      return () => createReasoningSplitter().push(text);
    }, 500);
  });
});
