'use client';

import { type KeyboardEvent, useRef, useState } from 'react';
import { AskForChangeButton } from '@/artifacts/ask-for-change-button';
import type { ArtifactViewProps } from '@/artifacts/view-props';
import { isComposing } from '@/lib/client/browser/is-composing';

/** With a longer line, browsers take seconds to detect the direction of each line. */
const MAX_LINE_CHARS = 50_000;
const LONG_LINE = new RegExp(`.{${MAX_LINE_CHARS}}`);

/** Edits the Markdown source of a text that is too long for the rich text editor. */
export function MarkdownSourceEditor({
  content,
  title,
  onEdit,
  onAskForChange,
}: ArtifactViewProps) {
  const [initialContent] = useState(content);
  const textarea = useRef<HTMLTextAreaElement>(null);
  const [hasSelection, setHasSelection] = useState(false);

  function ask() {
    const { value = '', selectionStart = 0, selectionEnd = 0 } = textarea.current ?? {};
    const selected = value.slice(selectionStart, selectionEnd);
    if (selected.trim() !== '') onAskForChange(selected);
  }
  function onKeyDown(event: KeyboardEvent) {
    if (event.key !== 'Enter' || !event.altKey || isComposing(event)) return;
    event.preventDefault();
    ask();
  }

  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex min-h-11 items-center gap-2 border-b py-1 pr-2 pl-5 text-muted-foreground text-sm">
        <p className="flex-1">
          This text is too long for the rich text editor. Edit its Markdown here.
        </p>
        {hasSelection && <AskForChangeButton onAsk={ask} />}
      </div>
      <textarea
        ref={textarea}
        aria-label={title ? `Text of ${title}` : 'Text'}
        defaultValue={initialContent}
        dir={LONG_LINE.test(initialContent) ? undefined : 'auto'}
        spellCheck={false}
        onChange={({ currentTarget }) => onEdit(() => currentTarget.value)}
        onSelect={({ currentTarget: { selectionStart, selectionEnd } }) =>
          setHasSelection(selectionStart < selectionEnd)
        }
        onKeyDown={onKeyDown}
        className="min-h-0 flex-1 resize-none bg-transparent px-5 py-4 font-mono text-[0.8125rem] leading-relaxed outline-none"
      />
    </div>
  );
}
