import { inject } from 'vitest';
import { createDatabase } from './postgres';

/**
 * Creates a migrated, empty database on the test run's server and sets it as the POSTGRES_URL of
 * this process: call it before anything reads the configuration.
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
    /** URL of the administrator's database in the test run's PostgreSQL. */
    postgresUrl: string;
  }
}
