/** The bodies of the account routes, checked. Issues carry the code to answer with. */
import { z } from 'zod';
import type { ErrorCode } from '@/lib/protocol/errors';

const withErrorCode = (code: ErrorCode) => ({ params: { code } });

const email = z
  .string()
  .trim()
  .toLowerCase()
  .refine((value) => value.length <= 254, withErrorCode('email_invalid'));

// How long a password must be is the library's business; this only bounds what it is given.
const password = z
  .string()
  .refine((value) => value.length > 0, withErrorCode('password_too_short'))
  .refine((value) => value.length <= 1_000, withErrorCode('password_too_long'));

export const signInSchema = z.object({ email, password });

export const signUpSchema = z.object({
  email,
  password,
  /** What to call the person; taken from the e-mail address where it is missing. */
  name: z.string().trim().max(100).optional(),
});

export type SignInInput = z.infer<typeof signInSchema>;
export type SignUpInput = z.infer<typeof signUpSchema>;
