'use client';

/** Page-wide state of the sign-in prompt and dialog. The shell displays it. */
import { createStore, useStore } from '@/lib/client/browser/store';

export type SignInState = {
  /** The session of the page's account has ended. False if the user opened the dialog. */
  sessionEnded: boolean;
  dialog: 'sign-in' | 'sign-up' | null;
};

const store = createStore<SignInState>({ sessionEnded: false, dialog: null });

function setState(change: Partial<SignInState>): void {
  store.setState({ ...store.getState(), ...change });
}

/** Called when the page's account is signed out. The shell then offers to sign in. */
export function reportSessionEnded(): void {
  if (!store.getState().sessionEnded) setState({ sessionEnded: true });
}

export function openSignIn(dialog: 'sign-in' | 'sign-up' = 'sign-in'): void {
  setState({ dialog });
}

export function closeSignIn(): void {
  setState({ dialog: null });
}

export function useSignInState(): SignInState {
  return useStore(store);
}
