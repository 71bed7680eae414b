import type { Identity } from '@/lib/auth/identity';
import { requireChat } from '@/lib/chat/require-chat';
import type { StopResult } from '@/lib/protocol/api';
import { stopRun } from '@/lib/runs/stop';

/**
 * Stops the answer being made in the chat; what has come of it is kept. Resolves when it has ended.
 * @throws AppError chat_not_found
 */
export async function stopChat(identity: Identity, chatId: string): Promise<StopResult> {
  await requireChat(identity, chatId);
  return { stopped: await stopRun(chatId) };
}
