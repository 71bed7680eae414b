import type { TestProject } from 'vitest/node';
import { prepareTemplate, startPostgres } from './postgres';

/** One PostgreSQL for all integration tests; each file creates its own database in it. */
export default async function setup(project: TestProject) {
  const server = await startPostgres();
  await prepareTemplate(server);
  project.provide('postgresUrl', server.urlOf('postgres'));
  return () => server.destroy();
}
