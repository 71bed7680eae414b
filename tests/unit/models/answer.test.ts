import type { LanguageModelV1StreamPart } from 'ai';
import { describe, expect, test } from 'vitest';
import type { AppError } from '@/lib/errors';
import { createAnswer } from '@/lib/models/adapter/answer';
import fc from '@/tests/support/fast-check';

/** What comes of an answer that arrives in these pieces. */
function answer(pieces: string[]) {
  const parts: LanguageModelV1StreamPart[] = [];
  const ends: Array<'done' | AppError> = [];
  const reading = createAnswer({
    sink: {
      part: (part) => void parts.push(part),
      progress: () => undefined,
      done: () => void ends.push('done'),
      fail(error) {
        ends.push(error);
        reading.close(error);
      },
    },
    habit: { beginsInside: false },
    windowMs: () => 1_000,
  });
  for (const piece of pieces) reading.push(piece);
  if (ends.length === 0) reading.end();
  const join = (type: string) =>
    parts.map((part) => (part.type === type && 'textDelta' in part ? part.textDelta : '')).join('');
  return {
    ends,
    types: parts.map(({ type }) => type),
    text: join('text-delta'),
    reasoning: join('reasoning'),
    calls: parts.filter(({ type }) => type === 'tool-call'),
  };
}

const event = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`;
const delta = (fields: object) => event({ choices: [{ index: 0, delta: fields }] });
const finish = (reason: string) =>
  event({ choices: [{ index: 0, delta: {}, finish_reason: reason }] });

describe('whatever an endpoint sends', () => {
  const nonsense = fc.oneof(
    fc.jsonValue().map(event),
    fc.string(),
    fc.string().map((text) => delta({ content: text })),
    fc.jsonValue().map((value) => delta({ tool_calls: [value], content: value })),
    fc.jsonValue().map((value) => event({ choices: [value] })),
    fc.constantFrom('data: [DONE]\n\n', finish('stop'), finish('error'), finish('tool_calls')),
  );

  test('the answer ends once, and says how', () => {
    fc.assert(
      fc.property(fc.array(nonsense), (events) => {
        const { ends, types } = answer(events);
        expect(ends).toHaveLength(1);
        expect(types.filter((type) => type === 'finish')).toHaveLength(1);
        expect(types.at(-1)).toBe('finish');
        expect(types.includes('error')).toBe(ends[0] !== 'done');
      }),
      { numRuns: 1_000 },
    );
  });
});

test('however the bytes are cut, the answer is the same', () => {
  const whole = [
    ': hello\r\n\r\n',
    delta({ reasoning_content: 'Hm, ' }),
    delta({ reasoning: 'well.' }),
    delta({ content: 'Yes, ' }),
    delta({ content: '<think>' }),
    delta({ content: '👩‍🚀.' }),
    delta({ tool_calls: [{ index: 0, id: 'a', function: { name: 'f', arguments: '{"n":' } }] }),
    delta({ tool_calls: [{ index: 0, function: { arguments: '1}' } }] }),
    finish('tool_calls'),
    'data: [DONE]\n\n',
  ].join('');
  fc.assert(
    fc.property(fc.array(fc.nat(whole.length), { maxLength: 12 }), (cuts) => {
      const ends = [...cuts, whole.length].sort((a, b) => a - b);
      const pieces = ends.map((end, index) => whole.slice(ends[index - 1] ?? 0, end));
      expect(answer(pieces)).toMatchObject({
        ends: ['done'],
        reasoning: 'Hm, well.',
        text: 'Yes, <think>👩‍🚀.',
        calls: [{ toolCallId: 'a', toolName: 'f', args: '{"n":1}' }],
      });
    }),
  );
});

test('an event that never ends does not fill the memory', () => {
  const piece = 'x'.repeat(1024 * 1024);
  const { ends } = answer(['data: ', ...Array.from({ length: 10 }, () => piece)]);
  expect(ends).toMatchObject([{ code: 'endpoint_bad_answer' }]);
});
