/** A user, independent of the sign-in method. */
export type Account = {
  userId: string;
  /** A group of users that share chats; null if the sign-in method has none. */
  workroomId: string | null;
  name: string;
  email: string | null;
  anonymous: boolean;
};

/** The authenticated user of a request. */
export type Identity = Account & {
  /** The session of the request. It can end before the request does. */
  sessionId: string;
};
