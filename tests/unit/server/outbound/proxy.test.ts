import { describe, expect, test } from 'vitest';
import { isPrivateAddress, publicLookup } from '@/lib/server/outbound/private-address';
import { proxyFor } from '@/lib/server/outbound/proxy';

const settings = { httpProxy: 'http://plain:1', httpsProxy: 'http://secure:2', noProxy: '' };
const proxy = (url: string, noProxy = '') => proxyFor(new URL(url), { ...settings, noProxy })?.host;

describe('an outbound request', () => {
  test('uses the proxy of its scheme, and none if none is set', () => {
    expect(proxy('http://models/v1')).toBe('plain:1');
    expect(proxy('https://models/v1')).toBe('secure:2');
    expect(proxyFor(new URL('http://models'), { ...settings, httpProxy: null })).toBeNull();
  });

  test.each(['localhost:8000', '127.0.0.1:8000', '127.8.9.1', '[::1]:8000', 'a.localhost'])(
    'uses no proxy for this machine (%s) unless that is configured',
    (host) => {
      expect(proxy(`http://${host}/v1`)).toBeUndefined();
      expect(proxy(`http://${host}/v1`, '<-loopback>')).toBe('plain:1');
    },
  );

  test.each([
    ['*', 'http://models'],
    ['models', 'http://models:8000'],
    ['a.example, example.com', 'https://gpu.example.com'],
    ['.example.com', 'https://example.com'],
    ['*.example.com', 'https://gpu.example.com'],
    ['a.example example.com', 'https://EXAMPLE.com.'],
    ['models:8000', 'http://models:8000'],
    ['models:443', 'https://models'],
    ['10.0.0.7', 'http://10.0.0.7'],
    ['10.0.0.0/8', 'http://10.1.2.3:8000'],
    ['fd00::/8', 'http://[fd12::1]'],
    ['fd12::1', 'http://[fd12::1]:80'],
    ['[fd12::1]:8000', 'http://[fd12::1]:8000'],
  ])('uses no proxy if NO_PROXY=%s matches %s', (noProxy, url) => {
    expect(proxy(url, noProxy)).toBeUndefined();
  });

  test.each([
    ['example.com', 'http://notexample.com'],
    ['models:8000', 'http://models:8001'],
    ['10.0.0.0/8', 'http://11.0.0.1'],
    ['10.0.0.0/99', 'http://10.0.0.1'],
    ['10.0.0.0/8', 'http://ten.example'],
    ['fd00::/8', 'http://10.0.0.1'],
    ['[fd12::1]:8000', 'http://[fd12::1]'],
    [',, .', 'http://models'],
  ])('uses the proxy if NO_PROXY=%s does not match %s', (noProxy, url) => {
    expect(proxy(url, noProxy)).toBe('plain:1');
  });
});

// Only the configuration may name private addresses.
describe('private addresses', () => {
  test.each([
    ['127.0.0.1', true],
    ['10.1.2.3', true],
    ['172.31.0.1', true],
    ['192.168.1.1', true],
    ['169.254.169.254', true],
    ['100.64.0.1', true],
    ['0.0.0.0', true],
    ['::1', true],
    ['fe80::1', true],
    ['fd00:ec2::254', true],
    ['::ffff:169.254.169.254', true],
    ['64:ff9b::a9fe:a9fe', true],
    ['64:ff9b:1::a9fe:a9fe', true],
    ['2001::a9fe:a9fe', true],
    ['93.184.216.34', false],
    ['172.32.0.1', false],
    ['2606:4700::1111', false],
  ])('include %s: %s', (address, isPrivate) => {
    expect(isPrivateAddress(address)).toBe(isPrivate);
  });

  test('are rejected as the result of a DNS lookup', async () => {
    const error = await new Promise((resolve) =>
      publicLookup('localhost', { all: true }, (reason) => resolve(reason)),
    );
    expect(String(error)).toContain('private address');
  });
});
