import { describe, expect, it } from 'vitest';
import { createRedactor } from '@/lib/server/log/redact-secrets';

const KEY = 'Tr0ub4dor&3/"horse"+=staple';
const redact = createRedactor([KEY]);
const base64 = (text: string) => Buffer.from(text).toString('base64');
const inJson = (text: string) => JSON.stringify(text).slice(1, -1);
const percent = (text: string) =>
  [...Buffer.from(text)].map((byte) => `%${byte.toString(16)}`).join('');

describe('a secret in external text', () => {
  it.each([
    ['verbatim', KEY],
    ['in lower case', KEY.toLowerCase()],
    ['percent-encoded', encodeURIComponent(KEY)],
    ['percent-encoded, every byte', percent(KEY)],
    ['percent-encoded twice', encodeURIComponent(encodeURIComponent(KEY))],
    ['within JSON', inJson(KEY)],
    ['within JSON within JSON', inJson(inJson(KEY))],
    ['within JSON that escapes slashes', inJson(KEY).replaceAll('/', '\\/')],
    ['in JSON escapes only', KEY.replace(/./g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`)],
    ['within HTML', KEY.replaceAll('&', '&amp;').replaceAll('"', '&quot;')],
    ['in numeric HTML entities', KEY.replace(/./g, (c) => `&#${c.charCodeAt(0)};`)],
    ['in base64', base64(KEY)],
    ['in base64 for URLs', Buffer.from(KEY).toString('base64url')],
    ['as Basic credentials', `Basic ${base64(`user:${KEY}`)}`],
    ['as a password in base64, shifted by one', base64(`u:${KEY}`)],
    ['in base64 within JSON', inJson(base64(KEY)).replaceAll('/', '\\/')],
    ['truncated at its end', KEY.slice(0, -4)],
    ['truncated at its start', KEY.slice(5)],
  ])('is removed %s, and nothing else is', (_how, form) => {
    const redacted = redact(`Incorrect key ${form} given.`);
    expect(redacted).toMatch(/^Incorrect key (?:Basic )?\[key\]"? given\.$/);
  });

  it('is removed at every occurrence', () => {
    expect(redact(`${KEY}${KEY} and ${KEY}`)).toBe('[key][key] and [key]');
  });

  it.each([
    ['a text without it', 'No model of that name: 100 % sure, \\u0041 &amp; YWJjZGVmZ2hpamtsbW5v'],
    ['a few of its first characters', `It begins with ${KEY.slice(0, 5)}`],
  ])('leaves %s unchanged', (_what, text) => {
    expect(redact(text)).toBe(text);
  });

  it('is ignored if it is too short to be distinguished from a word', () => {
    expect(createRedactor(['abc', ''])('abc and more')).toBe('abc and more');
  });
});
