'use client';

import { RotateCw } from 'lucide-react';
import { useTheme } from 'next-themes';
import { useEffect, useRef, useState } from 'react';
import { BLOCKED_MESSAGES, type PreviewKind } from '@/artifacts/code/preview/protocol';
import { type PreviewState, startPreview } from '@/artifacts/code/preview/start-preview';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/class-names';
import { Spinner } from '@/components/ui/spinner';

type PreviewProps = { kind: PreviewKind; code: string };

/** A page, a picture or a diagram as it looks. */
export function Preview({ kind, code }: PreviewProps) {
  const container = useRef<HTMLDivElement>(null);
  const [state, setState] = useState<PreviewState>({ type: 'loading' });
  const [attempt, setAttempt] = useState(0);
  // Pages and pictures are made for white paper; only a diagram has no colours of its own.
  const dark = useTheme().resolvedTheme === 'dark' && kind === 'mermaid';

  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt is the same once more
  useEffect(
    () => startPreview(container.current as HTMLDivElement, { kind, code, dark }, setState),
    [kind, code, dark, attempt],
  );

  // Out of sight, not without a place, while it is drawn: a diagram measures itself.
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      {state.type === 'loading' && <Spinner label="Loading the preview" className="m-5" />}
      {state.type === 'failed' && (
        <div role="status" className="grid justify-items-start gap-3 p-5 text-sm">
          <p className="wrap-anywhere whitespace-pre-wrap">{state.message}</p>
          <Button variant="outline" size="sm" onClick={() => setAttempt((count) => count + 1)}>
            <RotateCw /> Load again
          </Button>
        </div>
      )}
      <div
        ref={container}
        className={cn(
          'relative min-h-0 flex-1',
          !dark && 'bg-white',
          state.type === 'loading' && 'invisible',
          state.type === 'failed' && 'hidden',
        )}
      />
      {state.type === 'shown' && (state.error !== null || state.blocked.length > 0) && (
        // Under the page: what the user has just pressed in it stays where it is.
        <div
          role="status"
          className="max-h-[30%] shrink-0 overflow-y-auto border-t px-4 py-1.5 text-warning-text text-xs"
        >
          {state.error !== null && (
            <p className="wrap-anywhere">A script of the page ended with an error: {state.error}</p>
          )}
          {state.blocked.map((what) => (
            <p key={what}>{BLOCKED_MESSAGES[what]}</p>
          ))}
        </div>
      )}
    </div>
  );
}
