'use client';

import { useEffect } from 'react';
import { closeSignIn, useSignInRequest } from '@/lib/client/sign-in';
import { usePart } from '@/lib/client/use-part';

const loadPrompt = () =>
  import('./sign-in-prompt').then(({ SignInPrompt }) => ({ default: SignInPrompt }));

/** Loads the prompt to sign in where a session has ended, or something asks for it. */
export function SignInRequest() {
  const { ended, open } = useSignInRequest();
  const [SignInPrompt, askForPrompt] = usePart(loadPrompt);
  const isWanted = ended || open;
  useEffect(() => {
    if (isWanted) askForPrompt(closeSignIn);
  }, [isWanted, askForPrompt]);
  return isWanted && SignInPrompt && <SignInPrompt ended={ended} open={open} />;
}
