/** Renders references to links and images, and the definitions that the page displays. */
import { use } from 'react';
import { ImageLink, Link } from '@/components/markdown/elements';
import { ReferencesContext } from '@/components/markdown/footnote-reference';
import type { NodeOf, NodeRenderers } from '@/components/markdown/node-props';
import { showsUrl } from '@/lib/client/markdown/direction';
import {
  citationLabels,
  type Definition,
  isUrl,
  referenceSuffix,
} from '@/lib/client/markdown/references';
import { safeUrl } from '@/lib/client/markdown/safe-url';

/** Renders a link, an image or a citation; without a definition, its source text. */
export function ReferenceNode({
  node,
  definition,
  renderers,
}: {
  node: NodeOf<'linkReference'> | NodeOf<'imageReference'>;
  definition: Definition | undefined;
  renderers: NodeRenderers;
}) {
  if (node.type === 'imageReference') {
    if (definition) return <ImageLink src={safeUrl(definition.url)} alt={node.alt ?? ''} />;
    return `![${node.alt ?? ''}]${referenceSuffix(node)}`;
  }
  const citations = definition ? citationLabels(node) : [];
  if (citations.length > 0) {
    return citations.map((label) => <Citation key={label} label={label} />);
  }
  const content = renderers.inline({ nodes: node.children });
  if (definition) {
    return (
      <Link href={safeUrl(definition.url)} ltr={showsUrl(node.children)}>
        {content}
      </Link>
    );
  }
  return (
    <>
      [{content}]{referenceSuffix(node)}
    </>
  );
}

/** A citation, in brackets. */
function Citation({ label }: { label: string }) {
  const definition = use(ReferencesContext).linkDefinitions.get(label);
  return definition ? <Link href={safeUrl(definition.url)}>{`[${label}]`}</Link> : `[${label}]`;
}

export function DefinitionText({ node: { label, identifier, url, title } }: { node: Definition }) {
  return (
    <p dir="auto">
      {`[${label ?? identifier}]: `}
      {isUrl(url) ? (
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
