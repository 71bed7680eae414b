/** How often something may be tried, counted in the database: for all processes together. */
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { AppError, type ErrorCode } from '@/lib/protocol/errors';
import { getConfig } from '@/lib/server/config';
import { sql } from '@/lib/server/db/client';
import { processSingleton } from '@/lib/server/runtime/process-singleton';

type RateLimit = { points: number; seconds: number; errorCode: ErrorCode };

const RATE_LIMITS = {
  /** Sign-ins and sign-ups from one address. Several users may share one. */
  credentialsByAddress: { points: 20, seconds: 60, errorCode: 'too_many_tries' },
  /** The same for one account, from browsers that know it. Right ones cost a hash as well. */
  credentialsByKnownAccount: { points: 20, seconds: 60, errorCode: 'too_many_tries' },
  /** Wrong passwords for one account from one address, or from one browser that knows the account. */
  guessesByOrigin: { points: 10, seconds: 15 * 60, errorCode: 'too_many_tries' },
  /** Wrong passwords for one account from everywhere but browsers that know it. */
  guessesByAccount: { points: 100, seconds: 60 * 60, errorCode: 'too_many_tries' },
} as const satisfies Record<string, RateLimit>;

export type RateLimitName = keyof typeof RATE_LIMITS | 'guestsByAddress';

function rateLimitFor(name: RateLimitName): RateLimit {
  if (name !== 'guestsByAddress') return RATE_LIMITS[name];
  const { guestsPerAddress } = getConfig().limits;
  return { points: guestsPerAddress, seconds: 10 * 60, errorCode: 'too_many_guests' };
}

/**
 * Counts one use of the limit.
 * @throws AppError the limit's refusal where there have been too many; what the database says
 */
export async function consumeRateLimit(name: RateLimitName, key: string): Promise<void> {
  try {
    await limiter(name).consume(key);
  } catch (rejection) {
    if (rejection instanceof RateLimiterRes) throw new AppError(rateLimitFor(name).errorCode);
    throw rejection;
  }
}

/** Counts nothing. @throws AppError as `consume` */
export async function rejectIfExceeded(name: RateLimitName, key: string): Promise<void> {
  const counted = await limiter(name).get(key);
  const { points, errorCode } = rateLimitFor(name);
  if (counted && counted.consumedPoints >= points) throw new AppError(errorCode);
}

/** Forgets what was counted, after a try that was right. */
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
      // A flood that is refused asks the database nothing more.
      inMemoryBlockOnConsumed: points + 1,
    });
    limiters.set(name, existing);
  }
  return existing;
}
