'use client';

import { startTransition, useEffect, useState } from 'react';
import type { Token } from '@/lib/client/markdown/highlight.worker';

/**
 * Returns the code as lines of colored tokens; undefined until they are ready, and for an unknown
 * language. The highlighter is loaded with the first code block.
 * @param ready false while the code is streaming: it is not highlighted until then
 */
export function useHighlight(name: string, code: string, ready: boolean): Token[][] | undefined {
  const key = `${name}\n${code}`;
  const [highlighted, setHighlighted] = useState<{ key: string; lines: Token[][] }>();

  useEffect(() => {
    if (!ready || name === '') return;
    let isCurrent = true;
    import('@/lib/client/markdown/highlight')
      .then(({ highlight }) => highlight(name, code))
      .then((lines) => {
        if (lines && isCurrent) startTransition(() => setHighlighted({ key, lines }));
      })
      // Without a worker the code is not highlighted.
      .catch(() => {});
    return () => {
      isCurrent = false;
    };
  }, [name, code, key, ready]);

  return ready && highlighted?.key === key ? highlighted.lines : undefined;
}
