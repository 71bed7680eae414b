import type { BetterAuthOptions } from 'better-auth';
import type { ErrorCode } from '@/lib/protocol/errors';
import { anonymousMethod } from '@/lib/server/account/methods/anonymous';
import type { SignInAction, SignInMethod } from '@/lib/server/account/methods/method';
import { passwordMethod } from '@/lib/server/account/methods/password';
import type { Database } from '@/lib/server/db/client';

const METHODS: readonly SignInMethod[] = [anonymousMethod, passwordMethod];

/** The better-auth options of all methods. */
export function methodOptions(db: Database) {
  const options = METHODS.map((method) => method.options(db));
  const plugins = options.flatMap((option) => option.plugins ?? []);
  return { ...(Object.assign({}, ...options) as BetterAuthOptions), plugins };
}

/** The handlers of POST /api/auth/<action>, by action. */
export const SIGN_IN_ACTIONS: ReadonlyMap<string, SignInAction> = new Map(
  METHODS.flatMap(({ actions }) => Object.entries(actions)),
);

/** `SignInMethod.startSession` of the method that has one, if any. */
export const startSession = METHODS.find((method) => method.startSession)?.startSession;

export const METHOD_ERROR_CODES: Readonly<Record<string, ErrorCode>> = Object.assign(
  {},
  ...METHODS.map(({ errorCodes }) => errorCodes),
);
