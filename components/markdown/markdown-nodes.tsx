'use client';

/** Renders Markdown nodes. Nodes that did not change do not re-render. */
import { createElement, memo, use } from 'react';
import { CodeBlock } from '@/components/markdown/code-block';
import { ImageLink, Link, Table } from '@/components/markdown/elements';
import { FootnoteReference, ReferencesContext } from '@/components/markdown/footnote-reference';
import { Formula } from '@/components/markdown/formula';
import { List } from '@/components/markdown/list';
import {
  NODES_PER_GROUP,
  type NodeOf,
  type NodeProps,
  type NodeRenderers,
  type NodesProps,
} from '@/components/markdown/node-props';
import { DefinitionText, ReferenceNode } from '@/components/markdown/references';
import { MarkdownTable } from '@/components/markdown/table';
import { withBreaks } from '@/components/ui/long-words';
import { directionOfNodes, showsUrl } from '@/lib/client/markdown/direction';
import { buildBlockElements, buildInlineElements } from '@/lib/client/markdown/html-elements';
import { type ElementNode, isInlineTag } from '@/lib/client/markdown/html-tags';
import { isUnparsed, type Node } from '@/lib/client/markdown/join-segments';
import { isDefinitionVisible, isFootnoteNumber } from '@/lib/client/markdown/references';
import { safeUrl } from '@/lib/client/markdown/safe-url';
import { chunk, shallowEqualArrays } from '@/lib/shared/arrays';

/**
 * Renderers for the content of lists, tables and references; passed as an object to avoid an import
 * cycle.
 */
const RENDERERS: NodeRenderers = {
  inline: (props) => <InlineNodes {...props} />,
  node: (props) => <NodeView {...props} />,
};

/** Renders block nodes. */
export function Blocks({ nodes, streaming = false }: NodesProps) {
  return <Siblings nodes={buildBlockElements(nodes as Node[], streaming)} streaming={streaming} />;
}

/** Renders inline nodes. */
function InlineNodes({ nodes, streaming = false }: NodesProps) {
  return <Siblings nodes={buildInlineElements(nodes as Node[], streaming)} streaming={streaming} />;
}

function Siblings({ nodes, streaming = false }: NodesProps) {
  if (nodes.length <= NODES_PER_GROUP) return <Group nodes={nodes} streaming={streaming} />;
  return chunk(nodes, NODES_PER_GROUP).map((group, index, { length }) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: nodes only ever grow at the end
    <Group key={index} nodes={group} streaming={streaming && index === length - 1} />
  ));
}

const Group = memo(
  function Group({ nodes, streaming = false }: NodesProps) {
    return nodes.map((node, index) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: nodes only ever grow at the end
      <NodeView key={index} node={node} streaming={streaming && index === nodes.length - 1} />
    ));
  },
  (before, after) =>
    before.streaming === after.streaming && shallowEqualArrays(before.nodes, after.nodes),
);

const NodeView = memo(function NodeView({ node, streaming }: NodeProps) {
  const references = use(ReferencesContext);
  switch (node.type) {
    case 'text':
    case 'html':
      return withBreaks(node.value);
    case 'element':
      return <HtmlElement node={node} streaming={streaming} />;
    case 'paragraph':
      return (
        <p dir="auto" className={isUnparsed(node) ? 'unparsed' : undefined}>
          <InlineNodes nodes={node.children} streaming={streaming} />
        </p>
      );
    case 'heading':
      return createElement(
        `h${node.depth}`,
        { dir: 'auto' },
        <InlineNodes nodes={node.children} streaming={streaming} />,
      );
    case 'emphasis':
      return (
        <em>
          <InlineNodes nodes={node.children} streaming={streaming} />
        </em>
      );
    case 'strong':
      return (
        <strong>
          <InlineNodes nodes={node.children} streaming={streaming} />
        </strong>
      );
    case 'delete':
      return (
        <del>
          <InlineNodes nodes={node.children} streaming={streaming} />
        </del>
      );
    case 'inlineCode':
      return <code dir="ltr">{withBreaks(node.value.replace(/\r?\n|\r/g, ' '))}</code>;
    case 'code':
      return <CodeBlock language={node.lang ?? ''} code={node.value} isComplete={!streaming} />;
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
        // The bar is on the side where the text starts.
        <blockquote dir={directionOfNodes(node.children)}>
          <Blocks nodes={node.children} streaming={streaming} />
        </blockquote>
      );
    case 'link':
      return (
        <Link href={safeUrl(node.url)} ltr={showsUrl(node.children)}>
          <InlineNodes nodes={node.children} />
        </Link>
      );
    case 'image':
      return <ImageLink src={safeUrl(node.url)} alt={node.alt ?? ''} />;
    case 'list':
      return <List node={node} streaming={streaming} renderers={RENDERERS} />;
    case 'table':
      return <MarkdownTable node={node} streaming={streaming} renderers={RENDERERS} />;
    case 'linkReference':
    case 'imageReference':
      return (
        <ReferenceNode
          node={node}
          definition={references.linkDefinitions.get(node.identifier)}
          renderers={RENDERERS}
        />
      );
    case 'footnoteReference':
      return <FootnoteReference node={node} />;
    case 'definition':
      return isDefinitionVisible(node, streaming, references) ? (
        <DefinitionText node={node} />
      ) : null;
    case 'footnoteDefinition':
      // Referenced footnotes are rendered at the end of the text.
      if (references.textStreaming) return <PendingFootnote node={node} streaming={streaming} />;
      return references.footnotes.has(node.identifier) ? null : (
        <>
          <p>{`[^${node.label ?? node.identifier}]:`}</p>
          <Blocks nodes={node.children} streaming={streaming} />
        </>
      );
    default:
      return null;
  }
});

function HtmlElement({ node, streaming }: { node: ElementNode; streaming: boolean }) {
  const { name, props, children } = node;
  const content = <Siblings nodes={children} streaming={streaming} />;
  if (name === 'a') return <Link href={String(props.href ?? '')}>{content}</Link>;
  if (name === 'img')
    return <ImageLink src={String(props.src ?? '')} alt={String(props.alt ?? '')} />;
  if (name === 'table') return <Table>{content}</Table>;
  if (name === 'br' || name === 'hr' || name === 'wbr') return createElement(name);
  // `dir="auto"` of the paragraph would ignore an inline element with its own direction.
  const dir = isInlineTag(name) ? undefined : directionOfNodes(children);
  return createElement(name, dir ? { dir, ...props } : props, content);
}

/** A footnote of a streaming text, rendered where it occurs. */
function PendingFootnote({
  node: { identifier, children },
  streaming,
}: {
  node: NodeOf<'footnoteDefinition'>;
  streaming: boolean;
}) {
  const blocks = <Blocks nodes={children} streaming={streaming} />;
  if (!isFootnoteNumber(identifier)) return <div className="pending-footnote">{blocks}</div>;
  return (
    <ol className="pending-footnote" start={Number(identifier)}>
      <li dir={directionOfNodes(children)}>{blocks}</li>
    </ol>
  );
}
