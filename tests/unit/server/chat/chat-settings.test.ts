import { describe, expect, it } from 'vitest';
import { LIMITS } from '@/lib/protocol/api';
import { DEFAULT_CHAT_SETTINGS } from '@/lib/protocol/chat-settings';
import {
  CHAT_SETTINGS_SQL,
  chatSettingsColumns,
  chatSettingsSchema,
} from '@/lib/server/chat/chat-settings';
import { sendMessageSchema, updateChatSchema } from '@/lib/server/chat/input';

const parsePrompt = (systemPrompt: unknown) =>
  chatSettingsSchema.parse({ systemPrompt }).systemPrompt;

describe('the settings of a chat', () => {
  it('have a column each', () => {
    const names = Object.keys(DEFAULT_CHAT_SETTINGS);
    expect(names).toContain('systemPrompt');
    expect(Object.keys(chatSettingsColumns)).toEqual(names);
    expect(CHAT_SETTINGS_SQL).toContainEqual({
      key: 'systemPrompt',
      column: '"system_prompt"',
      type: 'text',
    });
  });

  it('change one by one', () => {
    expect(updateChatSchema.parse({ systemPrompt: 'Be brief.' })).toEqual({
      systemPrompt: 'Be brief.',
    });
    expect(updateChatSchema.safeParse({}).success).toBe(false);
    expect(updateChatSchema.safeParse({ expected: { systemPrompt: null } }).success).toBe(false);
    expect(updateChatSchema.safeParse({ unknown: 1 }).success).toBe(false);
  });

  it('come with the first message of a chat, except for its model', () => {
    const id = '3f2504e0-4f89-41d3-9a0c-0305e82c3301';
    const body = {
      id,
      message: { id, role: 'user', parts: [{ type: 'text', text: 'hi' }] },
      parentId: null,
      selectedChatModel: 'm',
      settings: { systemPrompt: 'Be brief.', modelRef: 'other' },
    };
    expect(sendMessageSchema.parse(body).settings).toEqual({ systemPrompt: 'Be brief.' });
  });
});

describe('the instructions of a chat', () => {
  it('are stored trimmed and as Postgres can store them', () => {
    expect(parsePrompt('  Be brief.\n')).toBe('Be brief.');
    expect(parsePrompt('a\u0000b \ud83d c')).toBe('ab \ufffd c');
  });

  it.each([null, '', ' \n\t', '\u0000', '\u200b\u2800'])('are removed by %j', (text) => {
    expect(parsePrompt(text)).toBeNull();
  });

  it('have a maximum length', () => {
    const longest = 'x'.repeat(LIMITS.systemPromptChars);
    expect(parsePrompt(` ${longest} `)).toBe(longest);
    expect(chatSettingsSchema.safeParse({ systemPrompt: `${longest}x` }).success).toBe(false);
    expect(chatSettingsSchema.safeParse({ systemPrompt: ['x'] }).success).toBe(false);
  });
});
