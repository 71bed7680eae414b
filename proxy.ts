import { type NextRequest, NextResponse } from 'next/server';
import { NONCE_HEADER, pagePolicy } from '@/lib/server/http/content-security-policy';

const READ_METHODS = new Set(['GET', 'HEAD']);

/**
 * Gives every page its security headers. Next reads the nonce from the policy on the request and
 * puts it on the scripts it writes; the layout hands it to the theme's script.
 */
export function proxy(request: NextRequest): NextResponse {
  // Pages are read. Next would keep the bodies of other requests in memory and look for actions in them.
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
  // Everything that Next may answer with a page, "not found" among them. The API (app/api/[[...path]]),
  // the health check and the build's files never are one; next.config.ts gives them their headers.
  matcher: ['/((?!api/|api$|health$|_next/static/|br/|sandbox/).*)'],
};
