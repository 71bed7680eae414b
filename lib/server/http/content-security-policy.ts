/** The request header that carries a page's nonce from the proxy to the layout. */
export const NONCE_HEADER = 'x-nonce';

/**
 * What a page may load: only from its own origin, and only scripts that carry this nonce or were
 * loaded by one that does.
 */
export function pagePolicy(nonce: string, development: boolean): string {
  return policy(`'nonce-${nonce}' 'strict-dynamic'`, development);
}

/**
 * The policy of whatever is no page of the app: scripts of workers, which need no more, and documents
 * that Next answers with by itself, in which no inline script runs.
 */
export function resourcePolicy(development: boolean): string {
  return policy('', development);
}

/** The policy of the JSON API, whose answers are not to be shown as documents. */
export const API_POLICY = "default-src 'none'; frame-ancestors 'none'";

/** Fonts and connections fall back to `default-src`: every script of the first load carries this. */
function policy(scriptSources: string, development: boolean): string {
  return [
    "default-src 'self'",
    // 'unsafe-eval': React's development build evals to rebuild stack traces of the server.
    ["script-src 'self'", scriptSources, "'wasm-unsafe-eval'", development ? "'unsafe-eval'" : '']
      .filter(Boolean)
      .join(' '),
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'self'",
  ].join('; ');
}

/**
 * What the frames may do that programs and previews run in (artifacts/code/sandbox): nothing but run.
 * `sandbox` makes their origin nobody's however they are opened; workers of a blob inherit all of it.
 */
const SANDBOX_DIRECTIVES = [
  "default-src 'none'",
  // Code is what these frames are for; from elsewhere it cannot come.
  "script-src 'unsafe-inline' 'unsafe-eval' 'wasm-unsafe-eval' blob:",
  'worker-src blob:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
];

/** The policy of the frame whose worker runs a program. */
export const RUN_POLICY = ['sandbox allow-scripts', ...SANDBOX_DIRECTIVES].join('; ');

/** The policy of the frame that shows a page, a picture or a diagram: it may look as it likes, too. */
export const PREVIEW_POLICY = [
  // Without it a form would not even tell the page's own scripts; `form-action` lets none be sent.
  'sandbox allow-scripts allow-forms',
  ...SANDBOX_DIRECTIVES,
  "style-src 'unsafe-inline'",
  'img-src data: blob:',
  'font-src data:',
  'media-src data: blob:',
].join('; ');
