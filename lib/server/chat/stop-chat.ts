import type { StopResult } from '@/lib/protocol/api';
import type { Identity } from '@/lib/server/account/identity';
import { requireChat } from '@/lib/server/chat/require-chat';
import { stopRuns } from '@/lib/server/runs/stop-runs';

/**
 * Stops an answer of the chat; what has arrived of it is persisted. Resolves when it has ended.
 * @param messageId the answer to stop; all running answers of the chat if undefined
 * @throws AppError chat_not_found
 */
export async function stopChat(
  identity: Identity,
  chatId: string,
  messageId: string | undefined,
): Promise<StopResult> {
  await requireChat(identity, chatId);
  return { stopped: await stopRuns(chatId, messageId === undefined ? undefined : [messageId]) };
}
