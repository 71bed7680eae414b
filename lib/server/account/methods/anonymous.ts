/** Guests: a session without credentials, whose chats an account can take over. */
import { anonymous } from 'better-auth/plugins/anonymous';
import type { SignInMethod } from '@/lib/server/account/methods/method';
import { orDatabaseUnavailable } from '@/lib/server/account/or-database-unavailable';
import { consumeRateLimit } from '@/lib/server/account/rate-limits';
import { transferOwnership } from '@/lib/server/account/transfer-ownership';
import { getConfig } from '@/lib/server/config';
import { clientAddress } from '@/lib/server/http/address';

export const anonymousMethod: SignInMethod = {
  options: (db) => ({
    plugins: [
      anonymous({
        // RFC 2606: a domain that never exists.
        emailDomainName: 'guest.invalid',
        generateName: () => 'Guest',
        onLinkAccount: ({ anonymousUser, newUser }) =>
          transferOwnership(db, anonymousUser.user.id, newUser.user.id),
      }),
    ],
  }),
  actions: {},
  /** @throws AppError database_unavailable, too_many_guests */
  async startSession({ headers, createSession }) {
    const address = clientAddress(headers, getConfig().limits.trustedProxies);
    await orDatabaseUnavailable(consumeRateLimit('guestsByAddress', address));
    const { account, cookies } = await createSession('/sign-in/anonymous');
    // better-auth's response does not say that the user is a guest.
    return { account: account && { ...account, email: null, anonymous: true }, cookies };
  },
  // As its other failures, which are errors of status 500.
  errorCodes: { COULD_NOT_CREATE_SESSION: 'database_unavailable' },
};
