import { describe, expect, it } from 'vitest';
import { isBlank } from '@/lib/protocol/is-blank';
import { sendMessageSchema, updateChatSchema } from '@/lib/server/chat/input';

const INVISIBLE: Record<string, string> = {
  nothing: '',
  'spaces of all widths': ' \t\r\n\u00a0\u1680\u2000\u200a\u2028\u2029\u202f\u205f\u3000',
  'zero-width characters': '\u200b\u200c\u200d\u2060\ufeff',
  'directional marks': '\u200e\u200f\u061c\u202a\u202e\u2066\u2069',
  'a soft hyphen and a grapheme joiner': '\u00ad\u034f',
  'Hangul fillers': '\u115f\u1160\u3164\uffa0',
  'the Braille blank': '\u2800',
  'variation selectors and tags': '\ufe0f\u180b\u{e0100}\u{e0041}\u{e007f}',
  'invisible operators': '\u2061\u2062\u2063\u2064',
  'Khmer inherent vowels': '\u17b4\u17b5',
  'control characters and a lone surrogate': '\u0000\u0007\u009f\ud83d',
  'annotation controls and an object replacement': '\ufff9\ufffa\ufffb\ufffc',
  'notation controls': '\u{1d159}\u{1d173}\u{13430}\u{16fe4}\u{1bca0}',
};

const VISIBLE: Record<string, string> = {
  'a letter among fillers': '\u3164a\u3164',
  'an emoji with a selector': '❤\ufe0f',
  'an emoji sequence': '👩\u200d🚀',
  'a tag sequence flag': '🏴\u{e0067}\u{e007f}',
  'an Arabic number sign': '\u0600',
  'Persian with a non-joiner': 'می\u200cخواهم',
  'a private-use character': '\uf8ff',
  'a single point': '.',
  'a Braille letter': '\u2801',
};

describe('invisible text', () => {
  it.each(Object.entries(INVISIBLE))('is blank when it contains %s', (_, text) => {
    expect(isBlank(text)).toBe(true);
    expect(isBlank(`${text} ${text}`)).toBe(true);
  });

  it.each(Object.entries(VISIBLE))('is not blank when it contains %s', (_, text) => {
    expect(isBlank(text)).toBe(false);
  });

  it.each(Object.entries(INVISIBLE))(
    'is rejected by the server as a message and as a title when it contains %s',
    (_, text) => {
      const id = '00000000-0000-4000-8000-000000000000';
      const parts = [{ type: 'text', text }];
      const body = { id, parentId: null, selectedChatModel: 'a/b' };
      const sent = sendMessageSchema.safeParse({ ...body, message: { id, role: 'user', parts } });
      expect(sent.success).toBe(false);
      expect(updateChatSchema.safeParse({ title: text }).success).toBe(false);
    },
  );
});
