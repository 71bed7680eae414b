import { describe, expect, it } from 'vitest';
import { redactorOf } from '@/lib/redact-secrets';

const KEY = 'Tr0ub4dor&3/"horse"+=staple';
const redact = redactorOf([KEY]);
const base64 = (text: string) => Buffer.from(text).toString('base64');
const inJson = (text: string) => JSON.stringify(text).slice(1, -1);
const percent = (text: string) =>
  [...Buffer.from(text)].map((byte) => `%${byte.toString(16)}`).join('');

describe('a secret in the words of others', () => {
  it.each([
    ['as it is', KEY],
    ['in small letters', KEY.toLowerCase()],
    ['percent-encoded', encodeURIComponent(KEY)],
    ['percent-encoded, every byte', percent(KEY)],
    ['percent-encoded twice', encodeURIComponent(encodeURIComponent(KEY))],
    ['within JSON', inJson(KEY)],
    ['within JSON within JSON', inJson(inJson(KEY))],
    ['within JSON that escapes slashes', inJson(KEY).replaceAll('/', '\\/')],
    ['in JSON escapes alone', KEY.replace(/./g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`)],
    ['within HTML', KEY.replaceAll('&', '&amp;').replaceAll('"', '&quot;')],
    ['in numbers of HTML', KEY.replace(/./g, (c) => `&#${c.charCodeAt(0)};`)],
    ['in base64', base64(KEY)],
    ['in base64 for URLs', Buffer.from(KEY).toString('base64url')],
    ['as Basic credentials', `Basic ${base64(`user:${KEY}`)}`],
    ['as a password in base64, shifted by one', base64(`u:${KEY}`)],
    ['in base64 within JSON', inJson(base64(KEY)).replaceAll('/', '\\/')],
    ['cut off at its end', KEY.slice(0, -4)],
    ['cut off at its beginning', KEY.slice(5)],
  ])('is taken out %s, and nothing else is', (_how, form) => {
    const redacted = redact(`Incorrect key ${form} given.`);
    expect(redacted).toMatch(/^Incorrect key (?:Basic )?\[key\]"? given\.$/);
  });

  it('is taken out wherever it stands, several times', () => {
    expect(redact(`${KEY}${KEY} and ${KEY}`)).toBe('[key][key] and [key]');
  });

  it.each([
    ['a text without it', 'No model of that name: 100 % sure, \\u0041 &amp; YWJjZGVmZ2hpamtsbW5v'],
    ['a few of its first characters', `It begins with ${KEY.slice(0, 5)}`],
  ])('leaves %s as it is', (_what, text) => {
    expect(redact(text)).toBe(text);
  });

  it('is not looked for where it is too short to be told from a word', () => {
    expect(redactorOf(['abc', ''])('abc and more')).toBe('abc and more');
  });
});
