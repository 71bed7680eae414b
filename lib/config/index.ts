import { parseConfig } from '@/lib/config/parse';
import type { Config } from '@/lib/config/types';
import { processSingleton } from '@/lib/process';

/**
 * The process's configuration, read from its environment at the first call.
 * @throws ConfigError where the environment is not right
 */
export function getConfig(): Config {
  return processSingleton('config', () => parseConfig(process.env));
}
