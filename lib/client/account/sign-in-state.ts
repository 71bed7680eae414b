'use client';

/** Page-wide state of the sign-in prompt and dialog. The shell displays it. */
import { useSyncExternalStore } from 'react';

export type SignInState = {
  /** The session of the page's account has ended. False if the user opened the dialog. */
  sessionEnded: boolean;
  dialogOpen: boolean;
};

const INITIAL_STATE: SignInState = { sessionEnded: false, dialogOpen: false };
let state = INITIAL_STATE;
const listeners = new Set<() => void>();

function setState(next: Partial<SignInState>): void {
  state = { ...state, ...next };
  for (const listener of listeners) listener();
}

/** Called when the page's account is signed out. The shell then offers to sign in. */
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
