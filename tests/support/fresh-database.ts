import { randomUUID } from 'node:crypto';
import { inject } from 'vitest';
import { asAdmin, TEMPLATE } from './postgres';

/**
 * A migrated, empty database of its own on the test run's server (or on `server`), which also becomes
 * the POSTGRES_URL of this process: call it before anything reads the configuration.
 */
export async function freshDatabase(
  adminUrl: string = inject('postgresUrl'),
): Promise<{ url: string; drop(): Promise<void> }> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await asAdmin(adminUrl, (sql) => sql`create database ${sql(name)} template ${sql(TEMPLATE)}`);
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  process.env.POSTGRES_URL = url.href;
  return {
    url: url.href,
    drop: () => asAdmin(adminUrl, (sql) => sql`drop database if exists ${sql(name)} with (force)`),
  };
}

declare module 'vitest' {
  export interface ProvidedContext {
    /** The administrator's database of the test run's PostgreSQL. */
    postgresUrl: string;
  }
}
