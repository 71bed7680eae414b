'use client';

import './markdown.css';
import { memo, use, useId, useMemo, useRef, useState } from 'react';
import { CodeBlock } from '@/components/markdown/code-block';
import { ReferencesContext } from '@/components/markdown/note-mark';
import { Notes } from '@/components/markdown/notes';
import { Blocks } from '@/components/markdown/prose';
import { Button } from '@/components/ui/button';
import { type Block, groupBlocks, growBlocks, parseFence } from '@/lib/client/markdown/blocks';
import { hasDefinitions, hasMath, normaliseMath } from '@/lib/client/markdown/features';
import { type ReadBlock, readBlock } from '@/lib/client/markdown/read-block';
import {
  NO_REFERENCES,
  NOTES_TO_COME,
  readReferences,
  syntaxOf,
} from '@/lib/client/markdown/references';
import { useHydrated } from '@/lib/client/markdown/use-hydrated';
import { useMathSyntax } from '@/lib/client/markdown/use-math-syntax';

/** Longer texts are formatted in the browser alone: the server has one thread for everybody. */
const ON_SERVER = { chars: 6_000, lines: 300 };
/** Of longer texts so much is shown, and as much more each time it is asked for. */
const SHOWN = { chars: 150_000, lines: 5_000 };

type MarkdownProps = {
  text: string;
  /** True while more of it may come: then only what is at its end is drawn again. */
  streaming?: boolean;
};

/** Markdown from a model: safe, drawn piece by piece, cheap while it arrives and whatever it is. */
export const Markdown = memo(function Markdown({ text, streaming = false }: MarkdownProps) {
  const [pages, setPages] = useState(1);
  const hydrated = useHydrated();
  const shown = text.slice(0, endOf(text, hydrated ? SHOWN : ON_SERVER, pages));
  if (!hydrated && shown !== text) return <div className="markdown plain">{shown}</div>;
  return (
    <>
      <Text text={shown} streaming={streaming && shown === text} />
      {shown !== text && (
        <Button variant="outline" size="sm" onClick={() => setPages(pages + 1)}>
          {`Show more (${(text.length - shown.length).toLocaleString('en')} characters are left)`}
        </Button>
      )}
    </>
  );
});

/** Where the so manyth page of a text ends: after a line, where the page has one that ends. */
function endOf(text: string, page: { chars: number; lines: number }, pages: number): number {
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

function Text({ text, streaming }: { text: string; streaming: boolean }) {
  const [cut] = useState(createCutter);
  const blocks = cut(text);
  const parts = groupBlocks(blocks);
  const prefix = useId();
  const defines = !streaming && hasDefinitions(text);
  const math = useMathSyntax(defines && hasMath(normaliseMath(text)));
  const references = useMemo(
    () => ({
      ...(defines ? readReferences(blocks, math) : NO_REFERENCES),
      live: streaming,
      prefix,
    }),
    [defines, blocks, math, streaming, prefix],
  );
  return (
    <div className="markdown">
      <ReferencesContext value={references}>
        {parts.map((group, index) => (
          <Part
            // biome-ignore lint/suspicious/noArrayIndexKey: parts only ever grow at the end
            key={index}
            blocks={group}
            last={index === parts.length - 1}
            streaming={streaming && index === parts.length - 1}
          />
        ))}
        <Notes />
      </ReferencesContext>
    </div>
  );
}

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
            block={block}
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
function createCutter(): (text: string) => Block[] {
  let lastText = '';
  let lastBlocks: Block[] = [];
  return (text) => {
    if (text !== lastText) lastBlocks = growBlocks(lastBlocks, lastText, text);
    lastText = text;
    return lastBlocks;
  };
}

/** The mark of a note. */
const NUMBERED = /\[\^\d/;

type BlockProps = { block: Block; streaming: boolean };

const MarkdownBlock = memo(function MarkdownBlock({ block, streaming }: BlockProps) {
  if (block.kind === 'fence') {
    const { language, code, closed } = parseFence(block.text);
    return <CodeBlock language={language} code={code} complete={closed || !streaming} />;
  }
  if (block.kind === 'math' && streaming) return <HalfMath block={block} />;
  return <Flow block={block} streaming={streaming} />;
});

/** Half a formula is no formula: it is shown as it is written until it is whole. */
function HalfMath({ block }: { block: Block }) {
  if (/\$\$|\\\]/.test(block.text.trimStart().slice(2)))
    return <Flow block={block} streaming={false} />;
  const half = block.text.replace(/^\s*(?:\$\$|\\\[)\s*/, '').replace(/\s*[$\\]$/, '');
  return <pre className="half-math">{half}</pre>;
}

function Flow({ block, streaming }: BlockProps) {
  const { read, syntax: defined, live } = use(ReferencesContext);
  const math = useMathSyntax(hasMath(normaliseMath(block.text)));
  const before = useRef<{ syntax: unknown; read: ReadBlock }>(undefined);
  const known = read.get(block);
  if (known) return <Blocks nodes={known} />;
  const syntax = syntaxOf(block, math, live && NUMBERED.test(block.text) ? NOTES_TO_COME : defined);
  const last = before.current?.syntax === syntax ? before.current.read : undefined;
  const now = readBlock(block, syntax, streaming, last);
  before.current = { syntax, read: now };
  return <Blocks nodes={now.nodes} growing={streaming} />;
}
