import type { NextConfig } from 'next';
import {
  API_POLICY,
  PREVIEW_POLICY,
  RUN_POLICY,
  resourcePolicy,
} from './lib/server/http/content-security-policy';

/** Browsers that take Brotli. */
const BROTLI = [{ type: 'header' as const, key: 'accept-encoding', value: '.*\\bbr\\b.*' }];
const SCRIPTS = '/_next/static/:path*.js';

const sandboxHeaders = (source: string, policy: string) => ({
  source,
  headers: [
    { key: 'content-security-policy', value: policy },
    { key: 'x-content-type-options', value: 'nosniff' },
    { key: 'x-dns-prefetch-control', value: 'off' },
    // Covers what a policy does not: WebRTC, and hosts that are only looked up.
    { key: 'connection-allowlist', value: '()' },
    { key: 'referrer-policy', value: 'no-referrer' },
  ],
});

const isProduction = process.env.NODE_ENV === 'production';

/** Every answer of the server. The proxy gives pages a policy of their own instead. */
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

/** The frames of scripts/lib/sandbox.ts. */
const SANDBOX_FRAMES = [
  sandboxHeaders('/sandbox/run.html', RUN_POLICY),
  sandboxHeaders('/sandbox/preview.html', PREVIEW_POLICY),
];

/**
 * `npm run build` leaves a Brotli copy of every script in public/br (scripts/lib/precompress.ts).
 * `next dev` makes none.
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
  // Types are checked by `npm run check`; a build on a person's machine need not repeat it.
  typescript: { ignoreBuildErrors: true },
  // Compresses pages and scripts. Streams of answers say no-transform, which exempts them: compressed,
  // their small pieces would be held back.
  compress: true,
  rewrites: async () => ({
    beforeFiles: isProduction ? [PRECOMPRESSED.rewrites] : [],
    afterFiles: [],
    fallback: [],
  }),
  // Of two that set the same header the later one counts.
  headers: async () => [
    ...DEFAULT_HEADERS,
    ...SANDBOX_FRAMES,
    ...(isProduction ? [PRECOMPRESSED.headers] : []),
  ],
  turbopack: {
    resolveAlias: {
      'zod-to-json-schema': { browser: './lib/client/no-json-schema.ts' },
      'next/dist/compiled/buffer': { browser: './lib/client/no-buffer.ts' },
    },
  },
  serverExternalPackages: ['postgres', 'redis', 'pino'],
  // Migrations are read as files when the server starts.
  outputFileTracingIncludes: { '/*': ['drizzle/**'] },
  experimental: {
    // A first build is what a person waits for, and writing this cache costs it a quarter of its time.
    turbopackFileSystemCacheForBuild: false,
    // What Next keeps of the body of a request for a page (10 MB otherwise). The API is not concerned.
    proxyClientMaxBodySize: 1_024,
  },
  // Pictures are shown as they are: no image library in the server, and nothing to write at run time.
  images: { unoptimized: true },
  outputFileTracingExcludes: {
    'next-server': ['**/node_modules/sharp/**', '**/node_modules/@img/**'],
  },
};

export default config;
