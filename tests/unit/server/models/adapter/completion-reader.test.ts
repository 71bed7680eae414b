import type { LanguageModelV1StreamPart } from 'ai';
import { describe, expect, test } from 'vitest';
import type { AppError } from '@/lib/protocol/errors';
import { createCompletionReader } from '@/lib/server/models/adapter/completion-reader';
import fc from '@/tests/support/fast-check';

/** Reads an answer that arrives in these chunks. Returns its parts and its outcomes. */
function runAnswer(chunks: string[]) {
  const parts: LanguageModelV1StreamPart[] = [];
  const outcomes: Array<'done' | AppError> = [];
  const reading = createCompletionReader({
    sink: {
      part: (part) => void parts.push(part),
      progress: () => undefined,
      done: () => void outcomes.push('done'),
      fail(error) {
        outcomes.push(error);
        reading.close(error);
      },
    },
    behavior: { startsInReasoning: false },
    windowMs: () => 1_000,
    redact: (text) => text,
  });
  for (const chunk of chunks) reading.push(chunk);
  const { hasReliableFinishReason } = reading;
  if (outcomes.length === 0) reading.end();
  const join = (type: string) =>
    parts.map((part) => (part.type === type && 'textDelta' in part ? part.textDelta : '')).join('');
  return {
    outcomes,
    hasReliableFinishReason,
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

describe('for any response of an endpoint', () => {
  const nonsense = fc.oneof(
    fc.jsonValue().map(event),
    fc.string(),
    fc.string().map((text) => delta({ content: text })),
    fc.jsonValue().map((value) => delta({ tool_calls: [value], content: value })),
    fc.jsonValue().map((value) => event({ choices: [value] })),
    fc.constantFrom('data: [DONE]\n\n', finish('stop'), finish('error'), finish('tool_calls')),
  );

  test('the answer ends exactly once with a matching outcome', () => {
    fc.assert(
      fc.property(fc.array(nonsense), (events) => {
        const { outcomes, types } = runAnswer(events);
        expect(outcomes).toHaveLength(1);
        expect(types.filter((type) => type === 'finish')).toHaveLength(1);
        expect(types.at(-1)).toBe('finish');
        expect(types.includes('error')).toBe(outcomes[0] !== 'done');
      }),
      { numRuns: 1_000 },
    );
  });
});

test('the answer is the same for any chunks', () => {
  const stream = [
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
    fc.property(fc.array(fc.nat(stream.length), { maxLength: 12 }), (cutPoints) => {
      const offsets = [...cutPoints, stream.length].sort((a, b) => a - b);
      const chunks = offsets.map((end, index) => stream.slice(offsets[index - 1] ?? 0, end));
      expect(runAnswer(chunks)).toMatchObject({
        outcomes: ['done'],
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

/** Each stream: its name, its text, and the expected result. */
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
      `events that are not chunks: ${line}`,
      `${line}\n\n${delta({ content: 'Tea' })}${line}\n\n${finish('stop')}${line}\n\n${DONE}`,
      { outcomes: ['done'], text: 'Tea' },
    ]),
  [
    'plain text as data, before the rest of the answer',
    `data: PROCESSING\n\n${delta({ content: 'Tea' })}${finish('stop')}${DONE}`,
    { outcomes: ['done'], text: 'Tea' },
  ],
  ...['', delta({ content: 'Tea' })].flatMap((before): [string, string, object][] => {
    const failed = (line: string): [string, string, object] => [
      `a failure ${before && 'after text '}reported by ${line}`,
      `${before}${line}\n\n${DONE}`,
      {
        outcomes: [
          { code: 'endpoint_failed', message: 'The model server failed. Its message: “No GPU”' },
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
      { outcomes: ['done'], text: 'Tea is.', calls: [CALLED], finishReason: 'tool-calls' },
    ];
  }),
  [
    'a finish reason in the first chunk only',
    finish('stop') + delta({ content: 'Tea' }) + T(CALL) + DONE,
    { outcomes: ['done'], text: 'Tea', calls: [CALLED], finishReason: 'tool-calls' },
  ],
  [
    'two finish reasons, of which the last counts',
    delta({ content: 'Tea' }) + finish('stop') + finish('length') + DONE,
    { outcomes: ['done'], finishReason: 'length' },
  ],
  [
    'a finish reason that is withdrawn by content',
    finish('stop') + delta({ content: 'Tea' }),
    { outcomes: [{ code: 'endpoint_disconnected' }], text: 'Tea' },
  ],
  [
    'a complete message after its deltas',
    delta({ content: 'Tea is ' }) + delta({ content: 'ready.' }) + MESSAGE + DONE,
    { outcomes: ['done'], text: 'Tea is ready.' },
  ],
  [
    'a complete message with more than its deltas',
    delta({ content: 'Tea is ' }) + MESSAGE,
    { outcomes: ['done'], text: 'Tea is ready.' },
  ],
  [
    'a last delta that is the whole text',
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
    { outcomes: ['done'], text: 'The tea is ready to drink.' },
  ],
  [
    'a last delta that repeats a short word',
    delta({ content: 'Ha' }) +
      delta({ content: 'ha' }) +
      event({ choices: [{ index: 0, delta: { content: 'Haha' }, finish_reason: 'stop' }] }),
    { outcomes: ['done'], text: 'HahaHaha' },
  ],
  ['only a complete message', MESSAGE, { outcomes: ['done'], text: 'Tea is ready.' }],
  [
    'deltas that are labeled as messages',
    ['Tea ', 'is ', 'ready.']
      .map((content) => event({ choices: [{ index: 0, message: { content } }] }))
      .join('') + DONE,
    { outcomes: ['done'], text: 'Tea is ready.' },
  ],
  [
    'a JSON body without an event',
    JSON.stringify({ choices: [{ message: { content: 'Tea' }, finish_reason: null }] }, null, 2),
    { outcomes: ['done'], text: 'Tea' },
  ],
  [
    'reasoning_details',
    delta({ reasoning_details: [{ type: 'reasoning.text', text: 'Hm' }] }) +
      delta({ reasoning_details: [{ type: 'reasoning.summary', summary: ', well.' }] }) +
      finish('stop') +
      DONE,
    { outcomes: ['done'], reasoning: 'Hm, well.' },
  ],
  [
    'reasoning_details that grow',
    ['Let me', 'Let me think', 'Let me think.', 'Let me think.']
      .map((text) => delta({ reasoning_details: [{ type: 'reasoning.text', text, index: 0 }] }))
      .join('') +
      finish('stop') +
      DONE,
    { outcomes: ['done'], reasoning: 'Let me think.' },
  ],
  [
    'two choices',
    [0, 1, 0, 1]
      .map((index) => event({ choices: [{ index, delta: { content: `${index}` } }] }))
      .join('') +
      finish('stop') +
      DONE,
    { outcomes: ['done'], text: '00' },
  ],
  [
    'arguments nested 20,000 levels deep',
    `data: {"choices":[{"delta":{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":{"a":${DEEP}}}}]}}]}\n\n${finish('stop')}${DONE}`,
    { outcomes: ['done'], calls: [{ toolCallId: 'a', toolName: 'f' }] },
  ],
  [
    'U+0000 in text and reasoning',
    delta({ content: 'T\0ea', reasoning: '\0Hm' }) + finish('stop') + DONE,
    { outcomes: ['done'], text: 'Tea', reasoning: 'Hm' },
  ],
  [
    'single line ends between events',
    (delta({ content: 'Tea' }) + finish('stop') + DONE).replaceAll('\n\n', '\n'),
    { outcomes: ['done'], text: 'Tea' },
  ],
  [
    'a length limit without text',
    delta({ reasoning: 'Hm' }) + finish('length') + DONE,
    {
      outcomes: [
        { code: 'endpoint_empty_answer', message: expect.stringContaining('token limit') },
      ],
    },
  ],
  [
    'a content filter without text',
    finish('content_filter') + DONE,
    { outcomes: [{ code: 'content_filtered' }] },
  ],
  [
    'a web page',
    '<!doctype html>\n<html>\n',
    { outcomes: [{ code: 'endpoint_invalid_response' }] },
  ],
];

describe('recorded streams of real endpoints', () => {
  test.each(STREAMS)('are read correctly in any chunks: %s', (_, stream, expected) => {
    expect(runAnswer([stream])).toMatchObject(expected);
    fc.assert(
      fc.property(fc.array(fc.nat(stream.length), { maxLength: 8 }), (cutPoints) => {
        const offsets = [...cutPoints, stream.length].sort((a, b) => a - b);
        const chunks = offsets.map((end, index) => stream.slice(offsets[index - 1] ?? 0, end));
        expect(runAnswer(chunks)).toMatchObject(expected);
      }),
      { numRuns: 25 },
    );
  });
});

describe('the end of an answer on an open connection', () => {
  const withReason = (content: string) =>
    event({ choices: [{ index: 0, delta: { content }, finish_reason: 'stop' }] });

  test.each([
    [
      'is indicated by a finish reason after the text',
      delta({ content: 'Tea' }) + finish('stop'),
      true,
    ],
    [
      'is indicated by a finish reason with the last text',
      delta({ content: 'Tea' }) + withReason('.'),
      true,
    ],
    [
      'is not indicated by a finish reason in every chunk',
      withReason('Tea') + withReason('.'),
      false,
    ],
    ['is not indicated by a finish reason before the text', finish('stop'), false],
    [
      'is not indicated by a finish reason that was wrong once',
      delta({ content: 'Tea' }) + finish('stop') + delta({ content: '.' }) + finish('stop'),
      false,
    ],
  ])('%s', (_, stream, isReliable) => {
    expect(runAnswer([stream]).hasReliableFinishReason).toBe(isReliable);
  });
});

test('an endless event does not exhaust the memory', () => {
  const chunk = 'x'.repeat(1024 * 1024);
  const { outcomes } = runAnswer(['data: ', ...Array.from({ length: 10 }, () => chunk)]);
  expect(outcomes).toMatchObject([{ code: 'endpoint_invalid_response' }]);
});

test.each([
  ['whitespace before the first token', { content: ' '.repeat(1024 * 1024) }],
  ['reasoning', { reasoning_content: 'x'.repeat(1024 * 1024) }],
  [
    'arguments',
    {
      tool_calls: [{ index: 0, id: 'a', function: { name: 'f', arguments: 'x'.repeat(1 << 20) } }],
    },
  ],
])('an endless answer does not exhaust the memory: %s', (_, fields) => {
  const { outcomes } = runAnswer(Array(20).fill(delta(fields)));
  expect(outcomes).toMatchObject([{ code: 'answer_too_long' }]);
});

test('an extremely long tool name is truncated in the error message', () => {
  const call = { index: 0, id: 'a', function: { name: 'x'.repeat(100_000), arguments: '{"a' } };
  const { outcomes } = runAnswer([delta({ tool_calls: [call] }) + finish('length')]);
  expect((outcomes[0] as AppError).message.length).toBeLessThan(500);
});
