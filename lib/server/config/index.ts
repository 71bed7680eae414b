import { parseConfig } from '@/lib/server/config/parse-config';
import type { Config } from '@/lib/server/config/types';
import { processSingleton } from '@/lib/server/runtime/process-singleton';

/**
 * Returns this process's configuration, parsed from its environment at the first call.
 * @throws ConfigError if the environment is invalid
 */
export function getConfig(): Config {
  return processSingleton('config', () => parseConfig(process.env));
}
