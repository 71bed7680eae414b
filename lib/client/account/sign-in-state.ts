'use client';

/** Whether the page asks its user to sign in, and why. One for the page; the shell shows it. */
import { useSyncExternalStore } from 'react';

export type SignInState = {
  /** The session of the page's account has ended; else the user has asked for the dialog. */
  sessionEnded: boolean;
  /** Whether the dialog is open. */
  dialogOpen: boolean;
};

const INITIAL_STATE: SignInState = { sessionEnded: false, dialogOpen: false };
let state = INITIAL_STATE;
const listeners = new Set<() => void>();

function setState(next: Partial<SignInState>): void {
  state = { ...state, ...next };
  for (const listener of listeners) listener();
}

/** The page's account is signed out: the shell says so and offers to sign in. */
export function reportSessionEnded(): void {
  if (!state.sessionEnded) setState({ sessionEnded: true });
}

export function openSignIn(): void {
  setState({ dialogOpen: true });
}

export function closeSignIn(): void {
  setState({ dialogOpen: false });
}

export function useSignInState(): SignInState {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => state,
    () => INITIAL_STATE,
  );
}
