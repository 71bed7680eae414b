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
    redact: (text) => text,
  });
  for (const piece of pieces) reading.push(piece);
  const { settled } = reading;
  if (ends.length === 0) reading.end();
  const join = (type: string) =>
    parts.map((part) => (part.type === type && 'textDelta' in part ? part.textDelta : '')).join('');
  return {
    ends,
    settled,
    types: parts.map(({ type }) => type),
    text: join('text-delta'),
    reasoning: join('reasoning'),
    calls: parts.filter(({ type }) => type === 'tool-call'),
    finishReason: parts.flatMap((part) => (part.type === 'finish' ? [part.finishReason] : []))[0],
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

const T = (call: object) => delta({ tool_calls: [call] });
const DONE = 'data: [DONE]\n\n';
const CALL = { index: 0, id: 'a', function: { name: 'f', arguments: '{"n":1}' } };
const CALLED = { toolCallId: 'a', toolName: 'f', args: '{"n":1}' };
const MESSAGE = event({
  choices: [{ index: 0, message: { content: 'Tea is ready.' }, finish_reason: 'stop' }],
});
const DEEP = '['.repeat(20_000) + ']'.repeat(20_000);

/** What every one of these streams is: a name, its pieces, and what comes of it. */
const STREAMS: [string, string, object][] = [
  ...[
    'data: : keepalive',
    'data: {"type":"ping"}',
    'data: null',
    'data: {}',
    'data: NaN',
    'data: []',
  ]
    .concat(['data: ping', 'data: 7', 'data: {"error":{}}', 'data: {"error":""}', 'data:', ': x'])
    .concat(['data: {"choices":null}', 'data: {"usage":{"x":NaN}}', 'event: ping\ndata: {}'])
    .map((line): [string, string, object] => [
      `events that are no chunks: ${line}`,
      `${line}\n\n${delta({ content: 'Tea' })}${line}\n\n${finish('stop')}${line}\n\n${DONE}`,
      { ends: ['done'], text: 'Tea' },
    ]),
  [
    'data in words, where the answer goes on',
    `data: PROCESSING\n\n${delta({ content: 'Tea' })}${finish('stop')}${DONE}`,
    { ends: ['done'], text: 'Tea' },
  ],
  ...['', delta({ content: 'Tea' })].flatMap((before): [string, string, object][] => {
    const failed = (line: string): [string, string, object] => [
      `a failure ${before && 'behind text '}told by ${line}`,
      `${before}${line}\n\n${DONE}`,
      {
        ends: [
          { code: 'endpoint_failed', message: 'The model endpoint failed. It said: “No GPU”' },
        ],
        text: before && 'Tea',
      },
    ];
    return [
      failed('error: {"message":"No GPU","type":"server_error"}'),
      failed('error: No GPU'),
      failed('{"error":{"message":"No GPU"}}'),
      failed('{\n"error": "No GPU"\n}'),
      failed('data: No GPU'),
      failed('No GPU'),
      failed('event: error\ndata: No GPU'),
      failed('event: error\ndata: "No GPU"'),
      failed('event: error\ndata: {"text":1,"msg":"No GPU"}'),
      failed('data: [{"error":{"message":"No GPU"}}]'),
    ];
  }),
  ...['stop', 'null', ''].map((reason): [string, string, object] => {
    const chunk = (fields: object) =>
      event({ choices: [{ index: 0, delta: fields, finish_reason: reason }] });
    return [
      `a reason "${reason}" with every chunk`,
      chunk({ content: '' }) +
        chunk({ content: 'Tea ' }) +
        chunk({ content: 'is.' }) +
        chunk({ tool_calls: [CALL] }) +
        finish('tool_calls') +
        DONE,
      { ends: ['done'], text: 'Tea is.', calls: [CALLED], finishReason: 'tool-calls' },
    ];
  }),
  [
    'a reason with the first chunk only',
    finish('stop') + delta({ content: 'Tea' }) + T(CALL) + DONE,
    { ends: ['done'], text: 'Tea', calls: [CALLED], finishReason: 'tool-calls' },
  ],
  [
    'two reasons, of which the last counts',
    delta({ content: 'Tea' }) + finish('stop') + finish('length') + DONE,
    { ends: ['done'], finishReason: 'length' },
  ],
  [
    'a reason that content took back, and no other',
    finish('stop') + delta({ content: 'Tea' }),
    { ends: [{ code: 'endpoint_cut' }], text: 'Tea' },
  ],
  [
    'a whole message behind its pieces',
    delta({ content: 'Tea is ' }) + delta({ content: 'ready.' }) + MESSAGE + DONE,
    { ends: ['done'], text: 'Tea is ready.' },
  ],
  [
    'a whole message that holds more than its pieces',
    delta({ content: 'Tea is ' }) + MESSAGE,
    { ends: ['done'], text: 'Tea is ready.' },
  ],
  [
    'a last piece that is the whole text',
    delta({ content: 'The tea is ' }) +
      delta({ content: 'ready to drink.' }) +
      event({
        choices: [
          {
            index: 0,
            delta: { content: 'The tea is ready to drink.' },
            finish_reason: 'stop',
          },
        ],
      }),
    { ends: ['done'], text: 'The tea is ready to drink.' },
  ],
  [
    'a last piece that says a short word again',
    delta({ content: 'Ha' }) +
      delta({ content: 'ha' }) +
      event({ choices: [{ index: 0, delta: { content: 'Haha' }, finish_reason: 'stop' }] }),
    { ends: ['done'], text: 'HahaHaha' },
  ],
  ['a whole message alone', MESSAGE, { ends: ['done'], text: 'Tea is ready.' }],
  [
    'pieces that call themselves messages',
    ['Tea ', 'is ', 'ready.']
      .map((content) => event({ choices: [{ index: 0, message: { content } }] }))
      .join('') + DONE,
    { ends: ['done'], text: 'Tea is ready.' },
  ],
  [
    'a JSON body without an event',
    JSON.stringify({ choices: [{ message: { content: 'Tea' }, finish_reason: null }] }, null, 2),
    { ends: ['done'], text: 'Tea' },
  ],
  [
    'reasoning_details',
    delta({ reasoning_details: [{ type: 'reasoning.text', text: 'Hm' }] }) +
      delta({ reasoning_details: [{ type: 'reasoning.summary', summary: ', well.' }] }) +
      finish('stop') +
      DONE,
    { ends: ['done'], reasoning: 'Hm, well.' },
  ],
  [
    'reasoning_details that grow',
    ['Let me', 'Let me think', 'Let me think.', 'Let me think.']
      .map((text) => delta({ reasoning_details: [{ type: 'reasoning.text', text, index: 0 }] }))
      .join('') +
      finish('stop') +
      DONE,
    { ends: ['done'], reasoning: 'Let me think.' },
  ],
  [
    'two choices',
    [0, 1, 0, 1]
      .map((index) => event({ choices: [{ index, delta: { content: `${index}` } }] }))
      .join('') +
      finish('stop') +
      DONE,
    { ends: ['done'], text: '00' },
  ],
  [
    'arguments that are nested 20,000 deep',
    `data: {"choices":[{"delta":{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":{"a":${DEEP}}}}]}}]}\n\n${finish('stop')}${DONE}`,
    { ends: ['done'], calls: [{ toolCallId: 'a', toolName: 'f' }] },
  ],
  [
    'U+0000 in text and thinking',
    delta({ content: 'T\0ea', reasoning: '\0Hm' }) + finish('stop') + DONE,
    { ends: ['done'], text: 'Tea', reasoning: 'Hm' },
  ],
  [
    'single line ends between events',
    (delta({ content: 'Tea' }) + finish('stop') + DONE).replaceAll('\n\n', '\n'),
    { ends: ['done'], text: 'Tea' },
  ],
  [
    'a limit without a word',
    delta({ reasoning: 'Hm' }) + finish('length') + DONE,
    { ends: [{ code: 'endpoint_empty', message: expect.stringContaining('length limit') }] },
  ],
  [
    'a filter without a word',
    finish('content_filter') + DONE,
    { ends: [{ code: 'content_filtered' }] },
  ],
  ['a web page', '<!doctype html>\n<html>\n', { ends: [{ code: 'endpoint_bad_answer' }] }],
];

describe('streams as endpoints really send them, however they are cut', () => {
  test.each(STREAMS)('%s', (_, whole, expected) => {
    expect(answer([whole])).toMatchObject(expected);
    fc.assert(
      fc.property(fc.array(fc.nat(whole.length), { maxLength: 8 }), (cuts) => {
        const ends = [...cuts, whole.length].sort((a, b) => a - b);
        const pieces = ends.map((end, index) => whole.slice(ends[index - 1] ?? 0, end));
        expect(answer(pieces)).toMatchObject(expected);
      }),
      { numRuns: 25 },
    );
  });
});

describe('whether the answer is over while the connection stays open', () => {
  const withReason = (content: string) =>
    event({ choices: [{ index: 0, delta: { content }, finish_reason: 'stop' }] });

  test.each([
    ['shows by a reason behind the text', delta({ content: 'Tea' }) + finish('stop'), true],
    ['shows by a reason with the last text', delta({ content: 'Tea' }) + withReason('.'), true],
    ['does not show by a reason with every chunk', withReason('Tea') + withReason('.'), false],
    ['does not show by a reason before the text', finish('stop'), false],
    [
      'does not show by a reason that was wrong once',
      delta({ content: 'Tea' }) + finish('stop') + delta({ content: '.' }) + finish('stop'),
      false,
    ],
  ])('%s', (_, whole, settled) => {
    expect(answer([whole]).settled).toBe(settled);
  });
});

test('an event that never ends does not fill the memory', () => {
  const piece = 'x'.repeat(1024 * 1024);
  const { ends } = answer(['data: ', ...Array.from({ length: 10 }, () => piece)]);
  expect(ends).toMatchObject([{ code: 'endpoint_bad_answer' }]);
});

test.each([
  ['white space before the first word', { content: ' '.repeat(1024 * 1024) }],
  ['thinking', { reasoning_content: 'x'.repeat(1024 * 1024) }],
  [
    'arguments',
    {
      tool_calls: [{ index: 0, id: 'a', function: { name: 'f', arguments: 'x'.repeat(1 << 20) } }],
    },
  ],
])('an answer that never ends does not fill the memory: %s', (_, fields) => {
  const { ends } = answer(Array(20).fill(delta(fields)));
  expect(ends).toMatchObject([{ code: 'answer_too_long' }]);
});

test('the name of a tool that a model makes up is bounded wherever it is repeated', () => {
  const call = { index: 0, id: 'a', function: { name: 'x'.repeat(100_000), arguments: '{"a' } };
  const { ends } = answer([delta({ tool_calls: [call] }) + finish('length')]);
  expect((ends[0] as AppError).message.length).toBeLessThan(500);
});
