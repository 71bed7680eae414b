'use client';

/** Draws the nodes of Markdown. Nodes that have not changed are not drawn again. */
import { createElement, memo, use } from 'react';
import { CodeBlock } from '@/components/markdown/code-block';
import {
  areSame,
  type Draw,
  GROUP,
  inGroups,
  type NodeOf,
  type NodeProps,
  type NodesProps,
} from '@/components/markdown/draw';
import { ImageLink, Link, Table } from '@/components/markdown/elements';
import { Formula } from '@/components/markdown/formula';
import { List } from '@/components/markdown/list';
import { NoteMark, ReferencesContext } from '@/components/markdown/note-mark';
import { TableOf } from '@/components/markdown/table';
import { directionOf, showsAddress } from '@/lib/client/markdown/direction';
import { type ElementNode, isInlineTag, pairBlocks, pairInline } from '@/lib/client/markdown/html';
import {
  citationsOf,
  type Definition,
  isAddress,
  isNoteNumber,
  type References,
} from '@/lib/client/markdown/references';
import { safeUrl } from '@/lib/client/markdown/safe-url';
import { isPlain, type Node } from '@/lib/client/markdown/tree';

/** How what is within lists and tables is drawn. */
const DRAW: Draw = {
  inline: (props) => <Inline {...props} />,
  node: (props) => <Drawn {...props} />,
};

/** Blocks one after another. */
export function Blocks({ nodes, growing = false }: NodesProps) {
  return <Siblings nodes={pairBlocks(nodes as Node[], growing)} growing={growing} />;
}

/** Words and what stands between them. */
function Inline({ nodes, growing = false }: NodesProps) {
  return <Siblings nodes={pairInline(nodes as Node[], growing)} growing={growing} />;
}

function Siblings({ nodes, growing = false }: NodesProps) {
  if (nodes.length <= GROUP) return <Group nodes={nodes} growing={growing} />;
  return inGroups(nodes).map((group, index, { length }) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: nodes only ever grow at the end
    <Group key={index} nodes={group} growing={growing && index === length - 1} />
  ));
}

const Group = memo(
  function Group({ nodes, growing = false }: NodesProps) {
    return nodes.map((node, index) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: nodes only ever grow at the end
      <Drawn key={index} node={node} growing={growing && index === nodes.length - 1} />
    ));
  },
  (before, after) => before.growing === after.growing && areSame(before.nodes, after.nodes),
);

const Drawn = memo(function Drawn({ node, growing }: NodeProps) {
  const references = use(ReferencesContext);
  switch (node.type) {
    case 'text':
    case 'html':
      return node.value;
    case 'element':
      return <Element node={node} growing={growing} />;
    case 'paragraph':
      return (
        <p dir="auto" className={isPlain(node) ? 'plain' : undefined}>
          <Inline nodes={node.children} growing={growing} />
        </p>
      );
    case 'heading':
      return createElement(
        `h${node.depth}`,
        { dir: 'auto' },
        <Inline nodes={node.children} growing={growing} />,
      );
    case 'emphasis':
      return (
        <em>
          <Inline nodes={node.children} growing={growing} />
        </em>
      );
    case 'strong':
      return (
        <strong>
          <Inline nodes={node.children} growing={growing} />
        </strong>
      );
    case 'delete':
      return (
        <del>
          <Inline nodes={node.children} growing={growing} />
        </del>
      );
    case 'inlineCode':
      return <code dir="ltr">{node.value.replace(/\r?\n|\r/g, ' ')}</code>;
    case 'code':
      return <CodeBlock language={node.lang ?? ''} code={node.value} complete={!growing} />;
    case 'inlineMath':
      return <Formula tex={node.value} display={false} />;
    case 'math':
      return <Formula tex={node.value} display />;
    case 'break':
      return <br />;
    case 'thematicBreak':
      return <hr />;
    case 'blockquote':
      return (
        // Its bar stands where its text begins.
        <blockquote dir={directionOf(node.children)}>
          <Blocks nodes={node.children} growing={growing} />
        </blockquote>
      );
    case 'link':
      return (
        <Link href={safeUrl(node.url)} ltr={showsAddress(node.children)}>
          <Inline nodes={node.children} />
        </Link>
      );
    case 'image':
      return <ImageLink src={safeUrl(node.url)} alt={node.alt ?? ''} />;
    case 'list':
      return <List node={node} growing={growing} draw={DRAW} />;
    case 'table':
      return <TableOf node={node} growing={growing} draw={DRAW} />;
    case 'linkReference':
    case 'imageReference':
      return <Reference node={node} definition={references.links.get(node.identifier)} />;
    case 'footnoteReference':
      return <NoteMark node={node} />;
    case 'definition':
      return isSeen(node, growing, references) ? <DefinitionText node={node} /> : null;
    case 'footnoteDefinition':
      // Those that are referred to stand at the end of the text.
      if (references.live) return <NoteToCome node={node} growing={growing} />;
      return references.notes.has(node.identifier) ? null : (
        <>
          <p>{`[^${node.label ?? node.identifier}]:`}</p>
          <Blocks nodes={node.children} growing={growing} />
        </>
      );
    default:
      return null;
  }
});

