import { describe, expect, test } from 'vitest';
import { THINK_SIGNS } from '@/lib/protocol/think-signs';
import { createThinkSplitter } from '@/lib/protocol/think-tags';
import fc from '@/tests/support/fast-check';
import { expectLinear } from '@/tests/support/growth';

/** Every sign that may be dropped; of harmony, whole headers are. */
const SIGN =
  /<\/?think(?:ing)?>|◁\/?think▷|\[\/?THINK\]|<\|channel>thought|<channel\|>|<\|(?:begin|end)_of_solution\|>/g;

type Options = Parameters<typeof createThinkSplitter>[0];

/** Splits a text that comes in these pieces; neighbouring pieces of one type are joined. */
function split(chunks: string[], options: Options = {}) {
  const splitter = createThinkSplitter(options);
  const pieces = [...chunks.flatMap((chunk) => splitter.push(chunk)), ...splitter.flush()];
  const joined: Array<[string, string]> = [];
  for (const { type, text } of pieces) {
    const last = joined.at(-1);
    if (last?.[0] === type) last[1] += text;
    else joined.push([type, text]);
  }
  const { orphanClose, wrongBegin } = splitter;
  return { pieces: joined, orphanClose, wrongBegin };
}

const reasoning = (text: string): [string, string] => ['reasoning', text];
const text = (content: string): [string, string] => ['text', content];

describe('thinking is told from the answer', () => {
  test.each([
    ['no tags', 'Hello.', [text('Hello.')]],
    ['tags', '<think>\nHm.\n</think>\n\nYes.', [reasoning('Hm.'), text('Yes.')]],
    ['the other tag', '<thinking>Hm.</thinking>Yes.', [reasoning('Hm.'), text('Yes.')]],
    ['white space in front', '\n <think>Hm.</think>Yes.', [reasoning('Hm.'), text('Yes.')]],
    ['nothing thought', '<think>\n\n</think>\n\nYes.', [text('Yes.')]],
    ['twice', '<think>a</think>\n<think>b</think>c', [reasoning('a\n\nb'), text('c')]],
    ['never closed', '<think>Hm. I', [reasoning('Hm. I')]],
    ['nothing behind it', '<think>Hm.</think>\n', [reasoning('Hm.')]],
    ['white space in the answer', '<think>a</think>b \n\n c ', [reasoning('a'), text('b \n\n c ')]],
    ['lines within', '<think>a\n\n b</think>c', [reasoning('a\n\n b'), text('c')]],
    ['an open tag within', '<think>a <think> b</think>c', [reasoning('a <think> b'), text('c')]],
  ])('%s', (_, whole, pieces) => {
    expect(split([whole]).pieces).toEqual(pieces);
  });
});

