import type { Account } from '@/lib/server/account/identity';

/** The account of a session, and the Set-Cookie values that renew it. Account null: no session. */
export type SessionResult = { account: Account | null; cookies: string[] };
