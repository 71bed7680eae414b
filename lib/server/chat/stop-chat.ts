import type { StopResult } from '@/lib/protocol/api';
import type { Identity } from '@/lib/server/account/identity';
import { requireChat } from '@/lib/server/chat/require-chat';
import { stopRun } from '@/lib/server/runs/stop-run';

/**
 * Stops the answer being made in the chat; what has come of it is kept. Resolves when it has ended.
 * @throws AppError chat_not_found
 */
export async function stopChat(identity: Identity, chatId: string): Promise<StopResult> {
  await requireChat(identity, chatId);
  return { stopped: await stopRun(chatId) };
}
