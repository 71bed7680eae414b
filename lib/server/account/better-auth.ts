import { drizzleAdapter } from 'better-auth/adapters/drizzle';
import { betterAuth } from 'better-auth/minimal';
import { anonymous } from 'better-auth/plugins/anonymous';
import { and, eq, isNotNull } from 'drizzle-orm';
import { AppError } from '@/lib/protocol/errors';
import { queuedPasswordHasher } from '@/lib/server/account/hash-queue';
import { rootCauseMessage } from '@/lib/server/account/root-cause-message';
import { loadSigningSecret } from '@/lib/server/account/signing-secret';
import { transferOwnership } from '@/lib/server/account/transfer-ownership';
import { getConfig } from '@/lib/server/config';
import { type Database, db } from '@/lib/server/db/client';
import * as schema from '@/lib/server/db/schema';
import { isHttps } from '@/lib/server/http/address';
import { COOKIE_PREFIX } from '@/lib/server/http/cookies';
import { logger } from '@/lib/server/log/logger';
import { registerSecrets } from '@/lib/server/log/secrets';
import { processSingleton } from '@/lib/server/runtime/process-singleton';

const DAY_SECONDS = 24 * 60 * 60;

/** Characters. */
export const PASSWORD_LENGTH = { min: 8, max: 128 };

type AuthOptions = {
  db: Database;
  /** At least 32 characters. */
  secret: string;
  /** Whether the person's address is https. It decides on the cookies' name and Secure flag. */
  https: boolean;
};

export type Auth = ReturnType<typeof createAuth>;

/** better-auth as this app uses it: e-mail and password, and guests who may become accounts. */
function createAuth({ db, secret, https }: AuthOptions) {
  return betterAuth({
    database: drizzleAdapter(db, { provider: 'pg', schema, transaction: true }),
    secret,
    // The library needs its address for links and redirects, and this app has none. A fixed one
    // keeps it from believing a Host header or an environment variable meant for something else.
    baseURL: https ? 'https://localhost' : 'http://localhost',
    emailAndPassword: {
      enabled: true,
      minPasswordLength: PASSWORD_LENGTH.min,
      maxPasswordLength: PASSWORD_LENGTH.max,
      password: queuedPasswordHasher,
    },
    session: {
      // As long as browsers keep a cookie: a guest's chats hang on it. Renewed once a day of use.
      expiresIn: 365 * DAY_SECONDS,
      updateAge: DAY_SECONDS,
    },
    databaseHooks: {
      session: { create: { before: async ({ userId }) => rejectBlockedUser(db, userId) } },
    },
    plugins: [
      anonymous({
        // RFC 2606: a domain that never exists.
        emailDomainName: 'guest.invalid',
        generateName: () => 'Guest',
        onLinkAccount: ({ anonymousUser, newUser }) =>
          transferOwnership(db, anonymousUser.user.id, newUser.user.id),
      }),
    ],
    // lib/server/account/rate-limits counts, for all processes together.
    rateLimit: { enabled: false },
    advanced: {
      cookiePrefix: COOKIE_PREFIX,
      useSecureCookies: https,
      ipAddress: { disableIpTracking: true },
      // Where a request comes from is checked once, for every way in: isFromOurPages.
      disableCSRFCheck: true,
      disableOriginCheck: false,
    },
    telemetry: { enabled: false },
    // What is not a refusal is thrown to us: the library would print it, parameters and all.
    onAPIError: { throw: true },
    logger: {
      level: 'warn',
      log: (level, message, ...details) =>
        logger[level](
          { reason: rootCauseMessage(details.find((it) => it instanceof Error)) },
          message,
        ),
    },
  });
}

async function rejectBlockedUser(db: Database, userId: string): Promise<void> {
  const where = and(eq(schema.user.id, userId), isNotNull(schema.user.blockedAt));
  if ((await db.$count(schema.user, where)) > 0) throw new AppError('account_blocked');
}

/**
 * The process's better-auth for the address that this request came to.
 * @throws AppError database_unavailable, where the secret has to be read from it and cannot be
 */
export async function getAuth(headers: Headers): Promise<Auth> {
  const { auth } = getConfig();
  const https = isHttps(headers, auth.publicUrl);
  const instances = processSingleton('auth', () => new Map<boolean, Promise<Auth>>());
  let instance = instances.get(https);
  if (!instance) {
    instance = initAuth(https, auth.secret);
    instances.set(https, instance);
    // A failure is not kept: the next request tries again.
    instance.catch(() => instances.delete(https));
  }
  return orDatabaseUnavailable(instance);
}

/**
 * Waits for work that can only fail by the database, or by an AppError of ours.
 * @throws AppError what the work refused, else database_unavailable; its cause says why and no more, since it will be logged
 */
export async function orDatabaseUnavailable<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError('database_unavailable', { cause: new Error(rootCauseMessage(cause)) });
  }
}

async function initAuth(https: boolean, configured: string | null): Promise<Auth> {
  const secret = configured ?? (await loadSigningSecret(db()));
  registerSecrets([secret]);
  return createAuth({ db: db(), secret, https });
}
