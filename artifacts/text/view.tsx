'use client';

import { type ComponentType, useCallback, useEffect, useRef, useState } from 'react';
import type { TextEditorProps } from '@/artifacts/text/editor/editor';
import type { Read } from '@/artifacts/text/editor/source';
import { KeepPlace } from '@/artifacts/text/keep-place';
import { PlainEditor } from '@/artifacts/text/plain-editor';
import { Reader } from '@/artifacts/text/reader';
import type { ViewProps } from '@/artifacts/view-props';
import { useStickToEnd } from '@/lib/client/chat/use-stick-to-end';
import { splitBlocks } from '@/lib/client/markdown/blocks';
import { isParsable } from '@/lib/client/markdown/limits';

/**
 * Longer texts (characters) are edited as Markdown. Of 60 keys in one of this length 95 % could be seen
 * within 40 ms, in one of twice the length within 90 ms (2 cores; tests/e2e/artifact-text-pace).
 */
const MAX_FORMATTED = 200_000;

/** Whether the editor can show it: within MAX_FORMATTED, and in blocks that the parser can take whole. */
function isFormattable(content: string): boolean {
  if (content.length > MAX_FORMATTED) return false;
  return splitBlocks(content).every(({ kind, text }) => kind === 'fence' || isParsable(text, true));
}

/** A text in Markdown. */
export default function TextView(props: ViewProps) {
  const { content, mode } = props;
  const editing = mode === 'editing';
  // As it is when editing begins: it may grow, and stays what it is.
  const [begun, setBegun] = useState({ editing: false, plain: false });
  if (begun.editing !== editing) {
    setBegun({ editing, plain: editing && !isFormattable(content) });
  }
  const { plain } = begun;
  const { scrollRef, contentRef, letGo } = useStickToEnd(mode === 'streaming');
  const [bar, setBar] = useState<HTMLDivElement | null>(null);
  const [editor, setEditor] = useState<{
    TextEditor: ComponentType<TextEditorProps>;
    read: Read;
  }>();
  const latest = useRef(content);
  useEffect(() => {
    latest.current = content;
  });
  const place = useRef<KeepPlace>(null);

  useEffect(() => {
    if (!editing || plain) return;
    let wanted = true;
    async function begin() {
      const { TextEditor, readMarkdownCalmly } = await import('@/artifacts/text/editor/editor');
      const read = await readMarkdownCalmly(latest.current);
      if (!wanted) return;
      letGo();
      setEditor({ TextEditor, read });
    }
    // Without it the text can still be read; the next one that is opened asks again.
    begin().catch(() => {});
    return () => {
      wanted = false;
      setEditor(undefined);
    };
  }, [editing, plain, letGo]);
  const onReady = useCallback(() => place.current?.restore(), []);

  if (plain) return <PlainEditor {...props} />;
  const edited = editing && editor && bar;
  return (
    <div className="print-whole flex min-h-0 flex-1 flex-col">
      <div ref={setBar} className="print:hidden" />
      <div
        ref={scrollRef}
        className="print-whole min-h-0 flex-1 overflow-y-auto overscroll-contain"
      >
        <div ref={contentRef} className="mx-auto w-full max-w-column px-5 py-5">
          <KeepPlace ref={place} box={scrollRef} shown={`${mode} ${Boolean(edited)}`}>
            {edited ? (
              <editor.TextEditor {...props} read={editor.read} bar={bar} onReady={onReady} />
            ) : (
              <Reader
                content={content}
                streaming={mode === 'streaming'}
                onAskForChange={mode === 'reading' ? props.onAskForChange : undefined}
              />
            )}
          </KeepPlace>
        </div>
      </div>
    </div>
  );
}
