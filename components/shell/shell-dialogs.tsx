'use client';

import { useEffect, useRef } from 'react';
import { useLazyComponent } from '@/lib/client/browser/use-lazy-component';
import { focusComposer } from '@/lib/client/chat/focus-composer';
import {
  closeDialog,
  isDialogOpen,
  type ShellDialog,
  useOpenDialog,
} from '@/lib/client/shell/open-dialog';

const LOADERS = {
  settings: () => import('@/components/settings/settings-dialog'),
  'command-palette': () => import('@/components/palette/command-palette'),
  'keyboard-shortcuts': () => import('@/components/settings/keyboard-shortcuts-dialog'),
};

/** The settings, the command palette and the list of shortcuts. Each is loaded when it opens. */
export function ShellDialogs() {
  const dialog = useOpenDialog();
  const [Settings, requestSettings] = useLazyComponent(LOADERS.settings);
  const [Palette, requestPalette] = useLazyComponent(LOADERS['command-palette']);
  const [Shortcuts, requestShortcuts] = useLazyComponent(LOADERS['keyboard-shortcuts']);
  const focusedBefore = useRef<Element | null>(null);

  const name = dialog?.name;
  useEffect(() => {
    if (!name) return;
    if (document.activeElement !== document.body) focusedBefore.current = document.activeElement;
    const request: Record<ShellDialog['name'], typeof requestSettings> = {
      settings: requestSettings,
      'command-palette': requestPalette,
      'keyboard-shortcuts': requestShortcuts,
    };
    request[name](closeDialog);
  }, [name, requestSettings, requestPalette, requestShortcuts]);
  useEffect(() => preloadWhenIdle(requestPalette), [requestPalette]);

  function restoreFocus() {
    // Another dialog has replaced the closed one, and gets the focus.
    if (isDialogOpen()) return;
    const element = focusedBefore.current;
    focusedBefore.current = null;
    if (element instanceof HTMLElement && element.isConnected) element.focus();
    else focusComposer();
  }

  if (dialog?.name === 'settings')
    return Settings && <Settings initialTab={dialog.tab} onRestoreFocus={restoreFocus} />;
  if (dialog?.name === 'command-palette')
    return Palette && <Palette initialMode={dialog.mode} onRestoreFocus={restoreFocus} />;
  if (dialog?.name === 'keyboard-shortcuts')
    return Shortcuts && <Shortcuts onRestoreFocus={restoreFocus} />;
  return null;
}

/**
 * Loads the palette after the user's first key or click, once the page is idle: it then opens
 * within a frame, and a page that is only read does not load it.
 */
function preloadWhenIdle(load: () => void): () => void {
  const controller = new AbortController();
  const start = () => {
    controller.abort();
    // Not `load` itself, which would get the deadline as its argument.
    if ('requestIdleCallback' in window) requestIdleCallback(() => load(), { timeout: 2_000 });
    else setTimeout(load, 500);
  };
  for (const type of ['keydown', 'pointerdown'])
    addEventListener(type, start, { signal: controller.signal, capture: true });
  return () => controller.abort();
}
