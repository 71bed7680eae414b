/** What the parts that draw Markdown share. */
import type { ReactNode } from 'react';
import type { Drawable } from '@/lib/client/markdown/html';
import type { Node } from '@/lib/client/markdown/tree';

export type NodeOf<Type extends Node['type']> = Extract<Node, { type: Type }>;

export type NodesProps = {
  nodes: readonly Drawable[];
  /** Whether more may come at the end. */
  growing?: boolean;
};

export type NodeProps = { node: Drawable; growing: boolean };

export type Draw = {
  inline: (props: NodesProps) => ReactNode;
  node: (props: NodeProps) => ReactNode;
};

/** So many siblings are drawn as one: what grows at its end is looked at in groups, not one by one. */
export const GROUP = 24;

export function inGroups<Item>(items: readonly Item[]): Item[][] {
  const groups: Item[][] = [];
  for (let from = 0; from < items.length; from += GROUP)
    groups.push(items.slice(from, from + GROUP));
  return groups;
}

export function areSame(before: readonly unknown[], after: readonly unknown[]): boolean {
  return before.length === after.length && before.every((item, index) => item === after[index]);
}
