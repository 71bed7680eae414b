import { describe, expect, test } from 'vitest';
import { parseChunk } from '@/lib/server/models/adapter/parse-chunk';
import fc from '@/tests/support/fast-check';

const delta = (fields: object) => ({ choices: [{ index: 0, delta: fields }] });

describe('a chunk', () => {
  test.each([
    ['text', delta({ content: 'a' }), { text: 'a', reasoning: '' }],
    ['reasoning_content', delta({ reasoning_content: 'a' }), { text: '', reasoning: 'a' }],
    ['reasoning', delta({ reasoning: 'a' }), { text: '', reasoning: 'a' }],
    ['both fields, once', delta({ reasoning_content: 'a', reasoning: 'a' }), { reasoning: 'a' }],
    ['parts', delta({ content: [{ type: 'text', text: 'a' }] }), { text: 'a' }],
    [
      'reasoning parts',
      delta({ content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'a' }] }] }),
      { reasoning: 'a', text: '' },
    ],
    ['a refusal', delta({ refusal: 'no' }), { text: 'no' }],
    [
      'an empty reasoning_content',
      delta({ reasoning_content: '', reasoning: 'a' }),
      { reasoning: 'a' },
    ],
    ['a field "thinking"', delta({ thinking: 'a' }), { reasoning: 'a' }],
    [
      'reasoning_details',
      delta({ reasoning_details: [{ text: 'a' }] }),
      { reasoningDetails: [{ text: 'a' }] },
    ],
    [
      'reasoning_details next to the same text',
      delta({ reasoning: 'a', reasoning_details: [{ text: 'a' }] }),
      { reasoning: 'a', reasoningDetails: [] },
    ],
    [
      'a complete message',
      { choices: [{ message: { content: 'a' } }] },
      { text: 'a', isFullMessage: true },
    ],
    ['a text of the old completions API', { choices: [{ text: 'a' }] }, { text: 'a' }],
    ['U+0000', delta({ content: 'a\0b' }), { text: 'ab' }],
    ['an empty error', { error: {}, ...delta({ content: 'a' }) }, { text: 'a' }],
    [
      'a message field next to a delta',
      { message: 'Done', ...delta({ content: 'a' }) },
      { text: 'a' },
    ],
    ['an error that is an empty text', { error: '', ...delta({ content: 'a' }) }, { text: 'a' }],
    ['a finish reason of "null"', { choices: [{ finish_reason: 'null' }] }, { finishReason: null }],
    ['an empty finish reason', { choices: [{ finish_reason: '' }] }, { finishReason: null }],
    ['null content', delta({ content: null }), { text: '' }],
    ['no choices', { choices: [] }, { text: '' }],
    ['null choices, with usage', { choices: null, usage: { prompt_tokens: 1 } }, { text: '' }],
    [
      'usage',
      { choices: [], usage: { prompt_tokens: 3 } },
      { usage: { prompt: 3, completion: null } },
    ],
    ['an empty usage', { choices: [], usage: {} }, { usage: null }],
    [
      'an old function call',
      delta({ function_call: { name: 'f' } }),
      {
        toolCalls: [{ index: 0, function: { name: 'f' } }],
      },
    ],
  ])('is parsed: %s', (_, chunk, expected) => {
    const read = parseChunk(chunk);
    expect(read).toMatchObject(expected);
    expect(read?.error).toBeUndefined();
  });

  test.each([
    [{ error: 'x' }],
    [{ error: { message: 'x' } }],
    [{ object: 'error', message: 'x' }],
    [{ detail: 'x' }],
    [{ choices: [{ delta: {}, finish_reason: 'error' }] }],
    [{ choices: [{ delta: {}, finish_reason: 'abort' }] }],
    [[{ error: { message: 'x' } }]],
    [{ choices: null, base_resp: { status_code: 1008, status_msg: 'x' } }],
  ])('contains an error: %j', (chunk) => {
    expect(parseChunk(chunk)?.error).toBeDefined();
  });

  test('may have any value without causing an exception', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => void parseChunk(value)));
    expect(parseChunk('x')).toBeNull();
    // An object that cannot be converted to a number or a text.
    const opaque = { toString: 1, valueOf: 1 };
    const choices = [{ index: opaque, delta: { content: 'a' } }];
    expect(parseChunk({ choices })).toMatchObject({ text: 'a', choiceIndex: 0 });
    expect(parseChunk({ base_resp: { status_code: opaque } })).toBeNull();
  });

  test.each([[{}], [null], [7], [{ type: 'ping' }], [{ choices: null }], [{ error: {} }]])(
    'is not recognized in %j',
    (value) => {
      expect(parseChunk(value)).toBeNull();
    },
  );

  test('is parsed for one choice only', () => {
    const choices = [
      { index: 1, delta: { content: 'b' } },
      { index: 0, delta: { content: 'a' } },
    ];
    expect(parseChunk({ choices }, 0)).toMatchObject({ text: 'a', choiceIndex: 0 });
    expect(parseChunk({ choices: choices.slice(0, 1) }, 0)).toMatchObject({ text: '' });
  });
});
