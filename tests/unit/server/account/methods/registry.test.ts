import { anonymous } from 'better-auth/plugins/anonymous';
import { expect, it } from 'vitest';
import { METHOD_ERROR_CODES } from '@/lib/server/account/methods/registry';

it('a guest whose session cannot be stored is told that the database is unavailable', () => {
  const { code } = anonymous().$ERROR_CODES.COULD_NOT_CREATE_SESSION;
  expect(METHOD_ERROR_CODES[code]).toBe('database_unavailable');
});
