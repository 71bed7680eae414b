'use client';

/** Whether the page asks its user to sign in, and why. One for the page; the shell shows it. */
import { useSyncExternalStore } from 'react';

export type SignInRequest = {
  /** The session of the page's account has ended; else the user has asked for the dialog. */
  ended: boolean;
  /** Whether the dialog is open. */
  open: boolean;
};

const NONE: SignInRequest = { ended: false, open: false };
let request = NONE;
const listeners = new Set<() => void>();

function change(next: Partial<SignInRequest>): void {
  request = { ...request, ...next };
  for (const listener of listeners) listener();
}

/** The page's account is signed out: the shell says so and offers to sign in. */
export function noteSessionEnded(): void {
  if (!request.ended) change({ ended: true });
}

export function askToSignIn(): void {
  change({ open: true });
}

export function closeSignIn(): void {
  change({ open: false });
}

export function useSignInRequest(): SignInRequest {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => request,
    () => NONE,
  );
}
