/** A user, independent of the sign-in method. */
export type Account = {
  userId: string;
  name: string;
  email: string | null;
  anonymous: boolean;
};

/** The authenticated user of a request. */
export type Identity = Account & {
  /** The session of the request. It can end before the request does. */
  sessionId: string;
};

type SessionUser = {
  id: string;
  name: string;
  email: string;
  isAnonymous?: boolean | null | undefined;
};

/** Maps a better-auth user row to an Account. A guest's generated e-mail address is omitted. */
export function toAccount(row: SessionUser): Account {
  const anonymous = row.isAnonymous === true;
  return {
    userId: row.id,
    name: row.name,
    email: anonymous ? null : row.email,
    anonymous,
  };
}
