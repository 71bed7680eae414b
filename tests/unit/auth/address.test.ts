import { describe, expect, it } from 'vitest';
import { clientAddress, isFromOurPages, isHttps } from '@/lib/auth/address';

const lan = { host: '192.168.1.20:3000' };

describe('a page of this app', () => {
  it.each([
    ['the same address', { ...lan, origin: 'http://192.168.1.20:3000' }],
    ['no page at all', lan],
    [
      'a proxy that ends TLS and does not say so',
      { host: 'chat.example.com', origin: 'https://chat.example.com' },
    ],
    [
      'a port that goes without saying',
      { host: 'chat.example.com:443', origin: 'https://chat.example.com' },
    ],
    [
      'the browser vouching for it',
      { ...lan, origin: 'https://chat.example.com', 'sec-fetch-site': 'same-origin' },
    ],
  ])('is told by %s', (_, headers) => {
    expect(isFromOurPages(new Headers(headers as Record<string, string>), null)).toBe(true);
  });

  it.each([
    ['another host', { ...lan, origin: 'http://192.168.1.21:3000' }],
    ['another port', { ...lan, origin: 'http://192.168.1.20:4000' }],
    ['a sandboxed frame', { ...lan, origin: 'null' }],
    ['another site, by the browser', { ...lan, 'sec-fetch-site': 'cross-site' }],
    ['a sibling domain, by the browser', { ...lan, 'sec-fetch-site': 'same-site' }],
    ['a host that is none', { host: 'a b', origin: 'http://192.168.1.20:3000' }],
  ])('is not told by %s', (_, headers) => {
    expect(isFromOurPages(new Headers(headers as Record<string, string>), null)).toBe(false);
  });

  it('is where PUBLIC_URL says, if it is set', () => {
    const headers = new Headers({ ...lan, origin: 'https://chat.example.com' });
    expect(isFromOurPages(headers, 'https://chat.example.com')).toBe(true);
    expect(isFromOurPages(headers, 'https://other.example.com')).toBe(false);
    expect(isHttps(headers, 'https://chat.example.com')).toBe(true);
  });
});

it('where a person comes from is what the nearest proxy saw, not what the sender claims', () => {
  expect(clientAddress(new Headers({ 'x-forwarded-for': '1.2.3.4, 203.0.113.7' }))).toBe(
    '203.0.113.7',
  );
  expect(clientAddress(new Headers())).toBeNull();
});
