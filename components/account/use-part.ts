'use client';

import { type ComponentType, useCallback, useState } from 'react';
import { toast } from '@/lib/client/toast';

type Loader<Props> = () => Promise<{ default: ComponentType<Props> }>;

/**
 * A component that is fetched when it is first asked for. Unlike React.lazy, one that cannot be
 * fetched (the server is restarting) is a toast and can be asked for again: the page stays.
 *
 * @param load the same function in every render
 * @returns the component, null until it is there, and the way to ask for it
 */
export function usePart<Props>(load: Loader<Props>): [ComponentType<Props> | null, () => void] {
  const [Part, setPart] = useState<ComponentType<Props> | null>(null);
  const ask = useCallback(() => {
    load().then(
      (module) => setPart(() => module.default),
      () => toast.error('That could not be loaded. Is the server running? Try again.'),
    );
  }, [load]);
  return [Part, ask];
}
