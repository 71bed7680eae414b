/** The request header that carries a page's nonce from the proxy to the layout. */
export const NONCE_HEADER = 'x-nonce';

/**
 * What a page may load: only from its own origin, and only scripts that carry this nonce or were
 * loaded by one that does.
 */
export function contentSecurityPolicy(nonce: string, development: boolean): string {
  return [
    "default-src 'self'",
    // 'unsafe-eval': React's development build evals to rebuild stack traces of the server.
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic' 'wasm-unsafe-eval'${development ? " 'unsafe-eval'" : ''}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'self'",
  ].join('; ');
}
