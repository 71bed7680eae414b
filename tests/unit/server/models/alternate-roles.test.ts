import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { alternateRoles } from '@/lib/server/models/alternate-roles';
import type { Prompt, PromptMessage } from '@/lib/server/models/prompt-text';

const text = (value: string) => ({ type: 'text' as const, text: value });
const user = (value: string): PromptMessage => ({ role: 'user', content: [text(value)] });
const assistant = (value: string): PromptMessage => ({ role: 'assistant', content: [text(value)] });
const call = (toolName: string, before = ''): PromptMessage => ({
  role: 'assistant',
  content: [
    ...(before ? [text(before)] : []),
    { type: 'tool-call', toolCallId: 'c', toolName, args: {} },
  ],
});
const result = (toolName: string): PromptMessage => ({
  role: 'tool',
  content: [{ type: 'tool-result', toolCallId: 'c', toolName, result: 7 }],
});
const system: PromptMessage = { role: 'system', content: 's' };

describe('message roles alternate', () => {
  test.each<[string, Prompt, Prompt]>([
    [
      'two user messages become one',
      [system, user('a'), user('b'), assistant('c'), user('d')],
      [system, user('a\n\nb'), assistant('c'), user('d')],
    ],
    ['an empty answer is left out', [user('a'), assistant(' \n'), user('b')], [user('a\n\nb')]],
    [
      'two assistant messages become one',
      [user('a'), assistant('b'), assistant('c')],
      [user('a'), assistant('b\n\nc')],
    ],
    [
      'a call with a result stays a call',
      [user('a'), call('t'), result('t'), assistant('b'), user('c')],
      [user('a'), call('t'), result('t'), assistant('b'), user('c')],
    ],
    [
      'a call without a result becomes text',
      [user('a'), call('t'), result('t'), user('b')],
      [user('a\n\nResult of t: 7\n\nb')],
    ],
    [
      'the text before a call without a result stays an answer',
      [user('a'), call('t', 'Wait.'), result('t'), user('b')],
      [user('a'), assistant('Wait.'), user('Result of t: 7\n\nb')],
    ],
    [
      'several rounds of calls without a result become text',
      [user('a'), call('t'), result('t'), call('u'), result('u'), result('u'), user('b')],
      [user('a\n\nResult of t: 7\nResult of u: 7\nResult of u: 7\n\nb')],
    ],
    [
      'a running round stays',
      [user('a'), call('t'), result('t')],
      [user('a'), call('t'), result('t')],
    ],
    [
      'the message to be continued stays last',
      [user('a'), assistant(' ')],
      [user('a'), assistant(' ')],
    ],
    [
      'instructions become one message',
      [system, system, user('a')],
      [{ role: 'system', content: 's\n\ns' }, user('a')],
    ],
  ])('%s', (_, prompt, expected) => {
    expect(alternateRoles(prompt)).toEqual(expected);
  });

  test('images keep their position between texts that are merged', () => {
    const image = { type: 'image' as const, image: new URL('https://example.org/a.png') };
    const withImage: PromptMessage = { role: 'user', content: [text('a'), image] };
    expect(alternateRoles([withImage, user('b'), user('c')])).toEqual([
      { role: 'user', content: [text('a'), image, text('b\n\nc')] },
    ]);
  });

  test('for any conversation, no role repeats and no tool message precedes the user message', () => {
    const turn = fc.constantFrom<PromptMessage[]>(
      [user('u')],
      [assistant('a')],
      [assistant('')],
      [call('t'), result('t')],
      [call('t', 'w'), result('t'), assistant('a')],
    );
    fc.assert(
      fc.property(fc.array(turn, { maxLength: 12 }), (turns) => {
        const roles = alternateRoles([system, user('first'), ...turns.flat(), user('last')]).map(
          ({ role }) => role,
        );
        for (const [index, role] of roles.entries()) {
          const next = roles[index + 1];
          expect(role === next && role !== 'assistant').toBe(false);
          expect(role === 'tool' && next === 'user').toBe(false);
        }
        expect(roles.at(-1)).toBe('user');
      }),
    );
  });
});

test.each([
  ['get weather!', 'get_weather_'],
  ['search.web', 'search_web'],
  ['', 'unknown'],
  ['天気', '__'],
  ['x'.repeat(200), 'x'.repeat(64)],
  ['getWeather', 'getWeather'],
])('an invalid tool name is not sent again: %j', (invalidName, sent) => {
  const [, message] = alternateRoles([
    user('a'),
    call(invalidName),
    result(invalidName),
    assistant('b'),
  ]);
  expect(message).toEqual(call(sent));
});
