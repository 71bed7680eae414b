'use client';

import { type ComponentType, useCallback, useEffect, useRef, useState } from 'react';
import type { TextEditorProps } from '@/artifacts/text/editor/editor';
import type { ParsedDoc } from '@/artifacts/text/editor/markdown-to-doc';
import { MarkdownSourceEditor } from '@/artifacts/text/markdown-source-editor';
import { TextReader } from '@/artifacts/text/reader';
import { ScrollAnchor } from '@/artifacts/text/scroll-anchor';
import type { ArtifactViewProps } from '@/artifacts/view-props';
import { useStickToEnd } from '@/lib/client/browser/use-stick-to-end';
import { splitBlocks } from '@/lib/client/markdown/blocks';
import { isParsable } from '@/lib/client/markdown/parser-limits';

/**
 * Longer texts (in characters) are edited as Markdown. In a text of this length, 95 % of 60
 * keystrokes were visible within 40 ms; at twice the length within 90 ms (2 cores;
 * tests/bench/rows/page-keys.ts).
 */
const MAX_RICH_TEXT_CHARS = 200_000;

/** Whether the text fits `MAX_RICH_TEXT_CHARS` and the parser can parse each of its blocks. */
function isRichTextEditable(content: string): boolean {
  if (content.length > MAX_RICH_TEXT_CHARS) return false;
  return splitBlocks(content).every(({ kind, text }) => kind === 'fence' || isParsable(text, true));
}

/** A Markdown document: read-only, in the rich text editor, or as source. */
export default function TextView(props: ArtifactViewProps) {
  const { content, mode } = props;
  const editing = mode === 'editing';
  // Decided when editing starts; the text may grow without switching the editor.
  const [editingState, setEditingState] = useState({ editing: false, usesSource: false });
  if (editingState.editing !== editing) {
    setEditingState({ editing, usesSource: editing && !isRichTextEditable(content) });
  }
  const { usesSource } = editingState;
  const { scrollRef, contentRef, release } = useStickToEnd(mode === 'streaming');
  const [toolbarContainer, setToolbarContainer] = useState<HTMLDivElement | null>(null);
  const [editor, setEditor] = useState<{
    TextEditor: ComponentType<TextEditorProps>;
    parsed: ParsedDoc;
  }>();
  const latestContent = useRef(content);
  useEffect(() => {
    latestContent.current = content;
  });
  const scrollAnchor = useRef<ScrollAnchor>(null);

  useEffect(() => {
    if (!editing || usesSource) return;
    let isCurrent = true;
    async function loadEditor() {
      const { TextEditor, markdownToDocAsync } = await import('@/artifacts/text/editor/editor');
      const parsed = await markdownToDocAsync(latestContent.current);
      if (!isCurrent) return;
      release();
      setEditor({ TextEditor, parsed });
    }
    // If loading fails, the text stays readable; opening the next document retries.
    loadEditor().catch(() => {});
    return () => {
      isCurrent = false;
      setEditor(undefined);
    };
  }, [editing, usesSource, release]);
  const onReady = useCallback(() => scrollAnchor.current?.restore(), []);

  if (usesSource) return <MarkdownSourceEditor {...props} />;
  const isEditorReady = editing && editor && toolbarContainer;
  return (
    <div className="print-expanded flex min-h-0 flex-1 flex-col">
      <div ref={setToolbarContainer} className="print:hidden" />
      <div
        ref={scrollRef}
        className="print-expanded min-h-0 flex-1 overflow-y-auto overscroll-contain"
      >
        <div ref={contentRef} className="mx-auto w-full max-w-column px-5 py-5">
          <ScrollAnchor
            ref={scrollAnchor}
            scrollerRef={scrollRef}
            renderKey={`${mode} ${Boolean(isEditorReady)}`}
          >
            {isEditorReady ? (
              <editor.TextEditor
                {...props}
                parsed={editor.parsed}
                toolbarContainer={toolbarContainer}
                onReady={onReady}
              />
            ) : (
              <TextReader
                content={content}
                streaming={mode === 'streaming'}
                onAskForChange={mode === 'reading' ? props.onAskForChange : undefined}
              />
            )}
          </ScrollAnchor>
        </div>
      </div>
    </div>
  );
}
