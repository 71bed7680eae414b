/** Schemas of what clients may send: the runtime counterpart of lib/protocol/api.ts. */
import { z } from 'zod';
import {
  type ForkChatBody,
  LIMITS,
  type QueueMessageBody,
  type SelectBranchBody,
  type SendMessageBody,
  type SendQueuedBody,
  type UpdateChatBody,
  type UpdateQueuedBody,
} from '@/lib/protocol/api';
import { isBlank } from '@/lib/protocol/is-blank';
import {
  chatSettingsSchema,
  modelRef,
  newChatSettingsSchema,
} from '@/lib/server/chat/chat-settings';
import {
  MAX_PG_INTEGER,
  queryInteger,
  storableString,
  titleField,
  withErrorCode,
} from '@/lib/server/http/input-fields';

/** A query parameter is a string before it is parsed. */
const DEFAULT_HISTORY_PAGE_SIZE = '30';

const uuid = z.string().uuid('must be a UUID');

const messageText = storableString.refine(
  (text) => text.length <= LIMITS.messageChars,
  withErrorCode('message_too_long'),
);

// An invalid time zone is ignored: the message must not be rejected for it.
const timeZone = z.string().max(100).optional().catch(undefined);

const sendMessageFields = z.object({
  id: uuid,
  message: z.object({
    id: uuid,
    role: z.literal('user'),
    parts: z.tuple([z.object({ type: z.literal('text'), text: messageText })]),
  }),
  parentId: uuid.nullable(),
  selectedChatModel: modelRef,
  retryOf: uuid.optional(),
  editOf: uuid.optional(),
  branchEnd: uuid.optional(),
  answerId: uuid.optional(),
  continueOf: uuid.optional(),
  settings: newChatSettingsSchema.optional(),
  timeZone,
});

/**
 * Only a new message needs a text. A new answer or a continuation names a message that is stored,
 * and browser tabs that still run version 0.1.0 send an empty text with it.
 */
export const sendMessageSchema: z.ZodType<SendMessageBody, z.ZodTypeDef, unknown> =
  sendMessageFields.refine(
    ({ message, retryOf, continueOf }) =>
      retryOf !== undefined || continueOf !== undefined || !isBlank(message.parts[0].text),
    withErrorCode('message_empty'),
  );

export const updateChatSchema: z.ZodType<UpdateChatBody, z.ZodTypeDef, unknown> = z
  .object({
    title: titleField(LIMITS.titleChars).optional(),
    expected: chatSettingsSchema.optional(),
  })
  .merge(chatSettingsSchema)
  .refine(({ expected, ...changes }) => Object.keys(changes).length > 0, 'nothing to change');

export const selectBranchSchema: z.ZodType<SelectBranchBody> = z.object({
  messageId: uuid,
  after: uuid.optional(),
});

export const forkChatSchema: z.ZodType<ForkChatBody> = z.object({ id: uuid, messageId: uuid });

const queuedText = messageText.refine((text) => !isBlank(text), withErrorCode('message_empty'));

export const queueMessageSchema: z.ZodType<QueueMessageBody, z.ZodTypeDef, unknown> = z.object({
  id: uuid,
  text: queuedText,
  answerId: uuid,
  timeZone,
});

export const updateQueuedSchema: z.ZodType<UpdateQueuedBody, z.ZodTypeDef, unknown> = z
  .object({ text: queuedText.optional(), index: z.number().int().min(0).optional() })
  .refine(({ text, index }) => text !== undefined || index !== undefined, 'nothing to change');

export const sendQueuedSchema: z.ZodType<SendQueuedBody> = z.object({ answerId: uuid });

export const historyQuerySchema = z.object({
  limit: queryInteger(1, LIMITS.historyPage).default(DEFAULT_HISTORY_PAGE_SIZE),
  cursor: z.string().max(200).optional(),
});

export const searchQuerySchema = z.object({ query: z.string().max(LIMITS.titleChars) });

export const resumeQuerySchema = z.object({
  chatId: uuid,
  messageId: uuid.optional(),
  after: queryInteger(0, MAX_PG_INTEGER).default('0'),
});

export const stopQuerySchema = z.object({ messageId: uuid.optional() });
