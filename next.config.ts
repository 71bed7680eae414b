import type { NextConfig } from 'next';
import {
  API_POLICY,
  PREVIEW_POLICY,
  RUN_POLICY,
  resourcePolicy,
  SCRIPT_POLICY,
} from './lib/server/http/content-security-policy';

/** Matches browsers that accept Brotli. */
const BROTLI = [{ type: 'header' as const, key: 'accept-encoding', value: '.*\\bbr\\b.*' }];
const SCRIPTS = '/_next/static/:path*.js';

const sandboxHeaders = (source: string, policy: string) => ({
  source,
  headers: [
    { key: 'content-security-policy', value: policy },
    { key: 'x-content-type-options', value: 'nosniff' },
    { key: 'x-dns-prefetch-control', value: 'off' },
    // Covers what the policy does not: WebRTC and DNS lookups.
    { key: 'connection-allowlist', value: '()' },
    { key: 'referrer-policy', value: 'no-referrer' },
  ],
});

const isProduction = process.env.NODE_ENV === 'production';

/** Headers of every response. proxy.ts replaces the policy of pages. */
const DEFAULT_HEADERS = [
  {
    source: '/:path*',
    headers: [
      { key: 'content-security-policy', value: resourcePolicy(!isProduction) },
      { key: 'x-content-type-options', value: 'nosniff' },
      { key: 'referrer-policy', value: 'same-origin' },
    ],
  },
  {
    source: '/api/:path*',
    headers: [{ key: 'content-security-policy', value: API_POLICY }],
  },
];

const SCRIPT_HEADERS = {
  source: SCRIPTS,
  headers: [{ key: 'content-security-policy', value: SCRIPT_POLICY }],
};

/** The iframe documents that scripts/lib/sandbox.ts creates. */
const SANDBOX_FRAMES = [
  sandboxHeaders('/sandbox/run.html', RUN_POLICY),
  sandboxHeaders('/sandbox/preview.html', PREVIEW_POLICY),
];

/**
 * `npm run build` writes a Brotli copy of every script into public/br (scripts/lib/precompress.ts);
 * `next dev` writes none.
 */
const PRECOMPRESSED = {
  rewrites: { source: SCRIPTS, has: BROTLI, destination: '/br/:path*.js' },
  headers: {
    source: SCRIPTS,
    has: BROTLI,
    headers: [
      { key: 'content-encoding', value: 'br' },
      { key: 'vary', value: 'accept-encoding' },
      { key: 'cache-control', value: 'public, max-age=31536000, immutable' },
    ],
  },
};

const config: NextConfig = {
  output: 'standalone',
  poweredByHeader: false,
  reactStrictMode: true,
  // `npm run check` checks types; a build on a user's machine need not repeat it.
  typescript: { ignoreBuildErrors: true },
  // Compresses pages and scripts. Answer streams send no-transform, which exempts them: compression
  // would buffer their small chunks.
  compress: true,
  rewrites: async () => ({
    beforeFiles: isProduction ? [PRECOMPRESSED.rewrites] : [],
    afterFiles: [],
    fallback: [],
  }),
  // If two entries set the same header, the later one wins.
  headers: async () => [
    ...DEFAULT_HEADERS,
    ...SANDBOX_FRAMES,
    ...(isProduction ? [SCRIPT_HEADERS, PRECOMPRESSED.headers] : []),
  ],
  turbopack: {
    resolveAlias: {
      'zod-to-json-schema': { browser: './lib/client/browser/stubs/zod-to-json-schema.ts' },
      'decode-named-character-reference': {
        browser: './lib/client/browser/stubs/decode-named-character-reference.ts',
      },
      'mdast-util-to-markdown': { browser: './lib/client/browser/stubs/mdast-util-to-markdown.ts' },
      'secure-json-parse': { browser: './lib/client/browser/stubs/secure-json-parse.ts' },
      'next/dist/compiled/buffer': { browser: './lib/client/browser/stubs/buffer.ts' },
    },
  },
  serverExternalPackages: ['postgres', 'redis', 'pino'],
  // The server reads migrations as files when it starts.
  outputFileTracingIncludes: { '/*': ['drizzle/**'] },
  experimental: {
    // Users wait for the first build, and writing this cache would add a quarter to its time.
    turbopackFileSystemCacheForBuild: false,
    // Maximum body that Next buffers for a page request (default 10 MB). The API is not affected.
    proxyClientMaxBodySize: 1_024,
  },
  // Images are served unchanged: no image library in the server, and nothing to write at run time.
  images: { unoptimized: true },
  outputFileTracingExcludes: {
    'next-server': ['**/node_modules/sharp/**', '**/node_modules/@img/**'],
  },
};

export default config;
