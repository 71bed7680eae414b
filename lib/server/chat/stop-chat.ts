import type { StopResult } from '@/lib/protocol/api';
import type { Identity } from '@/lib/server/account/identity';
import { requireChat } from '@/lib/server/chat/require-chat';
import { stopRun } from '@/lib/server/runs/stop-run';

/**
 * Stops the chat's run; its partial answer is persisted. Resolves when the run has ended.
 * @throws AppError chat_not_found
 */
export async function stopChat(identity: Identity, chatId: string): Promise<StopResult> {
  await requireChat(identity, chatId);
  return { stopped: await stopRun(chatId) };
}
