'use client';

/**
 * Draws markdown that needs no plugins, which is nearly all of it; maths as well. It makes what react-markdown
 * makes of the same text (a test compares them); what needs plugins goes through FullMarkdown.
 */
import { createElement, Fragment, type ReactNode } from 'react';
import { CodeBlock } from '@/components/markdown/code-block';
import { ImageLink, Link, Table, TaskBox } from '@/components/markdown/elements';
import { Formula } from '@/components/markdown/formula';
import { type MarkdownRoot, parseMarkdown, type Syntax } from '@/lib/client/markdown/parse';
import { safeUrl } from '@/lib/client/markdown/safe-url';

type Node = MarkdownRoot['children'][number];
type NodeOf<Type extends Node['type']> = Extract<Node, { type: Type }>;

export function Prose({ text, syntax }: { text: string; syntax?: Syntax }) {
  return drawAll(parseMarkdown(text, syntax).children);
}

function drawAll(nodes: readonly Node[]): ReactNode {
  return nodes.map((node, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the tree is drawn as a whole
    <Fragment key={index}>{draw(node)}</Fragment>
  ));
}

function draw(node: Node): ReactNode {
  switch (node.type) {
    case 'text':
    case 'html':
      return node.value;
    case 'paragraph':
      return <p>{drawAll(node.children)}</p>;
    case 'heading':
      return createElement(`h${node.depth}`, null, drawAll(node.children));
    case 'emphasis':
      return <em>{drawAll(node.children)}</em>;
    case 'strong':
      return <strong>{drawAll(node.children)}</strong>;
    case 'delete':
      return <del>{drawAll(node.children)}</del>;
    case 'inlineCode':
      return <code>{node.value.replace(/\r?\n|\r/g, ' ')}</code>;
    case 'code':
      return <CodeBlock language={node.lang ?? ''} code={node.value} complete />;
    case 'inlineMath':
      return <Formula tex={node.value} display={false} />;
    case 'math':
      return <Formula tex={node.value} display />;
    case 'break':
      return <br />;
    case 'thematicBreak':
      return <hr />;
    case 'blockquote':
      return <blockquote>{drawAll(node.children)}</blockquote>;
    case 'link':
      return <Link href={safeUrl(node.url)}>{drawAll(node.children)}</Link>;
    case 'image':
      return <ImageLink src={safeUrl(node.url)} alt={node.alt ?? ''} />;
    case 'list':
      return drawList(node);
    case 'table':
      return drawTable(node);
    // Of definitions that are in the same block; a finished text that has some is drawn in full.
    case 'linkReference':
      return drawAll(node.children);
    case 'footnoteReference':
      return <sup>{node.label ?? node.identifier}</sup>;
    default:
      return null;
  }
}

function drawList(list: NodeOf<'list'>): ReactNode {
  const loose = list.spread || list.children.some(isLoose);
  const tasks = list.children.some(({ checked }) => typeof checked === 'boolean');
  const items = list.children.map((item, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the tree is drawn as a whole
    <li key={index} className={typeof item.checked === 'boolean' ? 'task-list-item' : undefined}>
      {drawItem(item, loose)}
    </li>
  ));
  const className = tasks ? 'contains-task-list' : undefined;
  if (!list.ordered) return <ul className={className}>{items}</ul>;
  const start = typeof list.start === 'number' && list.start !== 1 ? list.start : undefined;
  return (
    <ol start={start} className={className}>
      {items}
    </ol>
  );
}

function isLoose(item: NodeOf<'list'>['children'][number]): boolean {
  return item.spread ?? item.children.length > 1;
}

/** The paragraphs of a tight list are not paragraphs; a task's box is inside its first one. */
function drawItem(item: NodeOf<'list'>['children'][number], loose: boolean): ReactNode {
  const [first, ...others] = item.children;
  const box = typeof item.checked === 'boolean' && <TaskBox checked={item.checked} />;
  const drawChild = (child: Node, before: ReactNode) => {
    if (child.type !== 'paragraph') {
      return (
        <>
          {before}
          {draw(child)}
        </>
      );
    }
    const content = (
      <>
        {before}
        {before && ' '}
        {drawAll(child.children)}
      </>
    );
    return loose ? <p>{content}</p> : content;
  };
  return (
    <>
      {first ? drawChild(first, box) : box}
      {others.map((child, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the tree is drawn as a whole
        <Fragment key={index}>
          {'\n'}
          {drawChild(child, null)}
        </Fragment>
      ))}
    </>
  );
}

function drawTable({ align, children }: NodeOf<'table'>): ReactNode {
  const [head, ...body] = children;
  const width = align?.length ?? head?.children.length ?? 0;
  const row = (cells: NodeOf<'table'>['children'][number]['children'], tag: 'th' | 'td') =>
    Array.from({ length: width }, (_, column) => {
      const side = align?.[column];
      const style = side ? { textAlign: side } : undefined;
      return createElement(tag, { key: column, style }, drawAll(cells[column]?.children ?? []));
    });
  return (
    <Table>
      {head && (
        <thead>
          <tr>{row(head.children, 'th')}</tr>
        </thead>
      )}
      {body.length > 0 && (
        <tbody>
          {body.map(({ children: cells }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the tree is drawn as a whole
            <tr key={index}>{row(cells, 'td')}</tr>
          ))}
        </tbody>
      )}
    </Table>
  );
}
