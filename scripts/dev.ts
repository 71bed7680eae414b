import path from 'node:path';
import { PROJECT } from './lib/paths';
import { buildSandbox } from './lib/sandbox';
import { spawnApp } from './start/app';
import { runApp } from './start/run-app';

await buildSandbox(path.join(PROJECT, 'public'));
await runApp({
  dev: true,
  serve: ({ host, port }, env) =>
    spawnApp({
      command: ['node_modules/next/dist/bin/next', 'dev', '-H', host, '-p', String(port)],
      cwd: PROJECT,
      env: { ...env, NODE_ENV: 'development', NEXT_TELEMETRY_DISABLED: '1' },
    }),
});
