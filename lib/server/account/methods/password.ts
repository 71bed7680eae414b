/** Sign-in with e-mail address and password. */
import { createHash } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { AppError, type ErrorCode } from '@/lib/protocol/errors';
import { queuedPasswordHasher, runSignUp } from '@/lib/server/account/hash-queue';
import { readKnownDevice } from '@/lib/server/account/known-device';
import {
  defineAction,
  type SignInContext,
  type SignInMethod,
} from '@/lib/server/account/methods/method';
import { orDatabaseUnavailable } from '@/lib/server/account/or-database-unavailable';
import {
  consumeRateLimit,
  type RateLimitName,
  rejectIfExceeded,
  resetRateLimit,
} from '@/lib/server/account/rate-limits';
import type { SessionResult } from '@/lib/server/account/session-result';
import { getConfig } from '@/lib/server/config';
import { db } from '@/lib/server/db/client';
import { user } from '@/lib/server/db/schema';
import { clientAddress } from '@/lib/server/http/address';
import { withErrorCode } from '@/lib/server/http/input-fields';

/** Characters. */
const PASSWORD_LENGTH = { min: 8, max: 128 };

/** Error codes that count as a wrong guess. */
const FAILED_GUESS_CODES = new Set<ErrorCode>(['wrong_credentials', 'sign_up_refused']);

const email = z
  .string()
  .trim()
  .toLowerCase()
  .refine((value) => value.length <= 254, withErrorCode('email_invalid'));

// better-auth enforces the password length; this only bounds its input.
const password = z
  .string()
  .refine((value) => value.length > 0, withErrorCode('password_too_short'))
  .refine((value) => value.length <= 1_000, withErrorCode('password_too_long'));

const signUpSchema = z.object({
  email,
  password,
  /** Display name; the local part of the e-mail address if absent. */
  name: z.string().trim().max(100).optional(),
});

/**
 * Signs in to an account.
 * @throws AppError wrong_credentials, account_blocked, email_invalid, too_many_attempts,
 *   sign_in_busy, internal, database_unavailable
 */
const signIn = defineAction(z.object({ email, password }), (context, credentials) =>
  withRateLimits(context, credentials.email, () => context.signIn('/sign-in/email', credentials)),
);

/**
 * Creates an account and signs in to it. If an account with this address exists, this signs in to
 * it when the password is correct and otherwise counts as a wrong guess, so it reveals no more than
 * signing in does.
 * @throws AppError as signIn, and sign_up_refused, password_too_short, password_too_long
 */
const signUp = defineAction(signUpSchema, async (context, { email, password, name }) => {
  // Checked before the lookup, so that the error does not reveal whether the account exists.
  if (password.length < PASSWORD_LENGTH.min) throw new AppError('password_too_short');
  if (password.length > PASSWORD_LENGTH.max) throw new AppError('password_too_long');
  return await withRateLimits(context, email, async () => {
    const exists = await orDatabaseUnavailable(db().$count(user, eq(user.email, email)));
    if (exists === 0) {
      const fields = { email, password, name: name || email.split('@')[0] };
      return await runSignUp(() => context.signIn('/sign-up/email', fields));
    }
    try {
      return await context.signIn('/sign-in/email', { email, password });
    } catch (error) {
      const isWrong = error instanceof AppError && error.code === 'wrong_credentials';
      throw isWrong ? new AppError('sign_up_refused') : error;
    }
  });
});

/**
 * Limits password guessing per account and origin, and per account alone. A browser that has signed
 * in to the account before has its own counter, so that attackers cannot lock its user out.
 */
async function withRateLimits(
  context: SignInContext,
  email: string,
  attempt: () => Promise<SessionResult>,
): Promise<SessionResult> {
  const { headers } = context;
  const device = readKnownDevice(context, email);
  const address = clientAddress(headers, getConfig().limits.trustedProxies);
  const origin = `${hashEmail(email)} ${device.knowsAccount ? device.id : address}`;
  const guesses: Array<[RateLimitName, string]> = [['guessesByOrigin', origin]];
  if (device.knowsAccount) {
    await orDatabaseUnavailable(consumeRateLimit('credentialsByKnownAccount', hashEmail(email)));
  } else {
    guesses.push(['guessesByAccount', hashEmail(email)]);
    await orDatabaseUnavailable(consumeRateLimit('credentialsByAddress', address));
  }
  for (const [name, key] of guesses) await orDatabaseUnavailable(rejectIfExceeded(name, key));
  try {
    const result = await attempt();
    await orDatabaseUnavailable(resetRateLimit('guessesByOrigin', origin));
    return { ...result, cookies: [...result.cookies, device.cookie] };
  } catch (error) {
    const isGuess = error instanceof AppError && FAILED_GUESS_CODES.has(error.code);
    if (isGuess) {
      for (const [name, key] of guesses) await orDatabaseUnavailable(consumeRateLimit(name, key));
    }
    throw error;
  }
}

/** Hashes an e-mail address to a rate limit key of fixed length that does not reveal it. */
function hashEmail(email: string): string {
  return createHash('sha256').update(email).digest('base64url');
}

export const passwordMethod: SignInMethod = {
  options: () => ({
    emailAndPassword: {
      enabled: true,
      minPasswordLength: PASSWORD_LENGTH.min,
      maxPasswordLength: PASSWORD_LENGTH.max,
      password: queuedPasswordHasher,
    },
  }),
  actions: { 'sign-in': signIn, 'sign-up': signUp },
  errorCodes: {
    INVALID_EMAIL: 'email_invalid',
    // The e-mail address is the only field that better-auth validates more strictly.
    VALIDATION_ERROR: 'email_invalid',
    INVALID_EMAIL_OR_PASSWORD: 'wrong_credentials',
    PASSWORD_TOO_SHORT: 'password_too_short',
    PASSWORD_TOO_LONG: 'password_too_long',
    USER_ALREADY_EXISTS: 'sign_up_refused',
    USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL: 'sign_up_refused',
    // The insert failed: the address was taken after it was checked.
    FAILED_TO_CREATE_USER: 'sign_up_refused',
  },
};
