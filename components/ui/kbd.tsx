'use client';

import { useSyncExternalStore } from 'react';
import { cn } from '@/components/ui/class-names';
import { formatShortcut, isApplePlatform } from '@/lib/client/browser/shortcuts';

const neverChanges = () => () => {};

/** A shortcut as the person's own keyboard names it. For eyes: hidden from screen readers. */
export function Kbd({
  keys,
  className,
}: {
  /** In tinykeys' notation, e.g. "$mod+Shift+O". */
  keys: string;
  className?: string;
}) {
  // The server cannot know the platform: it renders the words of the majority.
  const apple = useSyncExternalStore(neverChanges, isApplePlatform, () => false);
  return (
    <span
      aria-hidden="true"
      data-slot="kbd"
      className={cn(
        'rounded-sm border px-1 text-[0.6875rem] leading-4 base:text-muted-foreground',
        className,
      )}
    >
      {formatShortcut(keys, apple)}
    </span>
  );
}
