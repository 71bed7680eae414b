/**
 * Malformed tool calls, as real endpoints send them. If possible, they call getWeather for Oslo.
 */
import { toolResults } from '@/lib/server/models/demo/chat-completion-request';
import type { ScenarioContext } from './scenario';

const ARGS = '{"city":"Oslo"}';

/** Entries of `delta.tool_calls`, each sent in its own delta. */
const TOOL_CALL_VARIANTS: Record<string, object[]> = {
  'no-type': [
    { index: 0, id: 'a', function: { name: 'getWeather', arguments: '' } },
    { index: 0, function: { arguments: ARGS } },
  ],
  'no-id': [{ index: 0, type: 'function', function: { name: 'getWeather', arguments: ARGS } }],
  'no-index': [
    { id: 'a', type: 'function', function: { name: 'getWeather', arguments: '{"city":' } },
    { function: { arguments: '"Oslo"}' } },
  ],
  placeholder: [
    { index: 0, id: 'a', type: 'function', function: { name: 'getWeather', arguments: '{}' } },
    { index: 0, function: { arguments: ARGS } },
  ],
  'object-args': [
    { index: 0, id: 'a', function: { name: 'getWeather', arguments: { city: 'Oslo' } } },
  ],
  'double-encoded': [
    { index: 0, id: 'a', function: { name: 'getWeather', arguments: JSON.stringify(ARGS) } },
  ],
  trailing: [{ index: 0, id: 'a', function: { name: 'getWeather', arguments: `${ARGS}}<|end|>` } }],
  'late-name': [
    { index: 0, id: 'a', type: 'function', function: { arguments: '' } },
    { index: 0, function: { name: 'getWeather', arguments: '{"city"' } },
    { index: 0, function: { arguments: ':"Oslo"}' } },
  ],
  'same-index': [
    { index: 0, id: 'a', type: 'function', function: { name: 'getWeather', arguments: ARGS } },
    { index: 0, id: 'b', type: 'function', function: { name: 'getWeather', arguments: ARGS } },
  ],
  'repeated-head': [...ARGS].map((character) => ({
    index: 0,
    id: 'a',
    type: 'function',
    function: { name: 'getWeather', arguments: character },
  })),
  'gap-index': [
    { index: 3, id: 'a', type: 'function', function: { name: 'getWeather', arguments: ARGS } },
  ],
  'no-args': [{ index: 0, id: 'a', type: 'function', function: { name: 'now' } }],
  unreadable: [
    { index: 0, id: 'a', type: 'function', function: { name: 'getWeather', arguments: '{"city' } },
    { index: 0, function: { arguments: ': Oslo]' } },
  ],
};

/**
 * Options: kind, finish (the finish reason); for the kind `given` also name and args, sent
 * unchanged; for the kind `many` also name and n, the number of calls.
 */
export function playMalformedToolCall({ reply, request, line }: ScenarioContext): void {
  const results = toolResults(request);
  if (results.length > 0) {
    reply.text(`The tool said: ${results.join(' ')}`);
    reply.finish();
    return;
  }
  const { kind = 'no-type', name, args } = Object.fromEntries(line.options);
  const extraCalls = Array.from({ length: Number(line.options.get('n')) || 0 }, (_, index) => ({
    index,
    id: `many${index}`,
    type: 'function',
    function: { name, arguments: ARGS },
  }));
  const toolCalls = [{ index: 0, id: 'a', type: 'function', function: { name, arguments: args } }];
  for (const call of { ...TOOL_CALL_VARIANTS, given: toolCalls, many: extraCalls }[kind] ?? []) {
    reply.delta({ tool_calls: [call] });
  }
  const finish_reason = line.options.get('finish') ?? 'tool_calls';
  reply.raw(`data: ${JSON.stringify({ choices: [{ index: 0, delta: {}, finish_reason }] })}\n\n`);
  reply.raw('data: [DONE]\n\n');
  reply.response.end();
}
