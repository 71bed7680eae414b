'use client';

import { cn } from '@/components/ui/class-names';
import { formatShortcut, isApplePlatform } from '@/lib/client/browser/shortcuts';
import { useHydrated } from '@/lib/client/browser/use-hydrated';

/** A shortcut in the key names of the user's platform. Hidden from screen readers. */
export function Kbd({
  keys,
  className,
}: {
  /** In tinykeys notation, such as "$mod+Shift+O". */
  keys: string;
  className?: string;
}) {
  // The server does not know the platform and renders the names of non-Apple keyboards.
  const apple = useHydrated() && isApplePlatform();
  return (
    <span
      aria-hidden="true"
      className={cn(
        'rounded-sm border px-1 text-[0.6875rem] leading-4 base:text-muted-foreground',
        className,
      )}
    >
      {formatShortcut(keys, apple)}
    </span>
  );
}
