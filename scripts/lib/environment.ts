import { createRequire } from 'node:module';
import { parseConfig } from '@/lib/server/config/parse-config';
import { isSecretGiven } from '@/lib/server/config/secret-files';
import type { Config } from '@/lib/server/config/types';
import { PROJECT } from './paths';

// This CommonJS package has no named exports for ES modules.
const { loadEnvConfig }: typeof import('@next/env') = createRequire(import.meta.url)('@next/env');

/** Placeholder URL until the embedded database runs. */
const EMBEDDED_URL = 'postgres://throughline@127.0.0.1/throughline';

export type Environment = {
  config: Config;
  /** Messages about variables that are set but have no effect. */
  notes: string[];
};

/**
 * Loads the `.env` files into this process's environment (variables that are set already win) and
 * validates it. Without POSTGRES_URL the configuration is `embedded`, with a placeholder URL.
 * @throws ConfigError
 */
export function readEnvironment({ dev = false } = {}): Environment {
  loadEnvConfig(PROJECT, dev, { info: () => {}, error: console.error });
  const env = process.env;
  const embedded = !isSecretGiven(env, 'POSTGRES_URL');
  const config = parseConfig(
    embedded
      ? {
          ...env,
          POSTGRES_URL: EMBEDDED_URL,
          POSTGRES_PASSWORD_FILE: '',
          THROUGHLINE_EMBEDDED: '1',
        }
      : { ...env, THROUGHLINE_EMBEDDED: '' },
  );
  const notes: string[] = [];
  if (config.models.demo && isSecretGiven(env, 'OPENAI_API_KEY')) {
    notes.push('OPENAI_API_KEY is set but OPENAI_BASE_URL is not, so the key is not used.');
  }
  return { config, notes };
}
