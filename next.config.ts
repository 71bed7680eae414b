import type { NextConfig } from 'next';

const config: NextConfig = {
  output: 'standalone',
  poweredByHeader: false,
  reactStrictMode: true,
  // Types are checked by `npm run check`; a build on a person's machine need not repeat it.
  typescript: { ignoreBuildErrors: true },
  // Compresses pages and scripts. Streams of answers say no-transform, which exempts them: compressed,
  // their small pieces would be held back.
  compress: true,
  turbopack: {
    resolveAlias: {
      'zod-to-json-schema': { browser: './lib/client/no-json-schema.ts' },
      'next/dist/compiled/buffer': { browser: './lib/client/no-buffer.ts' },
    },
  },
  serverExternalPackages: ['postgres', 'redis', 'pino'],
  // Migrations are read as files when the server starts.
  outputFileTracingIncludes: { '/*': ['drizzle/**'] },
  // A first build is what a person waits for, and writing this cache costs it a quarter of its time.
  experimental: { turbopackFileSystemCacheForBuild: false },
  // Pictures are shown as they are: no image library in the server, and nothing to write at run time.
  images: { unoptimized: true },
  outputFileTracingExcludes: {
    'next-server': ['**/node_modules/sharp/**', '**/node_modules/@img/**'],
  },
};

export default config;
