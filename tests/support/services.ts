/**
 * Real services for tests, each on its own port: nothing is shared with an installation on the same
 * machine.
 */
export { startApp, type TestApp } from './app';
export { freshDatabase } from './fresh-database';
export { directDatabase, startPostgres, type TestPostgres } from './postgres';
export { startRedis, type TestRedis } from './redis';
