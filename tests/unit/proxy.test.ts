import { unstable_doesMiddlewareMatch as doesProxyMatch } from 'next/experimental/testing/server';
import { NextRequest } from 'next/server';
import { describe, expect, it } from 'vitest';
import { config, proxy } from '@/proxy';

function policyOf(path: string): string {
  return (
    proxy(new NextRequest(`http://localhost:3000${path}`)).headers.get('content-security-policy') ??
    ''
  );
}

describe('a page', () => {
  it('may run only scripts with its nonce', () => {
    const script = policyOf('/')
      .split('; ')
      .find((part) => part.startsWith('script-src'));
    expect(script).toMatch(/'nonce-[\w+/=]{16,}'/);
    expect(script).toContain("'strict-dynamic'");
    expect(script).not.toContain('unsafe-inline');
    expect(script).not.toContain("'unsafe-eval'");
  });

  it('has a new nonce each time', () => {
    expect(policyOf('/')).not.toBe(policyOf('/'));
  });

  it('cannot be loaded in an iframe, such as a preview that navigates to it', () => {
    expect(policyOf('/').split('; ')).toContain("frame-ancestors 'none'");
  });

  it('loads nothing from another host', () => {
    expect(policyOf('/chat/1')).not.toMatch(/https?:|\*/);
  });
});

describe('a request for a page with a write method', () => {
  it.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])(
    '(%s) is rejected immediately',
    (method) => {
      const response = proxy(new NextRequest('http://localhost:3000/', { method }));
      expect(response.status).toBe(405);
      expect(response.headers.get('allow')).toBe('GET, HEAD');
    },
  );
});

describe('the proxy', () => {
  const matches = (url: string) => doesProxyMatch({ config, nextConfig: {}, url });

  it.each([
    '/',
    '/chat/0b0f7c1e-0000-4000-8000-000000000000',
    '/nowhere',
    '/chat/a.b',
    '/nope.txt',
    '/healthy',
    '/health/x',
    '/apis',
    '/_next/nope',
    '/icon.svg',
  ])('protects the page %s', (url) => {
    expect(matches(url)).toBe(true);
  });

  it.each([
    '/api/chat',
    '/api/history?limit=1',
    '/health',
    '/_next/static/chunks/a.js',
    '/api',
    '/sandbox/run.html',
  ])('ignores %s', (url) => {
    expect(matches(url)).toBe(false);
  });
});
