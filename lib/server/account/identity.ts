/** A user, whatever the way they signed in. */
export type Account = {
  userId: string;
  /** A group that shares; null where the way of signing in knows none. */
  workroomId: string | null;
  name: string;
  email: string | null;
  anonymous: boolean;
};

/** Who sent a request. */
export type Identity = Account & {
  /** What they are signed in by. It can end before the request has. */
  sessionId: string;
};
