'use client';

import './markdown.css';
import { memo, use, useId, useMemo, useRef, useState } from 'react';
import { CodeBlock } from '@/components/markdown/code-block';
import { ReferencesContext } from '@/components/markdown/footnote-reference';
import { Footnotes } from '@/components/markdown/footnotes';
import { Blocks } from '@/components/markdown/markdown-nodes';
import { Button } from '@/components/ui/button';
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

/** Longer texts are formatted in the browser alone: the server has one thread for everybody. */
const SERVER_RENDER_LIMITS = { chars: 6_000, lines: 300 };
/** Of longer texts so much is shown, and as much more each time it is asked for. */
const PAGE_LIMITS = { chars: 150_000, lines: 5_000 };

type MarkdownProps = {
  text: string;
  /** True while more of it may come: then only what is at its end is drawn again. */
  streaming?: boolean;
};

/** Markdown from a model: safe, drawn piece by piece, cheap while it arrives and whatever it is. */
export const Markdown = memo(function Markdown({ text, streaming = false }: MarkdownProps) {
  const [pages, setPages] = useState(1);
  const hydrated = useHydrated();
  const visibleText = text.slice(
    0,
    pageEnd(text, hydrated ? PAGE_LIMITS : SERVER_RENDER_LIMITS, pages),
  );
  if (!hydrated && visibleText !== text) return <div className="markdown plain">{visibleText}</div>;
  return (
    <>
      <MarkdownText text={visibleText} streaming={streaming && visibleText === text} />
      {visibleText !== text && (
        <Button variant="outline" size="sm" onClick={() => setPages(pages + 1)}>
          {`Show more (${(text.length - visibleText.length).toLocaleString('en')} characters are left)`}
        </Button>
      )}
    </>
  );
});

/** Where the so manyth page of a text ends: after a line, where the page has one that ends. */
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
      live: streaming,
      prefix,
    }),
    [hasOwnDefinitions, blocks, math, streaming, prefix],
  );
  return (
    <div className="markdown">
      <ReferencesContext value={references}>
        {groups.map((group, index) => (
          <BlockGroup
            // biome-ignore lint/suspicious/noArrayIndexKey: parts only ever grow at the end
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
  /** Whether its last block may still grow. */
  streaming: boolean;
};

/** A few blocks: off the screen they cost nothing, and unchanged they are not looked at again. */
const BlockGroup = memo(
  function BlockGroup({ blocks, isLast, streaming }: BlockGroupProps) {
    return (
      <div className={isLast ? 'part' : 'part settled'}>
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
    before.blocks.length === after.blocks.length &&
    before.blocks.every((block, index) => block === after.blocks[index]),
);

/** Remembers the last text, so that one that has grown is cut from its last block on. */
function createBlockSplitter(): (text: string) => Block[] {
  let lastText = '';
  let lastBlocks: Block[] = [];
  return (text) => {
    if (text !== lastText) lastBlocks = updateBlocks(lastBlocks, lastText, text);
    lastText = text;
    return lastBlocks;
  };
}

/** The mark of a note. */
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

/** Half a formula is no formula: it is shown as it is written until it is whole. */
function IncompleteMath({ block }: { block: Block }) {
  if (/\$\$|\\\]/.test(block.text.trimStart().slice(2)))
    return <FlowBlock block={block} streaming={false} />;
  const partialTex = block.text.replace(/^\s*(?:\$\$|\\\[)\s*/, '').replace(/\s*[$\\]$/, '');
  return <pre className="half-math">{partialTex}</pre>;
}

function FlowBlock({ block, streaming }: MarkdownBlockProps) {
  const { nodesByBlock, syntax: defined, textStreaming } = use(ReferencesContext);
  const math = useMathSyntax(hasMath(normalizeMath(block.text)));
  const previousRender = useRef<{ definitionsSyntax: unknown; nodesByBlock: ParsedBlock }>(
    undefined,
  );
  const knownNodes = nodesByBlock.get(block);
  if (knownNodes) return <Blocks nodes={knownNodes} />;
  const definitionsSyntax = syntaxForBlock(
    block,
    math,
    textStreaming && FOOTNOTE_REFERENCE.test(block.text) ? PENDING_FOOTNOTES_SYNTAX : defined,
  );
  const previousBlock =
    previousRender.current?.definitionsSyntax === definitionsSyntax
      ? previousRender.current.nodesByBlock
      : undefined;
  const parsedBlock = parseBlock(block, definitionsSyntax, streaming, previousBlock);
  previousRender.current = { definitionsSyntax, nodesByBlock: parsedBlock };
  return <Blocks nodes={parsedBlock.nodes} streaming={streaming} />;
}