describe('other models’ signs are known', () => {
  test.each([
    ...THINK_SIGNS.map(({ open, closers }): [string, string] => [open, closers[0] ?? '']),
  ])('%s … %s', (open, close) => {
    expect(split([`${open}\nHm.\n${close}\n\nYes.`]).pieces).toEqual([
      reasoning('Hm.'),
      text('Yes.'),
    ]);
    expect(split([`They open with ${open} and end with ${close}.`]).pieces).toEqual([
      text(`They open with ${open} and end with ${close}.`),
    ]);
  });

  test.each([
    [
      'a solution',
      '<|begin_of_thought|>Hm.<|end_of_thought|>\n<|begin_of_solution|>Yes.<|end_of_solution|>\n',
    ],
    ['a response', '<|START_THINKING|>Hm.<|END_THINKING|><|START_RESPONSE|>Yes.<|END_RESPONSE|>'],
    [
      'harmony',
      '<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>final<|message|>Yes.<|return|>',
    ],
    [
      'harmony without its ends',
      '<|channel|>analysis<|message|>Hm.<|start|>assistant<|channel|>final<|message|>Yes.',
    ],
    [
      'harmony from its very start',
      '<|start|>assistant<|channel|>analysis<|message|>Hm.<|end|>Yes.',
    ],
  ])('signs around the answer too: %s', (_, whole) => {
    expect(split([whole]).pieces).toEqual([reasoning('Hm.'), text('Yes.')]);
  });

  test('harmony: a call of a tool is no answer, words before it are', () => {
    const whole =
      '<|channel|>commentary<|message|>I look.<|end|>' +
      '<|start|>assistant<|channel|>commentary to=functions.f <|constrain|>json<|message|>{"n":1}<|call|>';
    expect(split([whole]).pieces).toEqual([text('I look.'), reasoning('{"n":1}')]);
  });

  test('harmony: an answer may quote its tokens', () => {
    const answer = 'It ends with <|end|> or `<|return|>`, then <|start|> and <|channel|> come.';
    const whole = `<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>final<|message|>${answer}`;
    expect(split([whole]).pieces).toEqual([reasoning('Hm.'), text(answer)]);
  });

  test('a closing tag between backticks closes no thinking', () => {
    expect(split(['<think>It writes `</think>` now.</think>Yes.']).pieces).toEqual([
      reasoning('It writes `</think>` now.'),
      text('Yes.'),
    ]);
  });
});

describe('an answer that speaks of tags stays text', () => {
  test.each([
    ['in a sentence', 'Models write <think>…</think> first.'],
    ['in code', 'Like so:\n```xml\n<think>\nHm.\n</think>\n```\nEnd.'],
    ['at the end, in part', 'a <thi'],
    ['only a beginning of one', '<thin air'],
    ['a comparison', '< think'],
    ['closing in a sentence', 'It ends with `</think>` there.'],
    ['closing with a word behind it', 'a\n</think> b'],
    ['closing in quotation marks', 'It ends with “</think>” there.'],
    ['closing in plain words', 'The tag </think> ends it, and so does </thinking>.'],
    ['closing in a block of code', '```\n2+2 is 4.</think>The sum is 4.\n```\n'],
    ['closing in code of two backticks', 'Like ``a`b.</think>c``.'],
  ])('%s', (_, whole) => {
    const { pieces, orphanClose } = split([whole]);
    expect(pieces).toEqual([text(whole)]);
    expect(orphanClose).toBe(false);
  });

  test('also behind real thinking', () => {
    const answer = 'Use\n</think>\nto close.';
    expect(split([`<think>a</think>${answer}`]).pieces).toEqual([reasoning('a'), text(answer)]);
  });
});

describe('where the prompt opened the tag', () => {
  test('the closing tag is dropped, and remembered', () => {
    expect(split(['Hm.\n</think>\n\nYes.'])).toMatchObject({
      pieces: [text('Hm.\nYes.')],
      orphanClose: true,
    });
    expect(split(['Hm.\n</think>']).orphanClose).toBe(true);
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
  ])('also on one line with the answer: %s', (whole, before, behind) => {
    const { pieces, orphanClose } = split([whole]);
    expect(pieces).toEqual([text(before + behind)]);
    expect(orphanClose).toBe(true);
    const second = split([whole], { beginInside: true }).pieces;
    expect(second).toEqual([reasoning(before.trimEnd()), text(behind)]);
  });

  test('an answer that opens the tag itself begins inside it only once', () => {
    expect(split(['<think>Hm.</think>Yes.'], { beginInside: true }).pieces).toEqual([
      reasoning('Hm.'),
      text('Yes.'),
    ]);
  });

  test('the next answer begins inside the thinking', () => {
    const { pieces, wrongBegin } = split(['Hm.\n</think>\n\nYes.'], { beginInside: true });
    expect(pieces).toEqual([reasoning('Hm.'), text('Yes.')]);
    expect(wrongBegin).toBe(false);
  });

  test('an answer that does not think after all is not hidden', () => {
    expect(split(['Yes, ', 'indeed.'], { beginInside: true })).toMatchObject({
      pieces: [reasoning('Yes, indeed.'), text('Yes, indeed.')],
      wrongBegin: true,
    });
  });
});

