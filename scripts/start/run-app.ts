import { ConfigError } from '@/lib/server/config/config-error';
import type { Config } from '@/lib/server/config/types';
import { MigrationBlockedError, migrate } from '@/lib/server/db/migrate';
import { readEnvironment } from '../lib/environment';
import { PROJECT } from '../lib/paths';
import {
  bold,
  dim,
  InterruptedError,
  print,
  printFailure,
  step,
  UserError,
  warn,
} from '../lib/steps';
import type { AppProcess } from './app';
import { checkModels } from './check-models';
import { startEmbeddedDatabase } from './embedded-database';
import { chooseListenAddress, type ListenAddress } from './listen-address';
import { Shutdown } from './shutdown';
import { acquireLock, releaseLock, updateLock } from './start-lock';
import { SupervisedServer } from './supervised-server';

export type RunAppOptions = {
  dev: boolean;
  /** Builds the app if needed; resolves with whether it did. Undefined if nothing is built. */
  build?: () => Promise<boolean>;
  /** Starts the server process. @param env variables in addition to this process's environment */
  serve: (address: ListenAddress, env: Record<string, string>) => AppProcess;
};

/**
 * `npm start` and `npm run dev`: checks the configuration, starts the services and the server, and
 * stops them in reverse order. Then exits this process: with 0 after a stop signal, else with 1.
 */
export async function runApp(options: RunAppOptions): Promise<never> {
  const shutdown = new Shutdown();
  let exitCode = 0;
  try {
    await runSteps(shutdown, options);
  } catch (error) {
    if (!(error instanceof InterruptedError)) {
      printFailure(error);
      exitCode = 1;
    }
  }
  await shutdown.stopAll();
  process.exit(exitCode);
}

/** Never resolves: rejects with what ended the app. */
async function runSteps(shutdown: Shutdown, { dev, build, serve }: RunAppOptions): Promise<never> {
  print();
  const { config, notes } = await step('Configuration', '', async () => ({
    result: 'checked',
    value: readEnvironment({ dev }),
  }));
  for (const note of notes) warn(note);
  await lockCheckout(shutdown);
  const address = await chooseListenAddress(config);

  const { embedded } = config.database;
  const database = embedded ? await startDatabase(shutdown, config.database) : config.database;
  await step('Migrations', 'waiting for the database', () =>
    shutdown.orShutdown(migrateDatabase(database)),
  );
  if (build) {
    await step('Build', 'building the app, which takes half a minute', async () => {
      const built = await shutdown.orShutdown(build());
      return { result: built ? 'the app is built' : 'nothing has changed', value: null };
    });
  }
  await step('Models', 'querying the endpoints', async () => ({
    result: await shutdown.orShutdown(checkModels(config)),
    value: null,
  }));

  const server = new SupervisedServer(shutdown, {
    spawn: () =>
      serve(address, {
        HOSTNAME: address.host,
        PORT: String(address.port),
        THROUGHLINE_EMBEDDED: embedded ? '1' : '',
        ...(embedded ? { POSTGRES_URL: database.url, POSTGRES_PASSWORD_FILE: '' } : {}),
      }),
    healthUrl: `http://${address.localAddress}/api/health`,
    log: dev ? 'the lines above' : '.throughline/app.log',
  });
  const app = await step('Server', 'starting', async () => {
    const app = await server.start();
    return { result: `process ${app.pid}`, value: app };
  });
  updateLock({ url: address.url });
  announce(address, config.listen.port);
  return server.keepRunning(app);
}

async function lockCheckout(shutdown: Shutdown): Promise<void> {
  const running = await acquireLock();
  if (running) {
    const where = running.url ? `at ${running.url}` : 'and is still starting';
    throw new UserError(
      `Throughline already runs from this folder ${where} (process ${running.pid}).\nUse that one, or stop it with: kill ${running.pid}`,
    );
  }
  shutdown.onStop(async () => releaseLock());
}

/** @returns the settings with the URL of the started database */
async function startDatabase(
  shutdown: Shutdown,
  settings: Config['database'],
): Promise<Config['database']> {
  return step('Database', 'starting PostgreSQL', async () => {
    const starting = startEmbeddedDatabase((error) => shutdown.fail(error));
    shutdown.onStop(async () => (await starting.catch(() => null))?.stop());
    const { url, description } = await shutdown.orShutdown(starting);
    return { result: description, value: { ...settings, url, sessionUrl: url } };
  });
}

async function migrateDatabase(
  database: Config['database'],
): Promise<{ result: string; value: null }> {
  try {
    await migrate(database, { folder: `${PROJECT}/drizzle`, timeoutMs: 10_000 });
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    if (error instanceof MigrationBlockedError) throw new UserError(error.message);
    // Only parts of the URL that cannot hold a password: the configuration rejects ambiguous URLs.
    const { host, pathname } = new URL(database.url);
    const reason = error instanceof Error ? error.message || error.name : String(error);
    throw new UserError(
      `The database "${pathname.slice(1)}" at ${host} cannot be used: ${reason}\n${
        database.pooled
          ? 'Check POSTGRES_URL and POSTGRES_DIRECT_URL.'
          : 'Check POSTGRES_URL, or unset it to use the database that comes with Throughline.'
      }`,
    );
  }
  return { result: 'the database is up to date', value: null };
}

function announce(address: ListenAddress, preferredPort: number): void {
  print(`\n  ${bold('Throughline is ready:')} ${address.url}`);
  if (address.port !== preferredPort)
    print(`  ${dim(`Port ${preferredPort} is in use, so Throughline uses ${address.port}.`)}`);
  if (address.isLoopback) {
    print(
      `  ${dim('Only this machine can reach it. For the network: HOSTNAME=0.0.0.0 npm start')}`,
    );
  }
  print(`  ${dim('Ctrl-C stops it.')}\n`);
}
