'use client';

/** Draws the lists of Markdown. */
import { Fragment, memo, type ReactNode } from 'react';
import {
  areSame,
  type Draw,
  inGroups,
  type NodeOf,
  type NodeProps,
} from '@/components/markdown/draw';
import { TaskBox } from '@/components/markdown/elements';
import { directionOf } from '@/lib/client/markdown/direction';
import { pairBlocks } from '@/lib/client/markdown/html';
import { isPlain } from '@/lib/client/markdown/tree';

type ListProps = { node: NodeOf<'list'>; growing: boolean; draw: Draw };

export function List({ node, growing, draw }: ListProps) {
  const loose = node.spread || node.children.some(isLoose);
  const tasks = node.children.some(({ checked }) => typeof checked === 'boolean');
  const groups = inGroups(node.children).map((items, index, { length }) => (
    <Items
      // biome-ignore lint/suspicious/noArrayIndexKey: items only ever grow at the end
      key={index}
      items={items}
      loose={loose}
      growing={growing && index === length - 1}
      draw={draw}
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

type ItemsProps = { items: Item[]; loose: boolean; growing: boolean; draw: Draw };

const Items = memo(
  function Items({ items, loose, growing, draw }: ItemsProps) {
    return items.map((item, index) => (
      <ItemOf
        // biome-ignore lint/suspicious/noArrayIndexKey: items only ever grow at the end
        key={index}
        item={item}
        loose={loose}
        growing={growing && index === items.length - 1}
        draw={draw}
      />
    ));
  },
  (before, after) =>
    before.loose === after.loose &&
    before.growing === after.growing &&
    areSame(before.items, after.items),
);

type ItemProps = { item: Item; loose: boolean; growing: boolean; draw: Draw };

/** The paragraphs of a tight list are not paragraphs; a task's box is inside its first one. */
const ItemOf = memo(function ItemOf({ item, loose, growing, draw }: ItemProps) {
  const isTask = typeof item.checked === 'boolean';
  const box = isTask && <TaskBox checked={item.checked ?? false} />;
  const children = pairBlocks(item.children, growing);
  return (
    // Where its text is in paragraphs, "auto" would pass over them.
    <li
      dir={(loose && directionOf(children)) || 'auto'}
      className={isTask ? 'task-list-item' : undefined}
    >
      {children.length === 0 && box}
      {children.map((child, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: nodes only ever grow at the end
        <Fragment key={index}>
          {index > 0 && '\n'}
          <ItemPart
            node={child}
            before={index === 0 ? box : null}
            loose={loose}
            growing={growing && index === children.length - 1}
            draw={draw}
          />
        </Fragment>
      ))}
    </li>
  );
});

type ItemPartProps = NodeProps & { before: ReactNode; loose: boolean; draw: Draw };

function ItemPart({ node, before, loose, growing, draw }: ItemPartProps) {
  if (node.type !== 'paragraph' || isPlain(node)) {
    return (
      <>
        {before}
        {draw.node({ node, growing })}
      </>
    );
  }
  const content = (
    <>
      {before}
      {before && ' '}
      {draw.inline({ nodes: node.children, growing })}
    </>
  );
  return loose ? <p dir="auto">{content}</p> : content;
}
