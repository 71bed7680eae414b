'use client';

import './markdown.css';
import { memo, useState } from 'react';
import type { RemendOptions } from 'remend';
import { CodeBlock } from '@/components/markdown/code-block';
import { Prose } from '@/components/markdown/prose';
import { type Block, groupBlocks, growBlocks, parseFence } from '@/lib/client/markdown/blocks';
import { hasDefinitions, hasHtml, hasMath, normaliseMath } from '@/lib/client/markdown/features';
import { withoutOpenSign } from '@/lib/client/markdown/open-sign';
import { useExtra } from '@/lib/client/markdown/use-extra';

type MarkdownProps = {
  text: string;
  /** True while more of it may come: then only the last block is drawn again. */
  streaming?: boolean;
};

/** Markdown from a model: safe, drawn block by block, cheap while it arrives. */
export const Markdown = memo(function Markdown({ text, streaming = false }: MarkdownProps) {
  const [cut] = useState(createCutter);
  const parts = groupBlocks(cut(text, streaming));
  return (
    <div className="markdown">
      {parts.map((blocks, index) => (
        <Part
          // biome-ignore lint/suspicious/noArrayIndexKey: parts only ever grow at the end
          key={index}
          blocks={blocks}
          last={index === parts.length - 1}
          streaming={streaming && index === parts.length - 1}
        />
      ))}
    </div>
  );
});

type PartProps = {
  blocks: Block[];
  last: boolean;
  /** Whether its last block may still grow. */
  streaming: boolean;
};

/** A few blocks: off the screen they cost nothing, and unchanged they are not looked at again. */
const Part = memo(
  function Part({ blocks, last, streaming }: PartProps) {
    return (
      <div className={last ? 'part' : 'part settled'}>
        {blocks.map((block, index) => (
          <MarkdownBlock
            // biome-ignore lint/suspicious/noArrayIndexKey: blocks only ever grow at the end
            key={index}
            kind={block.kind}
            text={block.text}
            streaming={streaming && index === blocks.length - 1}
          />
        ))}
      </div>
    );
  },
  (before, after) =>
    before.last === after.last &&
    before.streaming === after.streaming &&
    before.blocks.length === after.blocks.length &&
    before.blocks.every((block, index) => block === after.blocks[index]),
);

/** Remembers the last text, so that one that has grown is cut from its last block on. */
function createCutter(): (text: string, streaming: boolean) => Block[] {
  let lastText = '';
  let lastBlocks: Block[] = [];
  return (text, streaming) => {
    // Definitions work across blocks: a finished text that has some is drawn in one piece.
    if (!streaming && hasDefinitions(text)) return [{ kind: 'flow', text }];
    if (text !== lastText) lastBlocks = growBlocks(lastBlocks, lastText, text);
    lastText = text;
    return lastBlocks;
  };
}

type BlockProps = Block & { streaming: boolean };

const MarkdownBlock = memo(function MarkdownBlock({ kind, text, streaming }: BlockProps) {
  if (kind === 'fence') {
    const { language, code, closed } = parseFence(text);
    return <CodeBlock language={language} code={code} complete={closed || !streaming} />;
  }
  if (kind === 'math' && streaming) return <HalfMath text={text} />;
  return <Flow text={text} streaming={streaming} />;
});

/** Half a formula is no formula: it is shown as it is written until it is whole. */
function HalfMath({ text }: { text: string }) {
  if (/(?:\$\$|\\\])\s*$/.test(text.slice(2))) return <Flow text={text} streaming={false} />;
  return <pre className="half-math">{text.replace(/^\s*(?:\$\$|\\\[)\s*/, '')}</pre>;
}

const REMEND: RemendOptions = { katex: false, linkMode: 'text-only' };

function Flow({ text, streaming }: { text: string; streaming: boolean }) {
  const remend = useExtra('remend', streaming);
  const source = normaliseMath(streaming && remend ? remend(withoutOpenSign(text), REMEND) : text);
  const needsMath = hasMath(source);
  const needsHtml = hasHtml(source);
  const needsFull = needsHtml || (!streaming && hasDefinitions(source));
  const Full = useExtra('full', needsFull);
  const math = useExtra('math', needsFull && needsMath);
  const html = useExtra('html', needsHtml);
  const syntax = useExtra('mathSyntax', needsMath);
  if (!Full || !needsFull) return <Prose text={source} syntax={syntax} />;
  return <Full text={source} extras={[html, math]} />;
}
