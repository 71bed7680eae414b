import { generateText } from 'ai';
import { and, eq } from 'drizzle-orm';
import { extractTitle, titleFromMessage } from '@/lib/server/chat/extract-title';
import { db } from '@/lib/server/db/client';
import { chat } from '@/lib/server/db/schema';
import { publishEvent } from '@/lib/server/db/signals';
import { logger } from '@/lib/server/log/logger';
import { type ResolvedModel, toAppError } from '@/lib/server/models';
import type { LiveRun } from '@/lib/server/runs/live-run';
import { waitForIdle } from '@/lib/server/runtime/event-loop-lag';

const TIMEOUT_MS = 60_000;
const IDLE_TIMEOUT_MS = 10_000;
/** The beginning of a long message is enough for a title. */
const MAX_PROMPT_CHARS = 2_000;
/** Includes tokens for reasoning before the title. */
const MAX_TOKENS = 1_000;

const INSTRUCTIONS = [
  'Write a title for a conversation that begins with the message you are given.',
  'At most six words, in the language of the message, no quotation marks, no final full stop.',
  'Answer with the title alone.',
].join(' ');

/**
 * Generates the title of a new chat from its first message, saves it and sends it to the run's
 * readers. The title is requested after the first token of the answer, so that a model server with
 * one slot generates the answer first. If there is no answer or no title, the beginning of the
 * message is used. Never rejects.
 */
export async function generateTitle(
  run: LiveRun,
  model: ResolvedModel,
  firstMessage: string,
): Promise<void> {
  const isAnswering = await run.contentStarted;
  // Answers that have not started take precedence over titles.
  await waitForIdle(IDLE_TIMEOUT_MS);
  try {
    const title =
      (isAnswering && (await requestTitle(model, firstMessage))) || titleFromMessage(firstMessage);
    // A title that the user has set meanwhile is kept.
    const [updated] = await db()
      .update(chat)
      .set({ title, titlePending: false })
      .where(and(eq(chat.id, run.row.chatId), eq(chat.titlePending, true)))
      .returning({ title: chat.title, ownerId: chat.ownerId });
    if (!updated) return;
    run.appendEvent({ type: 'title-updated', content: updated.title });
    // The current owner: a guest may have signed in since the run started.
    publishEvent(updated.ownerId, { type: 'chat-updated', chatId: run.row.chatId });
  } catch (error) {
    logger.warn({ err: error, chatId: run.row.chatId }, 'Saving a chat title failed');
  }
}

async function requestTitle({ model }: ResolvedModel, firstMessage: string): Promise<string> {
  try {
    const { text, finishReason } = await generateText({
      model,
      system: INSTRUCTIONS,
      prompt: firstMessage.slice(0, MAX_PROMPT_CHARS),
      maxTokens: MAX_TOKENS,
      maxRetries: 0,
      abortSignal: AbortSignal.timeout(TIMEOUT_MS),
    });
    // A response truncated by the token limit is reasoning or an essay.
    return finishReason === 'length' ? '' : extractTitle(text);
  } catch (error) {
    const { code } = toAppError(error);
    logger.info({ code }, 'The model returned no title; using the first words of the message');
    return '';
  }
}
