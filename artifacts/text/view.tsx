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
 * Longer texts (characters) are edited as Markdown. Of 60 keys in one of this length 95 % could be seen
 * within 40 ms, in one of twice the length within 90 ms (2 cores; tests/e2e/artifact-text-pace).
 */
const MAX_RICH_TEXT_CHARS = 200_000;

/** Whether the editor can show it: within MAX_FORMATTED, and in blocks that the parser can take whole. */
function isRichTextEditable(content: string): boolean {
  if (content.length > MAX_RICH_TEXT_CHARS) return false;
  return splitBlocks(content).every(({ kind, text }) => kind === 'fence' || isParsable(text, true));
}

/** A text in Markdown. */
export default function TextView(props: ArtifactViewProps) {
  const { content, mode } = props;
  const editing = mode === 'editing';
  // As it is when editing begins: it may grow, and stays what it is.
  const [editingState, setEditingState] = useState({ editing: false, plain: false });
  if (editingState.editing !== editing) {
    setEditingState({ editing, plain: editing && !isRichTextEditable(content) });
  }
  const { plain: isPlain } = editingState;
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
    if (!editing || isPlain) return;
    let isMounted = true;
    async function loadEditor() {
      const { TextEditor, readMarkdownCalmly } = await import('@/artifacts/text/editor/editor');
      const read = await readMarkdownCalmly(latestContent.current);
      if (!isMounted) return;
      release();
      setEditor({ TextEditor, parsed: read });
    }
    // Without it the text can still be read; the next one that is opened asks again.
    loadEditor().catch(() => {});
    return () => {
      isMounted = false;
      setEditor(undefined);
    };
  }, [editing, isPlain, release]);
  const onReady = useCallback(() => scrollAnchor.current?.restore(), []);

  if (isPlain) return <MarkdownSourceEditor {...props} />;
  const isEditorReady = editing && editor && toolbarContainer;
  return (
    <div className="print-whole flex min-h-0 flex-1 flex-col">
      <div ref={setToolbarContainer} className="print:hidden" />
      <div
        ref={scrollRef}
        className="print-whole min-h-0 flex-1 overflow-y-auto overscroll-contain"
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
