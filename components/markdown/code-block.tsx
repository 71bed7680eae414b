'use client';

import { memo } from 'react';
import { CopyButton } from '@/components/ui/copy-button';
import type { Token } from '@/lib/client/markdown/highlight.worker';
import { useHighlight } from '@/lib/client/markdown/use-highlight';
import { chunk } from '@/lib/shared/arrays';

/**
 * Lines rendered as one component: React can yield between groups, so that long code does not
 * block.
 */
const LINES_PER_GROUP = 40;

type CodeBlockProps = {
  /** The language as written after the fence; may be empty. */
  language: string;
  code: string;
  /** False while the code is streaming. */
  isComplete: boolean;
};

export const CodeBlock = memo(function CodeBlock({ language, code, isComplete }: CodeBlockProps) {
  const lines = useHighlight(language, code, isComplete);
  return (
    <figure className="code-block" data-language={language || undefined}>
      <figcaption>
        <span>{language || 'text'}</span>
        <CopyButton getText={() => code} label="Copy code" />
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: scroll containers must be focusable by keyboard */}
      <pre tabIndex={0}>
        <code>{lines ? <HighlightedLines lines={lines} /> : code}</code>
      </pre>
    </figure>
  );
});

function HighlightedLines({ lines }: { lines: Token[][] }) {
  return chunk(lines, LINES_PER_GROUP).map((group, index, { length }) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: lines of finished code never move
    <LineGroup key={index} lines={group} last={index === length - 1} />
  ));
}

const LineGroup = memo(function LineGroup({ lines, last }: { lines: Token[][]; last: boolean }) {
  return lines.map((line, row) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: lines of finished code never move
    <span key={row}>
      {line.map(([text, light, dark], column) => (
        <span
          // biome-ignore lint/suspicious/noArrayIndexKey: tokens of finished code never move
          key={column}
          style={{ '--light-color': light, '--dark-color': dark } as React.CSSProperties}
        >
          {text}
        </span>
      ))}
      {last && row === lines.length - 1 ? '' : '\n'}
    </span>
  ));
});
