import { describe, expect, test } from 'vitest';
import { readChunk } from '@/lib/models/adapter/chunk';
import fc from '@/tests/support/fast-check';

const delta = (fields: object) => ({ choices: [{ index: 0, delta: fields }] });

describe('a chunk is understood', () => {
  test.each([
    ['text', delta({ content: 'a' }), { text: 'a', reasoning: '' }],
    ['reasoning_content', delta({ reasoning_content: 'a' }), { text: '', reasoning: 'a' }],
    ['reasoning', delta({ reasoning: 'a' }), { text: '', reasoning: 'a' }],
    ['both, once', delta({ reasoning_content: 'a', reasoning: 'a' }), { reasoning: 'a' }],
    ['parts', delta({ content: [{ type: 'text', text: 'a' }] }), { text: 'a' }],
    [
      'thinking parts',
      delta({ content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'a' }] }] }),
      { reasoning: 'a', text: '' },
    ],
    ['a refusal', delta({ refusal: 'no' }), { text: 'no' }],
    ['null content', delta({ content: null }), { text: '' }],
    ['no choices', { choices: [] }, { text: '' }],
    ['null choices, with usage', { choices: null, usage: { prompt_tokens: 1 } }, { text: '' }],
    [
      'usage',
      { choices: [], usage: { prompt_tokens: 3 } },
      { usage: { prompt: 3, completion: null } },
    ],
    ['usage that says nothing', { choices: [], usage: {} }, { usage: null }],
    [
      'an old function call',
      delta({ function_call: { name: 'f' } }),
      {
        toolCalls: [{ index: 0, function: { name: 'f' } }],
      },
    ],
  ])('%s', (_, chunk, pieces) => {
    const read = readChunk(chunk);
    expect(read).toMatchObject(pieces);
    expect(read?.error).toBeUndefined();
  });

  test.each([
    [{ error: 'x' }],
    [{ error: { message: 'x' } }],
    [{ object: 'error', message: 'x' }],
    [{ detail: 'x' }],
    [{ choices: [{ delta: {}, finish_reason: 'error' }] }],
  ])('%j is an error', (chunk) => {
    expect(readChunk(chunk)?.error).toBeDefined();
  });

  test('no value at all makes it throw', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => void readChunk(value)));
    expect(readChunk('x')).toBeNull();
    expect(readChunk({})).toBeNull();
  });
});
