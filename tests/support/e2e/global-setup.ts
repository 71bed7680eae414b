import { prepareTemplate, startPostgres } from '@/tests/support/postgres';

/**
 * One PostgreSQL for all browser tests; `tests/support/e2e/fixtures.ts` creates databases in it.
 */
export default async function setup() {
  const server = await startPostgres();
  await prepareTemplate(server);
  // Workers inherit the environment of this process.
  process.env.E2E_POSTGRES_URL = server.urlOf('postgres');
  return () => server.destroy();
}
