import type { RequestErrorCode } from '@/lib/client/http/api';
import type { AccountAction } from './account-requests';

export type CredentialField = 'email' | 'password';
/** What is wrong, by field, or with the whole of it. */
export type FieldErrors = Partial<Record<CredentialField | 'form', string>>;

const FIELD_BY_CODE: Partial<Record<RequestErrorCode, CredentialField>> = {
  email_invalid: 'email',
  password_too_short: 'password',
  password_too_long: 'password',
};

/** What can be told without asking the server; empty where there is nothing to say against it. */
export function validateCredentials(
  action: AccountAction,
  { email, password }: Record<CredentialField, string>,
): FieldErrors {
  const errors: FieldErrors = {};
  if (!email.trim()) errors.email = 'Enter your email address.';
  else if (!/^\S+@\S+\.\S+$/.test(email.trim()))
    errors.email = 'That is not an email address. It looks like name@example.com.';
  if (!password) errors.password = 'Enter a password.';
  else if (action === 'sign-up' && password.length < 8)
    errors.password = 'The password is too short: it needs at least 8 characters.';
  return errors;
}

/** Puts the server's refusal where the person can do something about it. */
export function fieldErrorsFor({
  code,
  message,
}: {
  code: RequestErrorCode;
  message: string;
}): FieldErrors {
  return { [FIELD_BY_CODE[code] ?? 'form']: message };
}
