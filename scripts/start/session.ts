import { ConfigError } from '@/lib/config/error';
import type { Config } from '@/lib/config/types';
import { migrate } from '@/lib/db/migrate';
import { readEnvironment } from '../lib/environment';
import { PROJECT } from '../lib/paths';
import { bold, dim, Interrupted, Problem, say, sayFailure, step, warn } from '../lib/steps';
import type { AppProcess } from './app';
import { startOwnDatabase } from './database';
import { Ending } from './ending';
import { releaseLock, takeLock, updateLock } from './lock';
import { lookAtModels } from './models-step';
import { choosePlace, type Place } from './port';
import { SupervisedServer } from './supervise';

export type SessionOptions = {
  dev: boolean;
  /** Builds the app where that is needed; gives whether it was. Left out where nothing is built. */
  build?: () => Promise<boolean>;
  /** Starts the server's process. @param env what it needs over our own environment */
  serve: (place: Place, env: Record<string, string>) => AppProcess;
};

/**
 * `npm start` and `npm run dev`: checks, services, the server, and the end of them all in the reverse
 * order, whatever ends it. Ends this process: with 0 where it was asked to, else with 1.
 */
export async function runSession(options: SessionOptions): Promise<never> {
  const ending = new Ending();
  let exitCode = 0;
  try {
    await run(ending, options);
  } catch (error) {
    if (!(error instanceof Interrupted)) {
      sayFailure(error);
      exitCode = 1;
    }
  }
  await ending.stopAll();
  process.exit(exitCode);
}

/** Returns never: it throws what ended the session. */
async function run(ending: Ending, { dev, build, serve }: SessionOptions): Promise<never> {
  say();
  const { config, notes } = await step('Configuration', '', async () => ({
    result: 'checked',
    value: readEnvironment({ dev }),
  }));
  for (const note of notes) warn(note);
  await lock(ending);
  const place = await choosePlace(config);

  const { embedded } = config.database;
  const database = embedded ? await startDatabase(ending, config.database) : config.database;
  await step('Migrations', 'waiting for the database', () =>
    ending.unlessEnded(migrateDatabase(database)),
  );
  if (build) {
    await step('Build', 'building the app, which takes half a minute', async () => {
      const built = await ending.unlessEnded(build());
      return { result: built ? 'the app is built' : 'nothing has changed', value: null };
    });
  }
  await step('Models', 'asking the endpoints', async () => ({
    result: await ending.unlessEnded(lookAtModels(config)),
    value: null,
  }));

  const server = new SupervisedServer(ending, {
    spawn: () =>
      serve(place, {
        HOSTNAME: place.host,
        PORT: String(place.port),
        THROUGHLINE_EMBEDDED: embedded ? '1' : '',
        ...(embedded ? { POSTGRES_URL: database.url, POSTGRES_PASSWORD_FILE: '' } : {}),
      }),
    healthUrl: `http://${place.reach}/api/health`,
    log: dev ? 'the lines above' : '.throughline/app.log',
  });
  const app = await step('Server', 'starting', async () => {
    const app = await server.start();
    return { result: `process ${app.pid}`, value: app };
  });
  updateLock({ url: place.url });
  announce(place, config.listen.port);
  return server.keepRunning(app);
}

async function lock(ending: Ending): Promise<void> {
  const running = await takeLock();
  if (running) {
    const where = running.url ? `at ${running.url}` : 'and is still starting';
    throw new Problem(
      `Throughline already runs from this folder ${where} (process ${running.pid}).\nUse that one, or end it with: kill ${running.pid}`,
    );
  }
  ending.onStop(async () => releaseLock());
}

/** @returns the settings with the address of the database that was started */
async function startDatabase(
  ending: Ending,
  settings: Config['database'],
): Promise<Config['database']> {
  return step('Database', 'starting PostgreSQL', async () => {
    const starting = startOwnDatabase((error) => ending.fail(error));
    ending.onStop(async () => (await starting.catch(() => null))?.stop());
    const { url, description } = await ending.unlessEnded(starting);
    return { result: description, value: { ...settings, url, sessionUrl: url } };
  });
}

async function migrateDatabase(
  database: Config['database'],
): Promise<{ result: string; value: null }> {
  try {
    await migrate(database, { folder: `${PROJECT}/drizzle`, patienceMs: 10_000 });
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    // No part of a URL that can be a password: the configuration has refused what reads otherwise.
    const { host, pathname } = new URL(database.url);
    const why = error instanceof Error ? error.message || error.name : String(error);
    throw new Problem(
      `The database "${pathname.slice(1)}" at ${host} cannot be used: ${why}\n${
        database.pooled
          ? 'Check POSTGRES_URL and POSTGRES_DIRECT_URL.'
          : 'Check POSTGRES_URL, or unset it to use the database that comes with Throughline.'
      }`,
    );
  }
  return { result: 'the database is up to date', value: null };
}

function announce(place: Place, wantedPort: number): void {
  say(`\n  ${bold('Throughline is ready:')} ${place.url}`);
  if (place.port !== wantedPort)
    say(`  ${dim(`Port ${wantedPort} was taken, so it is ${place.port}.`)}`);
  if (place.local) {
    say(`  ${dim('Only this machine can reach it. For the network: HOSTNAME=0.0.0.0 npm start')}`);
  }
  say(`  ${dim('Ctrl-C stops it.')}\n`);
}
