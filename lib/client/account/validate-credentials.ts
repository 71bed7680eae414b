import type { RequestErrorCode } from '@/lib/client/http/request-error';
import type { AccountAction } from './account-requests';

export type CredentialField = 'email' | 'password';
/** Error messages by field; `form` is for errors of the form as a whole. */
export type FieldErrors = Partial<Record<CredentialField | 'form', string>>;

const FIELD_BY_CODE: Partial<Record<RequestErrorCode, CredentialField>> = {
  email_invalid: 'email',
  password_too_short: 'password',
  password_too_long: 'password',
};

/** Validates without a request to the server. Returns an empty object if the input is valid. */
export function validateCredentials(
  action: AccountAction,
  { email, password }: Record<CredentialField, string>,
): FieldErrors {
  const errors: FieldErrors = {};
  if (!email.trim()) errors.email = 'Enter your email address.';
  else if (!/^\S+@\S+\.\S+$/.test(email.trim()))
    errors.email = 'Enter a valid email address, such as name@example.com.';
  if (!password) errors.password = 'Enter a password.';
  else if (action === 'sign-up' && password.length < 8)
    errors.password = 'The password is too short: it needs at least 8 characters.';
  return errors;
}

/** Assigns a server error to the field that caused it, or to `form`. */
export function fieldErrorsFor({
  code,
  message,
}: {
  code: RequestErrorCode;
  message: string;
}): FieldErrors {
  return { [FIELD_BY_CODE[code] ?? 'form']: message };
}
