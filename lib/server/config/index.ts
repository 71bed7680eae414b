import { parseConfig } from '@/lib/server/config/parse-config';
import type { Config } from '@/lib/server/config/types';
import { processSingleton } from '@/lib/server/runtime/process-singleton';

/**
 * The process's configuration, read from its environment at the first call.
 * @throws ConfigError where the environment is not right
 */
export function getConfig(): Config {
  return processSingleton('config', () => parseConfig(process.env));
}
