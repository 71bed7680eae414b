'use client';

import { type FormEvent, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { Button } from '@/components/ui/button';
import {
  Dialog,
  DialogContent,
  DialogDescription,
  DialogHeader,
  DialogTitle,
} from '@/components/ui/dialog';
import { FormField } from '@/components/ui/form-field';
import { Spinner } from '@/components/ui/spinner';
import { type AccountAction, submitCredentials } from '@/lib/client/account/account-requests';
import {
  type CredentialField,
  type FieldErrors,
  fieldErrorsFor,
  validateCredentials,
} from '@/lib/client/account/validate-credentials';
import { RequestError } from '@/lib/client/http/request-error';

const TEXTS = {
  'sign-in': {
    title: 'Sign in',
    asGuest: 'Your chats come with you.',
    signedOut: 'Your chats are waiting for you.',
    submit: 'Sign in',
    switchPrompt: 'No account yet?',
    switchTo: 'Create account',
  },
  'sign-up': {
    title: 'Create account',
    asGuest: 'Your chats come with you, and you find them on every device.',
    signedOut: 'With an account you find your chats on every device.',
    submit: 'Create account',
    switchPrompt: 'Have an account?',
    switchTo: 'Sign in',
  },
} as const;

type AccountDialogProps = {
  action: AccountAction;
  /** Whether the user is a guest, whose chats will be transferred to the account. */
  isGuest: boolean;
  /** Reloads the current URL after success instead of opening the home page. */
  staysOnPage?: boolean;
  onAction: (action: AccountAction) => void;
  onClose: () => void;
  onRestoreFocus: () => void;
};

function findInput(form: HTMLFormElement | null, field: CredentialField): HTMLInputElement | null {
  return form?.querySelector(`input[name="${field}"]`) ?? null;
}

/** Dialog for signing in and creating an account. Open while mounted. */
export function AccountDialog({
  action,
  isGuest,
  staysOnPage = false,
  onAction,
  onClose,
  onRestoreFocus,
}: AccountDialogProps) {
  const [errors, setErrors] = useState<FieldErrors>({});
  const [pending, setPending] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const texts = TEXTS[action];

  function showErrors(next: FieldErrors) {
    setErrors(next);
    focusField(next.email ? 'email' : 'password');
  }

  function focusField(field: CredentialField) {
    findInput(form.current, field)?.focus();
  }

  function switchAction() {
    setErrors({});
    // Synchronously, because the other action mounts a new password field, which may get the focus.
    flushSync(() => onAction(action === 'sign-in' ? 'sign-up' : 'sign-in'));
    focusField(findInput(form.current, 'email')?.value ? 'password' : 'email');
  }

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (pending) return;
    const fields = new FormData(event.currentTarget);
    const credentials = {
      email: String(fields.get('email') ?? '').trim(),
      password: String(fields.get('password') ?? ''),
    };
    const clientErrors = validateCredentials(action, credentials);
    if (clientErrors.email || clientErrors.password) return showErrors(clientErrors);
    setPending(true);
    setErrors({});
    try {
      // Stays pending after success: the page reloads.
      await submitCredentials(action, credentials, staysOnPage);
    } catch (error) {
      setPending(false);
      if (!(error instanceof RequestError)) throw error;
      showErrors(fieldErrorsFor(error));
    }
  }

  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent
        className="max-w-sm"
        onCloseAutoFocus={(event) => {
          event.preventDefault();
          onRestoreFocus();
        }}
      >
        <DialogHeader>
          <DialogTitle>{texts.title}</DialogTitle>
          <DialogDescription>{isGuest ? texts.asGuest : texts.signedOut}</DialogDescription>
        </DialogHeader>
        <form ref={form} method="post" noValidate onSubmit={submit} className="grid gap-4">
          <FormField
            name="email"
            label="Email"
            type="email"
            autoComplete="username"
            inputMode="email"
            error={errors.email}
          />
          <FormField
            // A new field for each action: password managers inspect a field when it appears.
            key={action}
            name="password"
            label="Password"
            type="password"
            autoComplete={action === 'sign-in' ? 'current-password' : 'new-password'}
            hint={action === 'sign-up' ? 'At least 8 characters' : undefined}
            error={errors.password}
          />
          {errors.form && (
            <p role="alert" className="text-destructive-text text-sm">
              {errors.form}
            </p>
          )}
          <Button type="submit" aria-disabled={pending} className="w-full">
            {pending && <Spinner label="" className="text-current" />}
            {texts.submit}
          </Button>
        </form>
        <p className="flex items-center justify-center gap-1.5 text-muted-foreground text-sm">
          {texts.switchPrompt}
          <Button variant="link" onClick={switchAction} className="h-auto px-0">
            {texts.switchTo}
          </Button>
        </p>
      </DialogContent>
    </Dialog>
  );
}
