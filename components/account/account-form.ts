import type { RequestErrorCode } from '@/lib/client/http';
import type { AccountAction } from './account-requests';

export type Field = 'email' | 'password';
/** What is wrong, by field, or with the whole of it. */
export type Problems = Partial<Record<Field | 'form', string>>;

const FIELD_OF: Partial<Record<RequestErrorCode, Field>> = {
  email_invalid: 'email',
  password_too_short: 'password',
  password_too_long: 'password',
};

/** What can be told without asking the server; empty where there is nothing to say against it. */
export function checkCredentials(
  action: AccountAction,
  { email, password }: Record<Field, string>,
): Problems {
  const problems: Problems = {};
  if (!email.trim()) problems.email = 'Enter your email address.';
  else if (!/^\S+@\S+\.\S+$/.test(email.trim()))
    problems.email = 'That is not an email address. It looks like name@example.com.';
  if (!password) problems.password = 'Enter a password.';
  else if (action === 'sign-up' && password.length < 8)
    problems.password = 'The password is too short: it needs at least 8 characters.';
  return problems;
}

/** Puts the server's refusal where the person can do something about it. */
export function problemsOf({
  code,
  message,
}: {
  code: RequestErrorCode;
  message: string;
}): Problems {
  return { [FIELD_OF[code] ?? 'form']: message };
}
