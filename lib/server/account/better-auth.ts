import type { GenericEndpointContext } from 'better-auth';
import { drizzleAdapter } from 'better-auth/adapters/drizzle';
import { betterAuth } from 'better-auth/minimal';
import { AppError } from '@/lib/protocol/errors';
import { methodOptions } from '@/lib/server/account/methods/registry';
import { orDatabaseUnavailable } from '@/lib/server/account/or-database-unavailable';
import { rootCauseMessage } from '@/lib/server/account/root-cause-message';
import { loadSigningSecret } from '@/lib/server/account/signing-secret';
import { getConfig } from '@/lib/server/config';
import { type Database, db } from '@/lib/server/db/client';
import * as schema from '@/lib/server/db/schema';
import { isHttps } from '@/lib/server/http/address';
import { COOKIE_PREFIX } from '@/lib/server/http/cookies';
import { logger } from '@/lib/server/log/logger';
import { registerSecrets } from '@/lib/server/log/secrets';
import { processSingleton } from '@/lib/server/runtime/process-singleton';

const DAY_SECONDS = 24 * 60 * 60;

type AuthOptions = {
  db: Database;
  /** At least 32 characters. */
  secret: string;
  /** Whether users reach the app over https. Decides the cookies' name prefix and Secure flag. */
  https: boolean;
};

export type Auth = ReturnType<typeof createAuth>;

/** Creates the better-auth instance, with the sign-in methods of methods/registry.ts. */
function createAuth({ db, secret, https }: AuthOptions) {
  return betterAuth({
    database: drizzleAdapter(db, { provider: 'pg', schema, transaction: true }),
    secret,
    // better-auth needs a base URL for links and redirects, which this app does not use. A fixed
    // one keeps it from trusting a Host header or an unrelated environment variable.
    baseURL: https ? 'https://localhost' : 'http://localhost',
    session: {
      // A guest's chats depend on this cookie, so it lives long. Renewed once per day of use.
      expiresIn: 365 * DAY_SECONDS,
      updateAge: DAY_SECONDS,
    },
    user: {
      additionalFields: {
        blockedAt: { type: 'date', required: false, input: false, returned: false },
      },
    },
    databaseHooks: { session: { create: { before: rejectBlockedUser } } },
    ...methodOptions(db),
    // lib/server/account/rate-limits counts across all processes instead.
    rateLimit: { enabled: false },
    advanced: {
      cookiePrefix: COOKIE_PREFIX,
      useSecureCookies: https,
      ipAddress: { disableIpTracking: true },
      // The origin is checked once, for every request that changes state: see isSameOrigin.
      disableCSRFCheck: true,
      disableOriginCheck: false,
    },
    telemetry: { enabled: false },
    // Rethrow unexpected errors; better-auth would log them with their parameters.
    onAPIError: { throw: true },
    logger: {
      level: 'warn',
      log: (level, message, ...details) =>
        logger[level](
          { reason: rootCauseMessage(details.find((detail) => detail instanceof Error)) },
          message,
        ),
    },
  });
}

/**
 * Reads with better-auth's adapter, hence on the connection of its transaction: sign-ups that wait
 * for a second connection of the pool while they hold one would block it forever.
 */
async function rejectBlockedUser(
  { userId }: { userId: string },
  context: GenericEndpointContext | null,
): Promise<void> {
  if (!context) throw new Error('Only requests create sessions');
  const found = await context.context.internalAdapter.findUserById(userId);
  if (found && 'blockedAt' in found && found.blockedAt) throw new AppError('account_blocked');
}

/**
 * Returns this process's better-auth instance for the scheme (http or https) of the request.
 * @throws AppError database_unavailable if the signing secret cannot be read from the database
 */
export async function getAuth(headers: Headers): Promise<Auth> {
  const { auth } = getConfig();
  const https = isHttps(headers, auth.publicUrl);
  const instances = processSingleton('auth', () => new Map<boolean, Promise<Auth>>());
  let instance = instances.get(https);
  if (!instance) {
    instance = initAuth(https, auth.secret);
    instances.set(https, instance);
    // A failure is not cached: the next request tries again.
    instance.catch(() => instances.delete(https));
  }
  return orDatabaseUnavailable(instance);
}

async function initAuth(https: boolean, configured: string | null): Promise<Auth> {
  const secret = configured ?? (await loadSigningSecret(db()));
  registerSecrets([secret]);
  return createAuth({ db: db(), secret, https });
}
