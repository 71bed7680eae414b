import pino from 'pino';
import { processSingleton } from '@/lib/process';

/** JSON lines on stdout. Never give it message texts, tokens or cookies. */
export const logger = processSingleton('logger', () =>
  pino({ level: process.env.LOG_LEVEL ?? 'info', base: undefined }),
);