function Element({ node, growing }: { node: ElementNode; growing: boolean }) {
  const { name, props, children } = node;
  const content = <Siblings nodes={children} growing={growing} />;
  if (name === 'a') return <Link href={String(props.href ?? '')}>{content}</Link>;
  if (name === 'img')
    return <ImageLink src={String(props.src ?? '')} alt={String(props.alt ?? '')} />;
  if (name === 'table') return <Table>{content}</Table>;
  if (name === 'br' || name === 'hr' || name === 'wbr') return createElement(name);
  // An inline element with a direction of its own would be passed over when its paragraph's is found.
  const dir = isInlineTag(name) ? undefined : directionOf(children);
  return createElement(name, dir ? { dir, ...props } : props, content);
}

/** Blanks and brackets of what is no reference are text. */
function Reference({
  node,
  definition,
}: {
  node: NodeOf<'linkReference'> | NodeOf<'imageReference'>;
  definition: Definition | undefined;
}) {
  if (node.type === 'imageReference') {
    if (definition) return <ImageLink src={safeUrl(definition.url)} alt={node.alt ?? ''} />;
    return `![${node.alt ?? ''}]${bracketsOf(node)}`;
  }
  const citations = definition ? citationsOf(node) : [];
  if (citations.length > 0) {
    return citations.map((label) => <Citation key={label} label={label} />);
  }
  const words = <Inline nodes={node.children} />;
  if (definition) {
    return (
      <Link href={safeUrl(definition.url)} ltr={showsAddress(node.children)}>
        {words}
      </Link>
    );
  }
  return (
    <>
      [{words}]{bracketsOf(node)}
    </>
  );
}

/** The number of a source, in the brackets that say so. */
function Citation({ label }: { label: string }) {
  const definition = use(ReferencesContext).links.get(label);
  return definition ? <Link href={safeUrl(definition.url)}>{`[${label}]`}</Link> : `[${label}]`;
}

/** A note of a text that is still arriving, where it comes. */
function NoteToCome({
  node: { identifier, children },
  growing,
}: {
  node: NodeOf<'footnoteDefinition'>;
  growing: boolean;
}) {
  const blocks = <Blocks nodes={children} growing={growing} />;
  if (!isNoteNumber(identifier)) return <div className="note-to-come">{blocks}</div>;
  return (
    <ol className="note-to-come" start={Number(identifier)}>
      <li dir={directionOf(children)}>{blocks}</li>
    </ol>
  );
}

function bracketsOf(node: NodeOf<'linkReference'> | NodeOf<'imageReference'>): string {
  if (node.referenceType === 'shortcut') return '';
  return node.referenceType === 'full' ? `[${node.label ?? node.identifier}]` : '[]';
}

/** Whether a definition is more than one: `[Note]: important`, or a list of addresses. */
function isSeen(node: Definition, growing: boolean, { links, used, live }: References): boolean {
  if (live) return !growing && !isAddress(node.url);
  return !(links.has(node.identifier) && used.has(node.identifier));
}

function DefinitionText({ node: { label, identifier, url, title } }: { node: Definition }) {
  return (
    <p dir="auto">
      {`[${label ?? identifier}]: `}
      {isAddress(url) ? (
        <Link href={safeUrl(url)} ltr>
          {url}
        </Link>
      ) : (
        url
      )}
      {title ? ` "${title}"` : ''}
    </p>
  );
}
