import { stripVTControlCharacters } from 'node:util';
import { logger } from '@/lib/server/log/logger';

const MAX_CHARS = 1_000;

/**
 * Redirects console.error and console.warn of Next.js and libraries to the logger: they would print
 * whole errors, with the parameters of failed queries.
 */
export function redirectConsole(): void {
  for (const level of ['error', 'warn'] as const) {
    console[level] = (...args: unknown[]) => {
      const joined = args.filter((arg) => typeof arg === 'string').join(' ');
      const text = stripVTControlCharacters(joined).trim().slice(0, MAX_CHARS);
      const err = args.find((arg) => arg instanceof Error);
      logger[level](err ? { err } : {}, text || 'Error outside of a request');
    };
  }
}
