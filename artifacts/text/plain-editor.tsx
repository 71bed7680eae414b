'use client';

import { useState } from 'react';
import type { ViewProps } from '@/artifacts/view-props';

/** The Markdown of a text that is too long to be edited as it looks. */
export function PlainEditor({ content, title, onEdit }: ViewProps) {
  const [begun] = useState(content);
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <p className="border-b px-5 py-2 text-muted-foreground text-sm">
        This text is long: you edit its Markdown.
      </p>
      <textarea
        aria-label={title ? `Text of ${title}` : 'Text'}
        defaultValue={begun}
        spellCheck={false}
        onChange={({ currentTarget }) => onEdit(() => currentTarget.value)}
        className="min-h-0 flex-1 resize-none bg-transparent px-5 py-4 font-mono text-[0.8125rem] leading-relaxed outline-none"
      />
    </div>
  );
}
