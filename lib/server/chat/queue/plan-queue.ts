/** Plans changes of the queued messages of a chat. Pure. */
import { AppError } from '@/lib/protocol/errors';
import { formatLine } from '@/lib/protocol/lines';
import {
  activeBranch,
  type BranchNode,
  messageNotFound,
  subtreeIds,
} from '@/lib/server/chat/branch';
import {
  type ChatState,
  type ExistingAnswer,
  type PlannedTurn,
  queueSources,
  requireChatCapacity,
} from '@/lib/server/chat/plan-turn';

type TreeNode = BranchNode & { role: 'user' | 'assistant' };

/**
 * Returns the answer that a message waits for if it is queued after `answerId`: the last one of its
 * branch. The page may not know yet that the next queued message was sent.
 * @param nodes all messages that are not deleted, oldest first
 * @throws AppError chat_changed if the branch does not end with an answer
 */
export function findBranchEnd<T extends TreeNode>(nodes: readonly T[], answerId: string): T {
  const ids = subtreeIds(nodes, [answerId]);
  const subtree = nodes
    .filter(({ id }) => ids.has(id))
    .map((node) => ({ ...node, parentId: node.id === answerId ? null : node.parentId }));
  const endId = activeBranch(subtree).at(-1)?.id;
  const end = nodes.find(({ id }) => id === endId);
  if (end?.role !== 'assistant') throw new AppError('chat_changed');
  return end;
}

/**
 * Returns the new positions of the messages whose position changes.
 * @param branch the queued messages of one branch in their order
 */
export function planMove(
  branch: ReadonlyArray<{ id: string; position: number }>,
  id: string,
  index: number,
): Array<{ id: string; position: number }> {
  const moved = branch.find((item) => item.id === id);
  if (!moved) return [];
  const order = branch.filter((item) => item !== moved);
  order.splice(index, 0, moved);
  return order.flatMap((item, newIndex) => {
    const position = branch[newIndex]?.position ?? item.position;
    return position === item.position ? [] : [{ id: item.id, position }];
  });
}

export type QueuedItem = { id: string; answerId: string; text: string };

/**
 * Plans the turn that sends a queued message.
 * @param after which answers it may follow: only one that ended well, or any that has ended. The
 *   latter is displayed; if a new answer failed, that is the previous one
 * @param item null if it is no longer queued
 * @throws AppError chat_not_found, not_queued; not_found if its branch was deleted; run_in_progress, chat_changed, chat_too_long
 */
export function planQueuedTurn(
  item: QueuedItem | null,
  chat: ChatState | null,
  userId: string,
  newAnswerId: string,
  after: 'complete' | 'ended',
): PlannedTurn | ExistingAnswer {
  if (chat?.ownerId !== userId) throw new AppError('chat_not_found');
  const { messages } = chat;
  if (!item) throw new AppError('not_queued');
  const existingAnswer = messages.findLast(({ parentId }) => parentId === item.id);
  if (existingAnswer) return { existingAnswerId: existingAnswer.id };
  const awaited = messages.find(({ id }) => id === item.answerId);
  if (!awaited) throw messageNotFound();
  const selected = activeBranch(messages).find(({ parentId }) => parentId === awaited.parentId);
  const previous = after === 'ended' && selected ? selected : awaited;
  if (previous.status === 'running') throw new AppError('run_in_progress');
  if (after === 'complete' && previous.status !== 'complete') throw new AppError('chat_changed');
  requireChatCapacity(messages);
  return {
    newUserMessage: { id: item.id, parentId: previous.id, text: item.text },
    userMessageId: item.id,
    answerId: newAnswerId,
    continueFrom: null,
    firstLines: formatLine('f', { messageId: newAnswerId }),
    queueFrom: [...new Set([awaited.id, ...queueSources(messages, previous.id)])],
  };
}
