'use client';

import { useRef } from 'react';
import useSWR from 'swr';
import { reportSessionEnded } from '@/lib/client/account/sign-in-state';
import { api, ensureSession, getCurrentUser } from '@/lib/client/http/api';
import type { SessionInfo } from '@/lib/protocol/api';

/** Shorter than the five minutes that the server takes the session's signed copy for. */
const REFRESH_MS = 4 * 60_000;

/**
 * Who this browser is to the server: undefined until it is known, null where there is no session.
 * Asked again while the page is in view, which keeps requests free of a look into the database.
 * Where somebody else has come in through another tab, the page starts anew as theirs.
 */
export function useCurrentUser(): SessionInfo['user'] | undefined {
  const lastUserId = useRef<string | null>(null);
  const { data } = useSWR<SessionInfo>('/api/session', readSession, {
    refreshInterval: REFRESH_MS,
    onSuccess: ({ user }) => {
      // An account that is signed out is asked to sign in; a guest becomes a new one.
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
  // The page's first request makes the session where there is none; all callers share that one.
  if (isSessionCreated) return api<SessionInfo>(path);
  const info = await ensureSession();
  isSessionCreated = true;
  return info;
}
