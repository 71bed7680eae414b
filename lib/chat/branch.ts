/** Messages form a tree; what a person sees is one branch of it. Pure. */

type Node = { id: string; parentId: string | null };

/**
 * The shown branch: from the first message on always the newest answer to the one before.
 * @param nodes of one chat, oldest first
 */
export function activeBranch<T extends Node>(nodes: readonly T[]): T[] {
  const newestChild = new Map<string | null, T>();
  for (const node of nodes) newestChild.set(node.parentId, node);
  const branch: T[] = [];
  let next = newestChild.get(null);
  while (next) {
    branch.push(next);
    // Taken out as it is walked, so that rows that name each other cannot make a circle.
    newestChild.delete(next.parentId);
    next = newestChild.get(next.id);
  }
  return branch;
}

/** The branch from the first message down to the one with this id; empty where it is not there. */
export function branchTo<T extends Node>(nodes: readonly T[], id: string | null): T[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const branch: T[] = [];
  let next = id === null ? undefined : byId.get(id);
  while (next) {
    branch.unshift(next);
    byId.delete(next.id);
    next = next.parentId === null ? undefined : byId.get(next.parentId);
  }
  return branch;
}
