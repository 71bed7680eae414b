'use client';

import { useTheme } from 'next-themes';
import type { CSSProperties } from 'react';
import { Toaster as Sonner } from 'sonner';

const style = {
  '--normal-bg': 'var(--popover)',
  '--normal-text': 'var(--popover-foreground)',
  '--normal-border': 'var(--border)',
  '--border-radius': 'var(--radius-lg)',
  '--width': '22rem',
  // Modal dialogs disable the rest of the page.
  pointerEvents: 'auto',
} as CSSProperties;

/** Sonner in the theme's colors. */
export function SonnerToaster() {
  const { theme = 'system' } = useTheme();
  return (
    <Sonner
      theme={theme as 'system' | 'light' | 'dark'}
      position="top-center"
      closeButton
      style={style}
      toastOptions={{
        duration: 6000,
        classNames: {
          toast: 'font-sans! shadow-popover!',
          description: 'text-muted-foreground!',
          icon: 'text-muted-foreground [[data-type=error]_&]:text-destructive-text',
        },
      }}
    />
  );
}
