'use client';

/** Renders Markdown lists. */
import { Fragment, memo, type ReactNode } from 'react';
import { TaskCheckbox } from '@/components/markdown/elements';
import {
  NODES_PER_GROUP,
  type NodeOf,
  type NodeProps,
  type NodeRenderers,
} from '@/components/markdown/node-props';
import { directionOfNodes } from '@/lib/client/markdown/direction';
import { buildBlockElements } from '@/lib/client/markdown/html-elements';
import { isUnparsed } from '@/lib/client/markdown/join-segments';
import { chunk, shallowEqualArrays } from '@/lib/shared/arrays';

type ListProps = { node: NodeOf<'list'>; streaming: boolean; renderers: NodeRenderers };

export function List({ node, streaming, renderers }: ListProps) {
  const loose = node.spread || node.children.some(isLoose);
  const tasks = node.children.some(({ checked }) => typeof checked === 'boolean');
  const groups = chunk(node.children, NODES_PER_GROUP).map((items, index, { length }) => (
    <ItemGroup
      // biome-ignore lint/suspicious/noArrayIndexKey: items only ever grow at the end
      key={index}
      items={items}
      loose={loose}
      streaming={streaming && index === length - 1}
      renderers={renderers}
    />
  ));
  const className = tasks ? 'contains-task-list' : undefined;
  if (!node.ordered) return <ul className={className}>{groups}</ul>;
  const start = typeof node.start === 'number' && node.start !== 1 ? node.start : undefined;
  return (
    <ol start={start} className={className}>
      {groups}
    </ol>
  );
}

type Item = NodeOf<'list'>['children'][number];

function isLoose(item: Item): boolean {
  return item.spread ?? item.children.length > 1;
}

type ItemGroupProps = {
  items: Item[];
  loose: boolean;
  streaming: boolean;
  renderers: NodeRenderers;
};

const ItemGroup = memo(
  function ItemGroup({ items, loose, streaming, renderers }: ItemGroupProps) {
    return items.map((item, index) => (
      <ListItem
        // biome-ignore lint/suspicious/noArrayIndexKey: items only ever grow at the end
        key={index}
        item={item}
        loose={loose}
        streaming={streaming && index === items.length - 1}
        renderers={renderers}
      />
    ));
  },
  (before, after) =>
    before.loose === after.loose &&
    before.streaming === after.streaming &&
    shallowEqualArrays(before.items, after.items),
);

type ItemProps = { item: Item; loose: boolean; streaming: boolean; renderers: NodeRenderers };

/**
 * Renders the paragraphs of a tight list without `<p>`; the checkbox of a task goes inside the
 * first paragraph.
 */
const ListItem = memo(function ListItem({ item, loose, streaming, renderers }: ItemProps) {
  const isTask = typeof item.checked === 'boolean';
  const box = isTask && <TaskCheckbox checked={item.checked ?? false} />;
  const children = buildBlockElements(item.children, streaming);
  return (
    // `dir="auto"` ignores text inside paragraphs that have their own `dir`.
    <li
      dir={(loose && directionOfNodes(children)) || 'auto'}
      className={isTask ? 'task-list-item' : undefined}
    >
      {children.length === 0 && box}
      {children.map((child, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: nodes only ever grow at the end
        <Fragment key={index}>
          {index > 0 && '\n'}
          <ItemChild
            node={child}
            prefix={index === 0 ? box : null}
            loose={loose}
            streaming={streaming && index === children.length - 1}
            renderers={renderers}
          />
        </Fragment>
      ))}
    </li>
  );
});

type ItemChildProps = NodeProps & { prefix: ReactNode; loose: boolean; renderers: NodeRenderers };

function ItemChild({ node, prefix, loose, streaming, renderers }: ItemChildProps) {
  if (node.type !== 'paragraph' || isUnparsed(node)) {
    return (
      <>
        {prefix}
        {renderers.node({ node, streaming })}
      </>
    );
  }
  const content = (
    <>
      {prefix}
      {prefix && ' '}
      {renderers.inline({ nodes: node.children, streaming })}
    </>
  );
  return loose ? <p dir="auto">{content}</p> : content;
}
