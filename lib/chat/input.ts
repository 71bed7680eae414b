/** What clients may send, checked: the runtime half of lib/protocol/api.ts. */
import { z } from 'zod';
import type { ErrorCode } from '@/lib/errors';
import {
  LIMITS,
  type SelectBranchBody,
  type SendMessageBody,
  type UpdateChatBody,
} from '@/lib/protocol/api';

/** Refuses with an error code of ours instead of a description of the field. */
const refuse = (code: ErrorCode) => ({ params: { code } });

const uuid = z.string().uuid('must be a UUID');

const messageText = z
  .string()
  .refine((text) => text.trim() !== '', refuse('message_empty'))
  .refine((text) => text.length <= LIMITS.messageChars, refuse('message_too_long'));

export const sendMessageInput: z.ZodType<SendMessageBody> = z.object({
  id: uuid,
  message: z.object({
    id: uuid,
    role: z.literal('user'),
    parts: z.tuple([z.object({ type: z.literal('text'), text: messageText })]),
  }),
  parentId: uuid.nullable(),
  selectedChatModel: z.string().min(1).max(500),
  retryOf: uuid.optional(),
  answerId: uuid.optional(),
  continueOf: uuid.optional(),
});

export const updateChatInput: z.ZodType<UpdateChatBody> = z
  .object({
    title: z.string().trim().min(1, 'must not be empty').max(LIMITS.titleChars).optional(),
    modelRef: z.string().min(1).max(500).optional(),
  })
  .refine((body) => Object.keys(body).length > 0, 'nothing to change');

export const selectBranchInput: z.ZodType<SelectBranchBody> = z.object({ messageId: uuid });

export const historyInput = z.object({
  limit: z.coerce.number().int().min(1).max(LIMITS.historyPage).default(30),
  cursor: z.string().max(200).optional(),
});

export const resumeInput = z.object({
  chatId: uuid,
  after: z.coerce.number().int().min(0).default(0),
});
