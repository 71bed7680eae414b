/** Request header that passes a page's nonce from the proxy to the layout. */
export const NONCE_HEADER = 'x-nonce';

/**
 * Policy of pages: resources from the app's own origin only, and only scripts that carry the nonce
 * or were loaded by one that does.
 */
export function pagePolicy(nonce: string, development: boolean): string {
  return policy(`'nonce-${nonce}' 'strict-dynamic'`, development);
}

/**
 * Policy of everything that is neither a page nor a script: documents that Next serves itself, in
 * which no inline script may run.
 */
export function resourcePolicy(development: boolean): string {
  return policy('', development);
}

/** Policy of the JSON API, whose responses must not be rendered as documents. */
export const API_POLICY = "default-src 'none'; frame-ancestors 'none'";

/**
 * Policy of scripts, which applies to those that run as workers. Short, because every script of the
 * first load carries it.
 */
export const SCRIPT_POLICY = "default-src 'self'";

/** Fonts and connections fall back to `default-src`. */
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
    // A preview that navigates to the app must not run it in its iframe.
    "frame-ancestors 'none'",
  ].join('; ');
}

/**
 * Policy of the iframes that execute programs and previews (scripts/lib/sandbox): no network, no
 * access to the app. `sandbox` gives them an opaque origin however they are opened; blob workers
 * inherit all of it.
 */
const SANDBOX_DIRECTIVES = [
  "default-src 'none'",
  // These iframes exist to execute code; it cannot be loaded from elsewhere.
  "script-src 'unsafe-inline' 'unsafe-eval' 'wasm-unsafe-eval' blob:",
  'worker-src blob:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
];

/** Policy of the iframe whose worker executes a program. */
export const RUN_POLICY = ['sandbox allow-scripts', ...SANDBOX_DIRECTIVES].join('; ');

/** Policy of the iframe that displays a page, image or diagram: also allows styles and media. */
export const PREVIEW_POLICY = [
  // Without allow-forms, submit events would not reach the page's own scripts; `form-action` blocks
  // the submission.
  'sandbox allow-scripts allow-forms',
  ...SANDBOX_DIRECTIVES,
  "style-src 'unsafe-inline'",
  'img-src data: blob:',
  'font-src data:',
  'media-src data: blob:',
].join('; ');
