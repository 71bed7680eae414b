import { stripVTControlCharacters } from 'node:util';
import { logger } from '@/lib/server/log/logger';

const MAX_CHARS = 1_000;

/**
 * Sends what Next.js and libraries print as errors and warnings through the logger: they would print
 * errors whole, with the parameters of a failed query.
 */
export function redirectConsole(): void {
  for (const level of ['error', 'warn'] as const) {
    console[level] = (...args: unknown[]) => {
      const joined = args.filter((one) => typeof one === 'string').join(' ');
      const text = stripVTControlCharacters(joined).trim().slice(0, MAX_CHARS);
      const err = args.find((one) => one instanceof Error);
      logger[level](err ? { err } : {}, text || 'An error outside of a request');
    };
  }
}
