'use client';

import { useRef } from 'react';
import useSWR from 'swr';
import { ensureSession, getCurrentUser } from '@/lib/client/account/session';
import { reportSessionEnded } from '@/lib/client/account/sign-in-state';
import { api } from '@/lib/client/http/api';
import type { SessionInfo } from '@/lib/protocol/api';

/** Shorter than the five minutes for which the server accepts the session's signed copy. */
const REFRESH_MS = 4 * 60_000;

/**
 * The session's user: undefined until loaded, null without a session. Refetched while the page is
 * visible: this renews the session's signed copy, so other requests need no database query.
 * Reloads the page if another user has signed in through another tab.
 */
export function useCurrentUser(): SessionInfo['user'] | undefined {
  const lastUserId = useRef<string | null>(null);
  const { data } = useSWR<SessionInfo>('/api/session', readSession, {
    refreshInterval: REFRESH_MS,
    onSuccess: ({ user }) => {
      // A signed-out account has to sign in again; a guest gets a new session.
      if (!user && getCurrentUser()?.anonymous === false) reportSessionEnded();
      if (!user) return;
      if (lastUserId.current !== null && lastUserId.current !== user.id) location.reload();
      lastUserId.current = user.id;
    },
  });
  return data?.user;
}

let isSessionCreated = false;

async function readSession(path: string): Promise<SessionInfo> {
  // The page's first request creates the session if there is none. All callers share it.
  if (isSessionCreated) return api<SessionInfo>(path);
  const info = await ensureSession();
  isSessionCreated = true;
  return info;
}
