'use client';

import { shallowEqualArrays } from '@/lib/shared/arrays';
import { formatCount } from '@/lib/shared/format-count';
import './markdown.css';
import { memo, use, useId, useMemo, useRef, useState } from 'react';
import { CodeBlock } from '@/components/markdown/code-block';
import { ReferencesContext } from '@/components/markdown/footnote-reference';
import { Footnotes } from '@/components/markdown/footnotes';
import { Blocks } from '@/components/markdown/markdown-nodes';
import { Button } from '@/components/ui/button';
import { withBreaks } from '@/components/ui/long-words';
import { useHydrated } from '@/lib/client/browser/use-hydrated';
import { type Block, groupBlocks, parseFence, updateBlocks } from '@/lib/client/markdown/blocks';
import { hasDefinitions, hasMath, normalizeMath } from '@/lib/client/markdown/find-math';
import { type ParsedBlock, parseBlock } from '@/lib/client/markdown/parse-block';
import {
  collectReferences,
  NO_REFERENCES,
  PENDING_FOOTNOTES_SYNTAX,
  syntaxForBlock,
} from '@/lib/client/markdown/references';
import { useMathSyntax } from '@/lib/client/markdown/use-math-syntax';

/**
 * Longer texts are formatted in the browser only: the server's single thread is shared by all
 * users.
 */
const SERVER_RENDER_LIMITS = { chars: 6_000, lines: 300 };
/** Longer texts are displayed in pages of this size, one more per click on "Show more". */
const PAGE_LIMITS = { chars: 150_000, lines: 5_000 };

type MarkdownProps = {
  text: string;
  /** True while more text may follow: then only the end re-renders. */
  streaming?: boolean;
};

/** Renders Markdown from a model: safe, in blocks, and cheap while streaming and for any input. */
export const Markdown = memo(function Markdown({ text, streaming = false }: MarkdownProps) {
  const [pages, setPages] = useState(1);
  const hydrated = useHydrated();
  const visibleText = text.slice(
    0,
    pageEnd(text, hydrated ? PAGE_LIMITS : SERVER_RENDER_LIMITS, pages),
  );
  if (!hydrated && visibleText !== text)
    return <div className="markdown unparsed">{withBreaks(visibleText)}</div>;
  return (
    <>
      <MarkdownText text={visibleText} streaming={streaming && visibleText === text} />
      {visibleText !== text && (
        <Button variant="outline" size="sm" onClick={() => setPages(pages + 1)}>
          {`Show more (${formatCount(text.length - visibleText.length, 'character')} hidden)`}
        </Button>
      )}
    </>
  );
});

/**
 * Returns the offset where this page of a text ends: after a line, unless the page contains no line
 * end.
 */
function pageEnd(text: string, page: { chars: number; lines: number }, pages: number): number {
  let end = 0;
  for (let lines = page.lines * pages; lines > 0; lines--) {
    const line = text.indexOf('\n', end) + 1;
    if (line === 0 || line > page.chars * pages) {
      return end === 0 || text.length <= page.chars * pages ? page.chars * pages : end;
    }
    end = line;
  }
  return end;
}

function MarkdownText({ text, streaming }: { text: string; streaming: boolean }) {
  const [splitIntoBlocks] = useState(createBlockSplitter);
  const blocks = splitIntoBlocks(text);
  const groups = groupBlocks(blocks);
  const prefix = useId();
  const hasOwnDefinitions = !streaming && hasDefinitions(text);
  const math = useMathSyntax(hasOwnDefinitions && hasMath(normalizeMath(text)));
  const references = useMemo(
    () => ({
      ...(hasOwnDefinitions ? collectReferences(blocks, math) : NO_REFERENCES),
      textStreaming: streaming,
      prefix,
    }),
    [hasOwnDefinitions, blocks, math, streaming, prefix],
  );
  return (
    <div className="markdown">
      <ReferencesContext value={references}>
        {groups.map((group, index) => (
          <BlockGroup
            // biome-ignore lint/suspicious/noArrayIndexKey: groups only ever grow at the end
            key={index}
            blocks={group}
            isLast={index === groups.length - 1}
            streaming={streaming && index === groups.length - 1}
          />
        ))}
        <Footnotes />
      </ReferencesContext>
    </div>
  );
}

type BlockGroupProps = {
  blocks: Block[];
  isLast: boolean;
  /** Whether the last block may still grow. */
  streaming: boolean;
};

/** A few blocks: skipped by layout while off-screen, and not re-rendered while unchanged. */
const BlockGroup = memo(
  function BlockGroup({ blocks, isLast, streaming }: BlockGroupProps) {
    return (
      <div className={isLast ? 'block-group' : 'block-group complete'}>
        {blocks.map((block, index) => (
          <MarkdownBlock
            // biome-ignore lint/suspicious/noArrayIndexKey: blocks only ever grow at the end
            key={index}
            block={block}
            streaming={streaming && index === blocks.length - 1}
          />
        ))}
      </div>
    );
  },
  (before, after) =>
    before.isLast === after.isLast &&
    before.streaming === after.streaming &&
    shallowEqualArrays(before.blocks, after.blocks),
);

/** Caches the last text, so that a text that has grown is split from its last block on. */
function createBlockSplitter(): (text: string) => Block[] {
  let lastText = '';
  let lastBlocks: Block[] = [];
  return (text) => {
    if (text !== lastText) lastBlocks = updateBlocks(lastBlocks, lastText, text);
    lastText = text;
    return lastBlocks;
  };
}

/** The start of a footnote reference. */
const FOOTNOTE_REFERENCE = /\[\^\d/;

type MarkdownBlockProps = { block: Block; streaming: boolean };

const MarkdownBlock = memo(function MarkdownBlock({ block, streaming }: MarkdownBlockProps) {
  if (block.kind === 'fence') {
    const { language, code, closed } = parseFence(block.text);
    return <CodeBlock language={language} code={code} isComplete={closed || !streaming} />;
  }
  if (block.kind === 'math' && streaming) return <IncompleteMath block={block} />;
  return <FlowBlock block={block} streaming={streaming} />;
});

/** An incomplete formula is displayed as source until it is complete. */
function IncompleteMath({ block }: { block: Block }) {
  if (/\$\$|\\\]/.test(block.text.trimStart().slice(2)))
    return <FlowBlock block={block} streaming={false} />;
  const partialTex = block.text.replace(/^\s*(?:\$\$|\\\[)\s*/, '').replace(/\s*[$\\]$/, '');
  return <pre className="incomplete-math">{partialTex}</pre>;
}

function FlowBlock({ block, streaming }: MarkdownBlockProps) {
  const { nodesByBlock, syntax: definitionsSyntax, textStreaming } = use(ReferencesContext);
  const math = useMathSyntax(hasMath(normalizeMath(block.text)));
  const previousRender = useRef<{ syntax: unknown; parsedBlock: ParsedBlock }>(undefined);
  const knownNodes = nodesByBlock.get(block);
  if (knownNodes) return <Blocks nodes={knownNodes} />;
  const syntax = syntaxForBlock(
    block,
    math,
    textStreaming && FOOTNOTE_REFERENCE.test(block.text)
      ? PENDING_FOOTNOTES_SYNTAX
      : definitionsSyntax,
  );
  const previousBlock =
    previousRender.current?.syntax === syntax ? previousRender.current.parsedBlock : undefined;
  const parsedBlock = parseBlock(block, syntax, streaming, previousBlock);
  previousRender.current = { syntax, parsedBlock };
  return <Blocks nodes={parsedBlock.nodes} streaming={streaming} />;
}