describe('however it is cut into pieces', () => {
  test('white space behind a tag is dropped, also where the text ends in half a tag', () => {
    expect(split(['</thinking>\r\n <'])).toEqual(split(['</thinking>\r\n', ' <']));
    expect(split(['</thinking>\r\n', ' <']).pieces).toEqual([text('<')]);
  });

  const word = fc.constantFrom(
    ...['<think>', '</think>', '<thinking>', '</thinking>', '<thi', '</', '<', '>', 'nk>'],
    ...['◁think▷', '◁/think▷', '[THINK]', '[/THINK]', '<|channel|>', 'final', 'analysis'],
    ...['<|message|>', '<|end|>', '<|start|>', 'assistant', '<|channel>thought', '<channel|>'],
    ...['<|begin_of_solution|>', '<|end_of_solution|>', '`', '.', 'A', '“'],
    ...['a', 'b c', ' ', '\n', '\r\n', '```', '\n```\n', '\t', '👩‍🚀', 'think'],
  );
  const whole = fc.array(word, { maxLength: 14 }).map((words) => words.join(''));
  const cuts = fc.array(fc.nat(), { maxLength: 8 });

  function cut(textToCut: string, at: number[]): string[] {
    const places = at.map((place) => place % (textToCut.length + 1)).sort((a, b) => a - b);
    const ends = [...places, textToCut.length];
    return ends.map((end, index) => textToCut.slice(ends[index - 1] ?? 0, end));
  }

  test.each([[false], [true]])('the result is the same (begins inside: %s)', (beginInside) => {
    fc.assert(
      fc.property(whole, cuts, (textToCut, at) => {
        expect(split(cut(textToCut, at), { beginInside })).toEqual(
          split([textToCut], { beginInside }),
        );
      }),
      { numRuns: 2_000 },
    );
  });

  test('nothing but tags and the white space beside them is lost', () => {
    // Removing a tag may bring the halves of another one together.
    function bare(value: string): string {
      const less = value.replace(SIGN, '').replace(/\s/g, '');
      return less === value ? value : bare(less);
    }
    fc.assert(
      fc.property(whole, (textToCut) => {
        fc.pre(!/^\s*<\|(?:channel|start)\|>|(?:>|▷|\])\s*<\|(?:channel|start)\|>/.test(textToCut));
        const { pieces } = split([textToCut]);
        expect(bare(pieces.map(([, piece]) => piece).join(''))).toBe(bare(textToCut));
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('what is held back is bounded', () => {
  test.each([
    ['before the first word', ''],
    ['within thinking', '<think>a'],
    ['behind thinking', '<think>a</think>'],
    ['behind a closing sign of the prompt', 'a</think>'],
    ['between messages of harmony', '<|channel|>final<|message|>a<|end|>'],
    ['behind an answer', '<|START_THINKING|>a<|END_THINKING|><|START_RESPONSE|>b<|END_RESPONSE|>'],
  ])('white space without an end costs time in proportion to it: %s', (_, start) => {
    expectLinear((size) => {
      const space = ' '.repeat(500);
      return () => {
        const splitter = createThinkSplitter();
        splitter.push(start);
        for (let piece = 0; piece < size; piece += 1) splitter.push(space);
        splitter.flush();
      };
    }, 60);
  });

  test.each([
    ['quoted closing signs', '<think>', '`</think>`'],
    ['ends of messages within a text', '<|channel|>final<|message|>', '<|end|>a'],
  ])('signs that are none cost time in proportion to them: %s', (_, start, sign) => {
    expectLinear((size) => {
      const text = start + sign.repeat(size);
      return () => createThinkSplitter().push(text);
    }, 500);
  });
});
