/** The messages of a chat form a tree, one branch of which is active. Pure functions. */
import { AppError } from '@/lib/protocol/errors';

type TreeNode = { id: string; parentId: string | null };

export type BranchNode = TreeNode & {
  /** `message.selected_at` in milliseconds. */
  selectedAt: number | null;
};

/**
 * Returns the active branch: starting at the root, always the active child. Of several children
 * that is the one selected last, else the newest.
 * @param nodes of one chat, oldest first
 */
export function activeBranch<T extends BranchNode>(nodes: readonly T[]): T[] {
  const activeChild = new Map<string | null, T>();
  for (const node of nodes) {
    const current = activeChild.get(node.parentId);
    if (!current || (node.selectedAt ?? 0) >= (current.selectedAt ?? 0))
      activeChild.set(node.parentId, node);
  }
  const branch: T[] = [];
  let next = activeChild.get(null);
  while (next) {
    branch.push(next);
    // Deleting visited entries prevents an endless loop if rows reference each other.
    activeChild.delete(next.parentId);
    next = activeChild.get(next.id);
  }
  return branch;
}

/**
 * Maps each message that has siblings to the ids of all messages with the same parent, itself
 * included, oldest first. Messages without siblings are omitted.
 */
export function siblingsById(nodes: readonly TreeNode[]): Map<string, string[]> {
  const children = childIdsByParent(nodes);
  const siblingsOf = new Map<string, string[]>();
  for (const siblings of children.values()) {
    if (siblings.length > 1) for (const id of siblings) siblingsOf.set(id, siblings);
  }
  return siblingsOf;
}

/**
 * Returns the branch from the root to the message with this id; empty if there is no such message.
 */
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

/** Returns the nodes without the deleted ones and all their descendants. */
export function withoutDeleted<T extends TreeNode & { isDeleted: boolean }>(
  nodes: readonly T[],
): T[] {
  if (!nodes.some(({ isDeleted }) => isDeleted)) return [...nodes];
  const deleted = subtreeIds(
    nodes,
    nodes.filter(({ isDeleted }) => isDeleted).map(({ id }) => id),
  );
  return nodes.filter(({ id }) => !deleted.has(id));
}

/** Returns the ids of these messages and of all their descendants. */
export function subtreeIds(nodes: readonly TreeNode[], rootIds: readonly string[]): Set<string> {
  const childIds = childIdsByParent(nodes);
  const found = new Set(rootIds);
  // A set iterates over what is added during the iteration.
  for (const id of found) for (const childId of childIds.get(id) ?? []) found.add(childId);
  return found;
}

/** Maps each parent, null for the roots, to the ids of its children in the order of the nodes. */
function childIdsByParent(nodes: readonly TreeNode[]): Map<string | null, string[]> {
  const childIds = new Map<string | null, string[]>();
  for (const { id, parentId } of nodes) {
    const siblings = childIds.get(parentId);
    if (siblings) siblings.push(id);
    else childIds.set(parentId, [id]);
  }
  return childIds;
}

/**
 * Returns the branch from the root to a message that is not deleted.
 * @throws AppError not_found
 */
export function requireBranchTo<T extends TreeNode & { isDeleted: boolean }>(
  nodes: readonly T[],
  id: string,
): T[] {
  const branch = branchTo(withoutDeleted(nodes), id);
  if (branch.length === 0) throw messageNotFound();
  return branch;
}

export function messageNotFound(): AppError {
  return new AppError('not_found', { message: 'This message is no longer in this chat.' });
}
