import pino from 'pino';
import { describeError } from '@/lib/server/log/describe-error';
import { redactLine } from '@/lib/server/log/secrets';
import { processSingleton } from '@/lib/server/runtime/process-singleton';

const LEVELS = ['debug', 'info', 'warn', 'error'];

/** Options of this process's loggers, independent of their destination. */
export const LOGGER_OPTIONS: pino.LoggerOptions = {
  level: parseLevel(process.env.LOG_LEVEL),
  base: undefined,
  serializers: { err: describeError },
  hooks: { streamWrite: redactLine },
};

/**
 * Logs JSON lines to stdout. Never log message texts, tokens or cookies; errors (`err`) are safe,
 * because describeError strips the values they quote.
 */
export const logger = processSingleton('logger', () => pino(LOGGER_OPTIONS));

/**
 * The logger may be needed before the configuration is validated, which rejects an invalid level.
 */
function parseLevel(value: string | undefined): string {
  return value && LEVELS.includes(value) ? value : 'info';
}
