/** Messages form a tree; one branch of it is open. Pure. */
import type { MessageStatus } from '@/lib/protocol/messages';

type TreeNode = { id: string; parentId: string | null };

export type BranchNode = TreeNode & {
  status: MessageStatus;
  /** `message.selected_at` in milliseconds. */
  selectedAt: number | null;
};

/**
 * The open branch: from the first message on always the child that is open. Of several children that
 * is the one whose answer is being made, else the one selected last, else the newest.
 * @param nodes of one chat, oldest first
 */
export function activeBranch<T extends BranchNode>(nodes: readonly T[]): T[] {
  const activeChild = new Map<string | null, T>();
  for (const node of nodes) {
    const current = activeChild.get(node.parentId);
    if (!current || rank(node) >= rank(current)) activeChild.set(node.parentId, node);
  }
  const branch: T[] = [];
  let next = activeChild.get(null);
  while (next) {
    branch.push(next);
    // Removed as it is walked, so that rows that name each other cannot make a circle.
    activeChild.delete(next.parentId);
    next = activeChild.get(next.id);
  }
  return branch;
}

function rank({ status, selectedAt }: BranchNode): number {
  return status === 'running' ? Number.POSITIVE_INFINITY : (selectedAt ?? 0);
}

/**
 * The versions of each message that has siblings: the ids of all messages with its parent, oldest
 * first. Messages without siblings are left out.
 */
export function siblingsById(nodes: readonly TreeNode[]): Map<string, string[]> {
  const children = new Map<string | null, string[]>();
  for (const { id, parentId } of nodes) {
    const siblings = children.get(parentId);
    if (siblings) siblings.push(id);
    else children.set(parentId, [id]);
  }
  const siblingsOf = new Map<string, string[]>();
  for (const siblings of children.values()) {
    if (siblings.length > 1) for (const id of siblings) siblingsOf.set(id, siblings);
  }
  return siblingsOf;
}

/** The branch from the first message down to the one with this id; empty where it is not there. */
export function branchTo<T extends TreeNode>(nodes: readonly T[], id: string | null): T[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const branch: T[] = [];
  let next = id === null ? undefined : byId.get(id);
  while (next) {
    branch.push(next);
    byId.delete(next.id);
    next = next.parentId === null ? undefined : byId.get(next.parentId);
  }
  return branch.reverse();
}
