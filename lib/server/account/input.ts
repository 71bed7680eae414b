/** Schemas of the account routes' request bodies. Issues carry the error code of the response. */
import { z } from 'zod';
import { withErrorCode } from '@/lib/server/http/input-fields';

const email = z
  .string()
  .trim()
  .toLowerCase()
  .refine((value) => value.length <= 254, withErrorCode('email_invalid'));

// better-auth enforces the password length; this only bounds its input.
const password = z
  .string()
  .refine((value) => value.length > 0, withErrorCode('password_too_short'))
  .refine((value) => value.length <= 1_000, withErrorCode('password_too_long'));

export const signInSchema = z.object({ email, password });

export const signUpSchema = z.object({
  email,
  password,
  /** Display name; the local part of the e-mail address if absent. */
  name: z.string().trim().max(100).optional(),
});

export type SignInInput = z.infer<typeof signInSchema>;
export type SignUpInput = z.infer<typeof signUpSchema>;
