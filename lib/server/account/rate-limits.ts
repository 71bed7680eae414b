/** Rate limits, counted in the database across all processes. */
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { AppError, type ErrorCode } from '@/lib/protocol/errors';
import { getConfig } from '@/lib/server/config';
import { sql } from '@/lib/server/db/client';
import { processSingleton } from '@/lib/server/runtime/process-singleton';

type RateLimit = { points: number; seconds: number; errorCode: ErrorCode };

const RATE_LIMITS = {
  /** Sign-ins and sign-ups from one IP address, which several users may share. */
  credentialsByAddress: { points: 20, seconds: 60, errorCode: 'too_many_attempts' },
  /** Attempts for one account from browsers that know it. Successful ones cost a hash as well. */
  credentialsByKnownAccount: { points: 20, seconds: 60, errorCode: 'too_many_attempts' },
  /** Wrong passwords for one account from one IP address, or from one browser that knows it. */
  guessesByOrigin: { points: 10, seconds: 15 * 60, errorCode: 'too_many_attempts' },
  /** Wrong passwords for one account from all browsers that do not know it. */
  guessesByAccount: { points: 100, seconds: 60 * 60, errorCode: 'too_many_attempts' },
} as const satisfies Record<string, RateLimit>;

export type RateLimitName = keyof typeof RATE_LIMITS | 'guestsByAddress';

function rateLimitFor(name: RateLimitName): RateLimit {
  if (name !== 'guestsByAddress') return RATE_LIMITS[name];
  const { guestsPerAddress } = getConfig().limits;
  return { points: guestsPerAddress, seconds: 10 * 60, errorCode: 'too_many_guests' };
}

/**
 * Consumes one point of the limit.
 * @throws AppError the limit's error code if it is exceeded; database errors as they are
 */
export async function consumeRateLimit(name: RateLimitName, key: string): Promise<void> {
  try {
    await limiter(name).consume(key);
  } catch (rejection) {
    if (rejection instanceof RateLimiterRes) throw new AppError(rateLimitFor(name).errorCode);
    throw rejection;
  }
}

/** Checks the limit without consuming a point. @throws as `consumeRateLimit` */
export async function rejectIfExceeded(name: RateLimitName, key: string): Promise<void> {
  const counted = await limiter(name).get(key);
  const { points, errorCode } = rateLimitFor(name);
  if (counted && counted.consumedPoints >= points) throw new AppError(errorCode);
}

/** Resets the counter after a successful attempt. */
export async function resetRateLimit(name: RateLimitName, key: string): Promise<void> {
  await limiter(name).delete(key);
}

function limiter(name: RateLimitName): RateLimiterPostgres {
  const limiters = processSingleton(
    'limiters',
    () => new Map<RateLimitName, RateLimiterPostgres>(),
  );
  let existing = limiters.get(name);
  if (!existing) {
    const { points, seconds } = rateLimitFor(name);
    existing = new RateLimiterPostgres({
      storeClient: {
        query: async ({ text, values }: { text: string; values: (string | number)[] }) => {
          const rows = await sql().unsafe(text, values);
          return { rows, rowCount: rows.count };
        },
      },
      storeType: 'client',
      tableName: 'rate_limit',
      tableCreated: true,
      keyPrefix: name,
      points,
      duration: seconds,
      // Rejected attempts above the limit cost no query.
      inMemoryBlockOnConsumed: points + 1,
    });
    limiters.set(name, existing);
  }
  return existing;
}
