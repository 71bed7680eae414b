import { inject } from 'vitest';
import { createDatabase } from './postgres';

/**
 * A migrated, empty database of its own on the test run's server, which also becomes the
 * POSTGRES_URL of this process: call it before anything reads the configuration.
 */
export async function freshDatabase(
  adminUrl: string = inject('postgresUrl'),
): Promise<{ url: string; drop(): Promise<void> }> {
  const database = await createDatabase(adminUrl);
  process.env.POSTGRES_URL = database.url;
  return database;
}

declare module 'vitest' {
  export interface ProvidedContext {
    /** The administrator's database of the test run's PostgreSQL. */
    postgresUrl: string;
  }
}
