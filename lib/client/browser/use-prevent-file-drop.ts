'use client';

import { useEffect } from 'react';
import { isEditable } from '@/lib/client/browser/focus';
import { toast } from '@/lib/client/browser/toast';

const UNSUPPORTED_FILE_MESSAGE =
  'Files can’t be attached yet. Paste the text you want to ask about instead.';

/**
 * Prevents the browser from navigating to a file or URL that is dropped on the page. Files are
 * rejected everywhere, before an editor sees them: an editor would ignore a file that it cannot read
 * without a message, and a large one would block the page. Fields accept URLs as text.
 */
export function usePreventFileDrop(): void {
  useEffect(() => {
    const controller = new AbortController();
    const options = { signal: controller.signal, capture: true };
    const root = document.documentElement;
    const onDrag = (event: DragEvent) => {
      if (!isRejected(event)) return;
      event.preventDefault();
      // CSS disables pointer events of iframes; they would receive the drop instead of the page.
      root.dataset.dragging = '';
    };
    const onEnd = (event: DragEvent) => {
      if (event.type === 'dragleave' && event.relatedTarget !== null) return;
      delete root.dataset.dragging;
    };
    const onDrop = (event: DragEvent) => {
      onEnd(event);
      if (!isRejected(event)) return;
      event.preventDefault();
      if (hasFiles(event.dataTransfer)) toast.error(UNSUPPORTED_FILE_MESSAGE);
    };
    const onPaste = (event: ClipboardEvent) => {
      if (!hasFiles(event.clipboardData)) return;
      // Office programs also put an image of the text on the clipboard.
      if (!event.clipboardData?.types.includes('text/plain')) toast.error(UNSUPPORTED_FILE_MESSAGE);
    };
    for (const type of ['dragenter', 'dragover'] as const) addEventListener(type, onDrag, options);
    for (const type of ['dragleave', 'dragend'] as const) addEventListener(type, onEnd, options);
    addEventListener('drop', onDrop, options);
    addEventListener('paste', onPaste, options);
    return () => controller.abort();
  }, []);
}

function hasFiles(data: DataTransfer | null): boolean {
  return data?.types.includes('Files') ?? false;
}

function isRejected({ dataTransfer, target }: DragEvent): boolean {
  if (hasFiles(dataTransfer)) return true;
  return !isEditable(target) && (dataTransfer?.types.includes('text/uri-list') ?? false);
}
