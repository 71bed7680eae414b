'use client';

import { useEffect } from 'react';
import { closeSignIn, useSignInState } from '@/lib/client/account/sign-in-state';
import { useLazyComponent } from '@/lib/client/browser/use-lazy-component';

const loadPrompt = () =>
  import('./sign-in-prompt').then(({ SignInPrompt }) => ({ default: SignInPrompt }));

/** Loads the sign-in prompt when the session has ended or the sign-in dialog is opened. */
export function SignInPromptLoader() {
  const { sessionEnded, dialog } = useSignInState();
  const [SignInPrompt, requestPrompt] = useLazyComponent(loadPrompt);
  const isNeeded = sessionEnded || dialog !== null;
  useEffect(() => {
    if (isNeeded) requestPrompt(closeSignIn);
  }, [isNeeded, requestPrompt]);
  return isNeeded && SignInPrompt && <SignInPrompt sessionEnded={sessionEnded} dialog={dialog} />;
}
