import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { alternateRoles } from '@/lib/models/alternate-roles';
import type { Prompt, PromptMessage } from '@/lib/models/prompt-text';

const text = (value: string) => ({ type: 'text' as const, text: value });
const user = (value: string): PromptMessage => ({ role: 'user', content: [text(value)] });
const said = (value: string): PromptMessage => ({ role: 'assistant', content: [text(value)] });
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

describe('roles take turns', () => {
  test.each<[string, Prompt, Prompt]>([
    [
      'two questions become one',
      [system, user('a'), user('b'), said('c'), user('d')],
      [system, user('a\n\nb'), said('c'), user('d')],
    ],
    ['an empty answer is left out', [user('a'), said(' \n'), user('b')], [user('a\n\nb')]],
    ['two answers become one', [user('a'), said('b'), said('c')], [user('a'), said('b\n\nc')]],
    [
      'a call whose answer came stays a call',
      [user('a'), call('t'), result('t'), said('b'), user('c')],
      [user('a'), call('t'), result('t'), said('b'), user('c')],
    ],
    [
      'a call that no answer followed becomes text',
      [user('a'), call('t'), result('t'), user('b')],
      [user('a\n\nResult of t: 7\n\nb')],
    ],
    [
      'and what was said before it stays the answer',
      [user('a'), call('t', 'Wait.'), result('t'), user('b')],
      [user('a'), said('Wait.'), user('Result of t: 7\n\nb')],
    ],
    [
      'so do several rounds of calls',
      [user('a'), call('t'), result('t'), call('u'), result('u'), result('u'), user('b')],
      [user('a\n\nResult of t: 7\nResult of u: 7\nResult of u: 7\n\nb')],
    ],
    [
      'a round that is going on stays',
      [user('a'), call('t'), result('t')],
      [user('a'), call('t'), result('t')],
    ],
    ['what is to be continued stays last', [user('a'), said(' ')], [user('a'), said(' ')]],
    [
      'instructions become one message',
      [system, system, user('a')],
      [{ role: 'system', content: 's\n\ns' }, user('a')],
    ],
  ])('%s', (_, prompt, expected) => {
    expect(alternateRoles(prompt)).toEqual(expected);
  });

  test('pictures stay where they are between texts that become one', () => {
    const image = { type: 'image' as const, image: new URL('https://example.org/a.png') };
    const pictured: PromptMessage = { role: 'user', content: [text('a'), image] };
    expect(alternateRoles([pictured, user('b'), user('c')])).toEqual([
      { role: 'user', content: [text('a'), image, text('b\n\nc')] },
    ]);
  });

  test('whatever the turns were, no role follows itself and no tool precedes a user', () => {
    const turn = fc.constantFrom<PromptMessage[]>(
      [user('u')],
      [said('a')],
      [said('')],
      [call('t'), result('t')],
      [call('t', 'w'), result('t'), said('a')],
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
])('a tool name that endpoints refuse is not sent again: %j', (given, sent) => {
  const [, message] = alternateRoles([user('a'), call(given), result(given), said('b')]);
  expect(message).toEqual(call(sent));
});
