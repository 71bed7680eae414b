import { describe, expect, it } from 'vitest';
import { clientAddress, isFromOurPages, isHttps } from '@/lib/auth/address';
import { peerAddressHeader } from '@/lib/auth/peer-address';

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

describe('a page of another site whose name is made to lead here', () => {
  const rebound = new Headers({
    host: 'evil.example:3000',
    origin: 'http://evil.example:3000',
    'x-forwarded-host': 'evil.example:3000',
  });
  it('is refused where PUBLIC_URL says which name is ours', () => {
    for (const own of ['https://chat.example.com', 'http://192.168.1.20:3000']) {
      expect(isFromOurPages(rebound, own)).toBe(false);
    }
  });
  it('cannot be told from a name of the network itself without PUBLIC_URL (decision 18)', () => {
    expect(isFromOurPages(rebound, null)).toBe(true);
  });
});

describe('the address that limits count by', () => {
  const from = (peer: string, forwarded?: string) =>
    new Headers({
      [peerAddressHeader()]: peer,
      ...(forwarded !== undefined && { 'x-forwarded-for': forwarded }),
    });

  it.each([
    [
      'the connection, whatever the client claims',
      0,
      from('203.0.113.7', '1.2.3.4'),
      '203.0.113.7',
    ],
    ['the connection, written as IPv6', 0, from('::ffff:203.0.113.7'), '203.0.113.7'],
    ['what the proxy saw', 1, from('10.0.0.1', '1.2.3.4, 203.0.113.7'), '203.0.113.7'],
    [
      'what the outer one of two saw',
      2,
      from('10.0.0.1', '6.6.6.6, 203.0.113.7, 10.0.0.2'),
      '203.0.113.7',
    ],
    ['all that is there of a shorter list', 2, from('10.0.0.1', '203.0.113.7'), '203.0.113.7'],
    [
      'without the port that some proxies add',
      1,
      from('10.0.0.1', '203.0.113.7:4711'),
      '203.0.113.7',
    ],
    ['the connection where the entry is none', 1, from('10.0.0.1', 'unknown'), '10.0.0.1'],
    ['the connection where there is no list', 1, from('10.0.0.1'), '10.0.0.1'],
    ['the network of an IPv6 address', 0, from('2001:db8:0:1::5'), '2001:db8:0:1::/64'],
    [
      'the same one for its neighbor',
      1,
      from('::1', '[2001:DB8:0:1:ffff::9]:443'),
      '2001:db8:0:1::/64',
    ],
    ['the loopback', 0, from('::1'), '0:0:0:0::/64'],
    ['nothing', 0, new Headers(), 'unknown'],
  ])('is %s', (_, proxies, headers, wanted) => {
    expect(clientAddress(headers, proxies)).toBe(wanted);
  });
});
