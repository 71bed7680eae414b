import path from 'node:path';
import { buildIfNeeded } from './lib/build';
import { SERVER_DIR, STATE_DIR } from './lib/paths';
import { SERVER_FLAGS } from './lib/server-flags';
import { spawnApp } from './start/app';
import { createAppLog } from './start/app-log';
import { runApp } from './start/run-app';

const onOutput = createAppLog(path.join(STATE_DIR, 'app.log'));

await runApp({
  dev: false,
  build: () => buildIfNeeded(),
  serve: (_address, env) =>
    spawnApp({
      command: [...SERVER_FLAGS, 'server.js'],
      cwd: SERVER_DIR,
      // The app handles SIGTERM and SIGINT itself, in lib/server/lifecycle/drain.ts.
      env: { ...env, NODE_ENV: 'production', NEXT_MANUAL_SIG_HANDLE: '1' },
      onOutput,
    }),
});
