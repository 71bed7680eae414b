import { defineConfig } from 'drizzle-kit';

/** `npm run db:generate` writes a migration for what changed in lib/server/db/schema. */
export default defineConfig({
  dialect: 'postgresql',
  schema: ['./lib/server/db/schema/*.ts'],
  out: './drizzle',
});
