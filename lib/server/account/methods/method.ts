import type { BetterAuthOptions } from 'better-auth';
import type { z } from 'zod';
import type { ErrorCode } from '@/lib/protocol/errors';
import type { SessionResult } from '@/lib/server/account/session-result';
import type { Database } from '@/lib/server/db/client';

/**
 * A way of signing in: one file in this folder, listed in `registry.ts`. A method does not import
 * better-auth's instance, which is created from the options of all methods; its actions get a
 * context.
 */
export type SignInMethod = {
  /** Its part of the better-auth options. */
  options: (db: Database) => Pick<BetterAuthOptions, 'emailAndPassword' | 'plugins'>;
  /** The handlers of POST /api/auth/<action>. */
  actions: Record<string, SignInAction>;
  /** Creates a session for a visitor who has none and has not asked to sign in. */
  startSession?: (context: SignInContext) => Promise<SessionResult>;
  /** Codes of better-auth's client errors. One that is not listed becomes `internal`. */
  errorCodes: Record<string, ErrorCode>;
};

export type SignInAction = {
  /** Of the request's body. */
  schema: z.ZodTypeAny;
  run: (context: SignInContext, body: never) => Promise<SessionResult>;
};

/** The request of an action, and what better-auth does for it. */
export type SignInContext = {
  headers: Headers;
  secret: string;
  cookies: { sessionToken: string; secure: boolean };
  /**
   * Calls an endpoint of better-auth that signs in to an account. The request's session ends; if it
   * is a guest's, better-auth links the guest to the account.
   */
  signIn: (
    path: `/${string}`,
    fields: Record<string, string | undefined>,
  ) => Promise<SessionResult>;
  /**
   * Calls an endpoint of better-auth that creates a session, without the request's cookies: remains
   * of an ended session must not affect the new one.
   */
  createSession: (path: `/${string}`) => Promise<SessionResult>;
};

/** An action whose body has the type of its schema. */
export function defineAction<Schema extends z.ZodTypeAny>(
  schema: Schema,
  run: (context: SignInContext, body: z.infer<Schema>) => Promise<SessionResult>,
): SignInAction {
  return { schema, run };
}
