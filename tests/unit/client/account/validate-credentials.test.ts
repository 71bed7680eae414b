import { describe, expect, it } from 'vitest';
import { fieldErrorsFor, validateCredentials } from '@/lib/client/account/validate-credentials';

describe('the account form', () => {
  it('reports missing fields before it sends a request', () => {
    expect(validateCredentials('sign-in', { email: ' ', password: '' })).toEqual({
      email: 'Enter your email address.',
      password: 'Enter a password.',
    });
    expect(validateCredentials('sign-in', { email: 'ada', password: 'x' }).email).toMatch(
      /valid email address/,
    );
  });

  it('requires eight characters of a new password, but not of an existing one', () => {
    const fields = { email: 'ada@example.com', password: 'short' };
    expect(validateCredentials('sign-up', fields).password).toMatch(/at least 8/);
    expect(validateCredentials('sign-in', fields)).toEqual({});
  });

  it.each([
    ['sign_up_refused', 'form'],
    ['email_invalid', 'email'],
    ['password_too_long', 'password'],
    ['wrong_credentials', 'form'],
    ['too_many_attempts', 'form'],
    ['network', 'form'],
  ] as const)('shows %s at the %s', (code, field) => {
    expect(fieldErrorsFor({ code, message: 'Words.' })).toEqual({ [field]: 'Words.' });
  });
});
