'use client';

import { startTransition, useEffect, useState } from 'react';
import type { Token } from '@/lib/client/markdown/highlight.worker';

/**
 * The code as lines of coloured tokens; undefined until they are there, and where the language is
 * none that we know. What colours it is loaded with the first code block.
 * @param ready false while the code is still arriving: it is left plain until then
 */
export function useHighlight(name: string, code: string, ready: boolean): Token[][] | undefined {
  const key = `${name}\n${code}`;
  const [highlighted, setFound] = useState<{ key: string; lines: Token[][] }>();

  useEffect(() => {
    if (!ready || name === '') return;
    let isMounted = true;
    import('@/lib/client/markdown/highlight')
      .then(({ highlight }) => highlight(name, code))
      .then((lines) => {
        if (lines && isMounted) startTransition(() => setFound({ key, lines }));
      })
      // Without a worker the code stays plain.
      .catch(() => {});
    return () => {
      isMounted = false;
    };
  }, [name, code, key, ready]);

  return ready && highlighted?.key === key ? highlighted.lines : undefined;
}
