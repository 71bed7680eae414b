import { describe, expect, it } from 'vitest';
import {
  activeBranch,
  type BranchNode,
  branchTo,
  siblingsById,
  subtreeIds,
  withoutDeleted,
} from '@/lib/server/chat/branch';

const node = (id: string, parentId: string | null, rest: Partial<BranchNode> = {}): BranchNode => ({
  id,
  parentId,
  selectedAt: 1,
  ...rest,
});
const ids = (branch: Array<{ id: string }>) => branch.map(({ id }) => id).join(' ');

const tree = [
  node('q1', null),
  node('a1', 'q1'),
  node('q2', 'a1'),
  node('a2-failed', 'q2'),
  node('a2', 'q2'),
  node('q3', 'a2'),
];

describe('the active branch', () => {
  it('follows the newest of several messages that were selected at the same time', () => {
    expect(ids(activeBranch(tree))).toBe('q1 a1 q2 a2 q3');
  });

  it('follows the message that was selected last, even if it is older', () => {
    const chosen = [
      node('q1', null),
      node('a1', 'q1', { selectedAt: 5 }),
      node('a1-new', 'q1', { selectedAt: 3 }),
      node('q2', 'a1'),
      node('q2-other', 'a1-new'),
    ];
    expect(ids(activeBranch(chosen))).toBe('q1 a1 q2');
  });

  it('never follows an unselected answer if another one was selected', () => {
    const failed = node('a1-failed', 'q1', { selectedAt: null });
    const tree = [node('q1', null), node('a1', 'q1'), failed];
    expect(ids(activeBranch(tree))).toBe('q1 a1');
    expect(ids(activeBranch([node('q1', null), failed]))).toBe('q1 a1-failed');
  });

  it('is empty for a chat without messages', () => {
    expect(activeBranch([])).toEqual([]);
  });

  it('is determined even if rows refer to each other in a cycle', () => {
    expect(activeBranch([node('x', 'y'), node('y', 'x')])).toEqual([]);
    expect(ids(activeBranch([node('r', null), node('x', 'r'), node('r2', 'x')]))).toBe('r x r2');
  });
});

describe('the versions of a message', () => {
  it('are its siblings, oldest first, and none without siblings', () => {
    const versions = siblingsById(tree);
    expect(versions.get('a2')).toEqual(['a2-failed', 'a2']);
    expect(versions.get('a2-failed')).toEqual(['a2-failed', 'a2']);
    expect(versions.get('q1')).toBeUndefined();
  });
});

describe('the messages for an answer', () => {
  it('are the path from the first message to the user message, without other branches', () => {
    expect(ids(branchTo(tree, 'q2'))).toBe('q1 a1 q2');
    expect(ids(branchTo(tree, 'a2-failed'))).toBe('q1 a1 q2 a2-failed');
  });

  it('are empty for an unknown id', () => {
    expect(branchTo(tree, 'elsewhere')).toEqual([]);
    expect(branchTo(tree, null)).toEqual([]);
  });
});

describe('a deleted message', () => {
  const deletable = (deletedId: string) =>
    tree.map((each) => ({ ...each, isDeleted: each.id === deletedId }));

  it('disappears with everything below it, and nothing else does', () => {
    expect(ids(withoutDeleted(deletable('a2')))).toBe('q1 a1 q2 a2-failed');
    expect(ids(withoutDeleted(deletable('none')))).toBe(ids(tree));
    expect([...subtreeIds(tree, ['q2'])]).toEqual(['q2', 'a2-failed', 'a2', 'q3']);
  });

  it('has no endless subtree if rows refer to each other in a cycle', () => {
    expect([...subtreeIds([node('x', 'y'), node('y', 'x')], ['x'])]).toEqual(['x', 'y']);
  });
});
