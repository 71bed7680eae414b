import { generateText } from 'ai';
import { and, eq } from 'drizzle-orm';
import { extractTitle, titleFromMessage } from '@/lib/server/chat/extract-title';
import { db } from '@/lib/server/db/client';
import { chat } from '@/lib/server/db/schema';
import { publishEvent } from '@/lib/server/live/live-events';
import { logger } from '@/lib/server/log/logger';
import { type ResolvedModel, toAppError } from '@/lib/server/models';
import type { LiveRun } from '@/lib/server/runs/live-run';
import { waitForIdle } from '@/lib/server/runtime/event-loop-lag';

const TIMEOUT_MS = 60_000;
const IDLE_TIMEOUT_MS = 10_000;
/** A title needs no more of a long message than its beginning. */
const MAX_QUESTION_CHARS = 2_000;
/** Room for a model that thinks before it answers. */
const MAX_TOKENS = 1_000;

const INSTRUCTIONS = [
  'Write a title for a conversation that begins with the message you are given.',
  'At most six words, in the language of the message, no quotation marks, no final full stop.',
  'Answer with the title alone.',
].join(' ');

/**
 * Names a new chat by its first message: saves the title and tells the run's readers. The model is
 * asked once it answers the question itself, so that a server with one slot does that first; where it
 * does not answer or gives no title, the message's own first words are it. Never rejects.
 */
export async function generateTitle(
  run: LiveRun,
  model: ResolvedModel,
  question: string,
): Promise<void> {
  const isAnswering = await run.contentStarted;
  // A name can wait for those whose answer has not begun.
  await waitForIdle(IDLE_TIMEOUT_MS);
  try {
    const title =
      (isAnswering && (await requestTitle(model, question))) || titleFromMessage(question);
    // A person who was quicker keeps the name they gave.
    const [updated] = await db()
      .update(chat)
      .set({ title, titlePending: false })
      .where(and(eq(chat.id, run.row.chatId), eq(chat.titlePending, true)))
      .returning({ title: chat.title, ownerId: chat.ownerId });
    if (!updated) return;
    run.appendEvent({ type: 'title-updated', content: updated.title });
    // Whose it is now: a guest may have signed in since the run began.
    publishEvent(updated.ownerId, { type: 'chat-updated', chatId: run.row.chatId });
  } catch (error) {
    logger.warn({ err: error, chatId: run.row.chatId }, 'The title of a chat could not be saved');
  }
}

async function requestTitle({ model }: ResolvedModel, question: string): Promise<string> {
  try {
    const { text, finishReason } = await generateText({
      model,
      system: INSTRUCTIONS,
      prompt: question.slice(0, MAX_QUESTION_CHARS),
      maxTokens: MAX_TOKENS,
      maxRetries: 0,
      abortSignal: AbortSignal.timeout(TIMEOUT_MS),
    });
    // Cut off by the limit, it is the beginning of a thinking or of an essay.
    return finishReason === 'length' ? '' : extractTitle(text);
  } catch (error) {
    const { code } = toAppError(error);
    logger.info({ code }, 'The model gave no title: the first words of the message are it');
    return '';
  }
}
