import { describe, expect, it } from 'vitest';
import { clientAddress, isHttps, isSameOrigin } from '@/lib/server/http/address';
import { peerAddressHeader } from '@/lib/server/http/peer-address';

const lan = { host: '192.168.1.20:3000' };

describe('a same-origin request', () => {
  it.each([
    ['the same address', { ...lan, origin: 'http://192.168.1.20:3000' }],
    ['a request without a page', lan],
    [
      'a proxy that terminates TLS without a header',
      { host: 'chat.example.com', origin: 'https://chat.example.com' },
    ],
    ['an implicit port', { host: 'chat.example.com:443', origin: 'https://chat.example.com' }],
    [
      'the Sec-Fetch-Site header',
      { ...lan, origin: 'https://chat.example.com', 'sec-fetch-site': 'same-origin' },
    ],
  ])('is recognized by %s', (_, headers) => {
    expect(isSameOrigin(new Headers(headers as Record<string, string>), null)).toBe(true);
  });

  it.each([
    ['another host', { ...lan, origin: 'http://192.168.1.21:3000' }],
    ['another port', { ...lan, origin: 'http://192.168.1.20:4000' }],
    ['a sandboxed frame', { ...lan, origin: 'null' }],
    ['another site by Sec-Fetch-Site', { ...lan, 'sec-fetch-site': 'cross-site' }],
    ['a sibling domain by Sec-Fetch-Site', { ...lan, 'sec-fetch-site': 'same-site' }],
    ['an invalid host', { host: 'a b', origin: 'http://192.168.1.20:3000' }],
  ])('is not recognized by %s', (_, headers) => {
    expect(isSameOrigin(new Headers(headers as Record<string, string>), null)).toBe(false);
  });

  it('is compared with PUBLIC_URL if it is set', () => {
    const headers = new Headers({ ...lan, origin: 'https://chat.example.com' });
    expect(isSameOrigin(headers, 'https://chat.example.com')).toBe(true);
    expect(isSameOrigin(headers, 'https://other.example.com')).toBe(false);
    expect(isHttps(headers, 'https://chat.example.com')).toBe(true);
  });
});

describe('a request of another site by DNS rebinding', () => {
  const rebound = new Headers({
    host: 'evil.example:3000',
    origin: 'http://evil.example:3000',
    'x-forwarded-host': 'evil.example:3000',
  });
  it('is rejected if PUBLIC_URL names the host of the app', () => {
    for (const origin of ['https://chat.example.com', 'http://192.168.1.20:3000']) {
      expect(isSameOrigin(rebound, origin)).toBe(false);
    }
  });
  it('cannot be recognized on a private network without PUBLIC_URL (decision 18)', () => {
    expect(isSameOrigin(rebound, null)).toBe(true);
  });
});

describe('the client address for rate limits', () => {
  const from = (peer: string, forwarded?: string) =>
    new Headers({
      [peerAddressHeader()]: peer,
      ...(forwarded !== undefined && { 'x-forwarded-for': forwarded }),
    });

  it.each([
    [
      'the connection address, for any header of the client',
      0,
      from('203.0.113.7', '1.2.3.4'),
      '203.0.113.7',
    ],
    ['the connection address, in IPv6 notation', 0, from('::ffff:203.0.113.7'), '203.0.113.7'],
    ['the entry of the proxy', 1, from('10.0.0.1', '1.2.3.4, 203.0.113.7'), '203.0.113.7'],
    [
      'the entry of the outer of two proxies',
      2,
      from('10.0.0.1', '6.6.6.6, 203.0.113.7, 10.0.0.2'),
      '203.0.113.7',
    ],
    ['the only entry of a shorter list', 2, from('10.0.0.1', '203.0.113.7'), '203.0.113.7'],
    [
      'without the port that some proxies append',
      1,
      from('10.0.0.1', '203.0.113.7:4711'),
      '203.0.113.7',
    ],
    ['the connection address for an invalid entry', 1, from('10.0.0.1', 'unknown'), '10.0.0.1'],
    ['the connection address without a list', 1, from('10.0.0.1'), '10.0.0.1'],
    ['the network of an IPv6 address', 0, from('2001:db8:0:1::5'), '2001:db8:0:1::/64'],
    [
      'the same one for its neighbor',
      1,
      from('::1', '[2001:DB8:0:1:ffff::9]:443'),
      '2001:db8:0:1::/64',
    ],
    ['the loopback address', 0, from('::1'), '0:0:0:0::/64'],
    ['empty', 0, new Headers(), 'unknown'],
  ])('is %s', (_, proxies, headers, expected) => {
    expect(clientAddress(headers, proxies)).toBe(expected);
  });
});
