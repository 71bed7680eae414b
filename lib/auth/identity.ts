/** Who is asking, whatever the way they signed in. */
export type Identity = {
  userId: string;
  /** A group that shares; null where the way of signing in knows none. */
  workroomId: string | null;
  name: string;
  email: string | null;
  anonymous: boolean;
};
