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

/** Renders an HTML page, an SVG image or a Mermaid diagram. */
export function Preview({ kind, code }: PreviewProps) {
  const container = useRef<HTMLDivElement>(null);
  const [state, setState] = useState<PreviewState>({ type: 'loading' });
  const [attempt, setAttempt] = useState(0);
  // Pages and images expect a white background; only diagrams follow the theme.
  const dark = useTheme().resolvedTheme === 'dark' && kind === 'mermaid';

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new attempt restarts the preview
  useEffect(
    () => startPreview(container.current as HTMLDivElement, { kind, code, dark }, setState),
    [kind, code, dark, attempt],
  );

  // Invisible, not hidden, while it renders: a diagram measures its layout.
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      {state.type === 'loading' && <Spinner label="Loading the preview" className="m-5" />}
      {state.type === 'failed' && (
        <div role="status" className="grid justify-items-start gap-3 p-5 text-sm">
          <p className="wrap-anywhere whitespace-pre-wrap">{state.message}</p>
          <Button variant="outline" size="sm" onClick={() => setAttempt((count) => count + 1)}>
            <RotateCw /> Reload
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
        // Below the page, so that messages do not move what the user has just clicked.
        <div
          role="status"
          className="max-h-[30%] shrink-0 overflow-y-auto border-t px-4 py-1.5 text-warning-text text-xs"
        >
          {state.error !== null && (
            <p className="wrap-anywhere">A script of the page failed: {state.error}</p>
          )}
          {state.blocked.map((feature) => (
            <p key={feature}>{BLOCKED_MESSAGES[feature]}</p>
          ))}
        </div>
      )}
    </div>
  );
}
