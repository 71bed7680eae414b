/** Types and helpers shared by the components that render Markdown. */
import type { ReactNode } from 'react';
import type { RenderableNode } from '@/lib/client/markdown/html-tags';
import type { Node } from '@/lib/client/markdown/join-segments';

export type NodeOf<Type extends Node['type']> = Extract<Node, { type: Type }>;

export type NodesProps = {
  nodes: readonly RenderableNode[];
  /** Whether more nodes may follow. */
  streaming?: boolean;
};

export type NodeProps = { node: RenderableNode; streaming: boolean };

export type NodeRenderers = {
  inline: (props: NodesProps) => ReactNode;
  node: (props: NodeProps) => ReactNode;
};

/**
 * Siblings rendered as one memoized group: while a text streams, unchanged groups are compared as a
 * whole.
 */
export const NODES_PER_GROUP = 24;
