import { type NextRequest, NextResponse } from 'next/server';
import { NONCE_HEADER, pagePolicy } from '@/lib/server/http/content-security-policy';

const READ_METHODS = new Set(['GET', 'HEAD']);

/**
 * Sets the security headers of every page. Next reads the nonce from the policy in the request
 * headers and adds it to its scripts; the layout passes it to the theme script.
 */
export function proxy(request: NextRequest): NextResponse {
  // Pages only serve reads. Next would buffer other request bodies and search them for server
  // actions.
  if (!READ_METHODS.has(request.method)) {
    return new NextResponse(null, { status: 405, headers: { allow: 'GET, HEAD' } });
  }
  const nonce = btoa(crypto.randomUUID());
  const policy = pagePolicy(nonce, process.env.NODE_ENV === 'development');

  const headers = new Headers(request.headers);
  headers.set(NONCE_HEADER, nonce);
  headers.set('content-security-policy', policy);

  const response = NextResponse.next({ request: { headers } });
  response.headers.set('content-security-policy', policy);
  response.headers.set('x-content-type-options', 'nosniff');
  response.headers.set('referrer-policy', 'same-origin');
  response.headers.set(
    'permissions-policy',
    'camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()',
  );
  return response;
}

export const config = {
  // All paths that may return a page, including "not found". The API (app/api/[[...path]]), the
  // health check and the build's files never do; next.config.ts sets their headers.
  matcher: ['/((?!api/|api$|health$|_next/static/|br/|sandbox/).*)'],
};
