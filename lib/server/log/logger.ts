import pino from 'pino';
import { describeError } from '@/lib/server/log/describe-error';
import { redactLine } from '@/lib/server/log/secrets';
import { processSingleton } from '@/lib/server/runtime/process-singleton';

const LEVELS = ['debug', 'info', 'warn', 'error'];

/** How this process logs, wherever the lines go. */
export const LOGGER_OPTIONS: pino.LoggerOptions = {
  level: parseLevel(process.env.LOG_LEVEL),
  base: undefined,
  serializers: { err: describeError },
  hooks: { streamWrite: redactLine },
};

/**
 * JSON lines on stdout. Never give it message texts, tokens or cookies; errors (`err`) are safe, because
 * they are logged without what they quote.
 */
export const logger = processSingleton('logger', () => pino(LOGGER_OPTIONS));

/** The logger may be needed before the configuration is checked, which refuses a wrong level. */
function parseLevel(value: string | undefined): string {
  return value && LEVELS.includes(value) ? value : 'info';
}
