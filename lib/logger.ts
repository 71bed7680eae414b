import pino from 'pino';
import { processSingleton } from '@/lib/process';

const LEVELS = ['debug', 'info', 'warn', 'error'];

/** JSON lines on stdout. Never give it message texts, tokens or cookies. */
export const logger = processSingleton('logger', () =>
  pino({ level: levelOf(process.env.LOG_LEVEL), base: undefined }),
);

/** The logger may be needed before the configuration is checked, which refuses a wrong level. */
function levelOf(value: string | undefined): string {
  return value && LEVELS.includes(value) ? value : 'info';
}
