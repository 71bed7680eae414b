import { drizzleAdapter } from 'better-auth/adapters/drizzle';
import { betterAuth } from 'better-auth/minimal';
import { anonymous } from 'better-auth/plugins/anonymous';
import { isHttps } from '@/lib/auth/address';
import { giveBelongings } from '@/lib/auth/give-belongings';
import { reasonOf } from '@/lib/auth/reason';
import { loadSecret } from '@/lib/auth/secret';
import { getConfig } from '@/lib/config';
import { type Database, db } from '@/lib/db/client';
import * as schema from '@/lib/db/schema';
import { AppError } from '@/lib/errors';
import { logger } from '@/lib/logger';
import { processSingleton } from '@/lib/process';

export const COOKIE_PREFIX = 'throughline';

const DAY_SECONDS = 24 * 60 * 60;

/** Carries what lib/auth/address found out, so that the library trusts no header of its own choice. */
export const CLIENT_ADDRESS_HEADER = 'x-throughline-client';

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
    emailAndPassword: { enabled: true, minPasswordLength: 8, maxPasswordLength: 128 },
    session: {
      // As long as browsers keep a cookie: a guest's chats hang on it. Renewed once a day of use.
      expiresIn: 365 * DAY_SECONDS,
      updateAge: DAY_SECONDS,
      cookieCache: { enabled: true, maxAge: 5 * 60 },
    },
    plugins: [
      anonymous({
        // RFC 2606: a domain that never exists.
        emailDomainName: 'guest.invalid',
        generateName: () => 'Guest',
        onLinkAccount: ({ anonymousUser, newUser }) =>
          giveBelongings(db, anonymousUser.user.id, newUser.user.id),
      }),
    ],
    rateLimit: {
      enabled: true,
      window: 60,
      max: 100,
      customRules: {
        // By address, and many people may share one: guesses at one account are counted apart.
        '/sign-in/email': { window: 60, max: 20 },
        '/sign-up/email': { window: 60, max: 20 },
      },
    },
    advanced: {
      cookiePrefix: COOKIE_PREFIX,
      useSecureCookies: https,
      ipAddress: { ipAddressHeaders: [CLIENT_ADDRESS_HEADER] },
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
        logger[level]({ reason: reasonOf(details.find((it) => it instanceof Error)) }, message),
    },
  });
}

/**
 * The process's better-auth for the address that this request came to.
 * @throws AppError database_unavailable, where the secret has to be read from it and cannot be
 */
export async function getAuth(headers: Headers): Promise<Auth> {
  const { auth } = getConfig();
  const https = isHttps(headers, auth.publicUrl);
  const made = processSingleton('auth', () => new Map<boolean, Promise<Auth>>());
  let instance = made.get(https);
  if (!instance) {
    instance = makeAuth(https, auth.secret);
    made.set(https, instance);
    // A failure is not kept: the next request tries again.
    instance.catch(() => made.delete(https));
  }
  return orUnavailable(instance);
}

/**
 * Waits for work that can only fail by the database.
 * @throws AppError database_unavailable; its cause says why and no more, since it will be logged
 */
export async function orUnavailable<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    throw new AppError('database_unavailable', { cause: new Error(reasonOf(cause)) });
  }
}

async function makeAuth(https: boolean, configured: string | null): Promise<Auth> {
  return createAuth({ db: db(), secret: configured ?? (await loadSecret(db())), https });
}
