import { describe, expect, it } from 'vitest';
import { activeBranch, branchTo } from '@/lib/chat/branch';

const node = (id: string, parentId: string | null) => ({ id, parentId });
const ids = (branch: Array<{ id: string }>) => branch.map(({ id }) => id).join(' ');

const tree = [
  node('q1', null),
  node('a1', 'q1'),
  node('q2', 'a1'),
  node('a2-failed', 'q2'),
  node('a2', 'q2'),
  node('q3', 'a2'),
];

describe('the shown branch', () => {
  it('follows the newest answer at every fork', () => {
    expect(ids(activeBranch(tree))).toBe('q1 a1 q2 a2 q3');
  });

  it('is empty for a chat without messages', () => {
    expect(activeBranch([])).toEqual([]);
  });

  it('ends even where rows name each other', () => {
    expect(activeBranch([node('x', 'y'), node('y', 'x')])).toEqual([]);
    expect(ids(activeBranch([node('r', null), node('x', 'r'), node('r2', 'x')]))).toBe('r x r2');
  });
});

describe('what the model is given for an answer', () => {
  it('is the way from the first message to the question, without the other branches', () => {
    expect(ids(branchTo(tree, 'q2'))).toBe('q1 a1 q2');
    expect(ids(branchTo(tree, 'a2-failed'))).toBe('q1 a1 q2 a2-failed');
  });

  it('is nothing for an id that is not there', () => {
    expect(branchTo(tree, 'elsewhere')).toEqual([]);
    expect(branchTo(tree, null)).toEqual([]);
  });
});
