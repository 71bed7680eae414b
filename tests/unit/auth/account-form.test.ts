import { describe, expect, it } from 'vitest';
import { checkCredentials, problemsOf } from '@/components/account/account-form';

describe('the account form', () => {
  it('says what is missing before it asks the server', () => {
    expect(checkCredentials('sign-in', { email: ' ', password: '' })).toEqual({
      email: 'Enter your email address.',
      password: 'Enter a password.',
    });
    expect(checkCredentials('sign-in', { email: 'ada', password: 'x' }).email).toMatch(
      /not an email address/,
    );
  });

  it('asks for eight characters of a new password, and takes an old one as it is', () => {
    const fields = { email: 'ada@example.com', password: 'short' };
    expect(checkCredentials('sign-up', fields).password).toMatch(/at least 8/);
    expect(checkCredentials('sign-in', fields)).toEqual({});
  });

  it.each([
    ['sign_up_refused', 'form'],
    ['email_invalid', 'email'],
    ['password_too_long', 'password'],
    ['wrong_credentials', 'form'],
    ['too_many_tries', 'form'],
    ['network', 'form'],
  ] as const)('shows %s at the %s', (code, place) => {
    expect(problemsOf({ code, message: 'Words.' })).toEqual({ [place]: 'Words.' });
  });
});
