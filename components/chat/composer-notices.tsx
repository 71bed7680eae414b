'use client';

import { RotateCcw, TriangleAlert, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Spinner } from '@/components/ui/spinner';

/** Above the message box: why the user's last action failed. */
export function ErrorNotice({ text, onDismiss }: { text: string; onDismiss: () => void }) {
  return (
    <div
      role="alert"
      className="mb-2 flex items-center gap-3 rounded-lg border border-destructive/35 bg-background py-1.5 pr-1.5 pl-3.5 text-sm"
    >
      <TriangleAlert aria-hidden="true" className="size-4 shrink-0 text-destructive-text" />
      <p className="min-w-0 flex-1">{text}</p>
      <Button variant="ghost" size="icon-xs" aria-label="Dismiss" onClick={onDismiss}>
        <X />
      </Button>
    </div>
  );
}

/** Time without a connection after which the notice says that the server is unreachable. */
const UNREACHABLE_AFTER_MS = 15_000;

/** Displayed while the connection is lost. Not an alert: no content is lost. */
export function ReconnectingNotice() {
  const [isUnreachable, setIsUnreachable] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setIsUnreachable(true), UNREACHABLE_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <PendingNotice>
      {isUnreachable
        ? 'Can’t reach the server. This page catches up by itself.'
        : 'Reconnecting… What arrived is safe.'}
    </PendingNotice>
  );
}

/** Displayed while the answer is complete but the server cannot save it. */
export function UnsavedNotice() {
  return (
    <PendingNotice>Not saved yet: the database isn’t accepting writes. Still trying.</PendingNotice>
  );
}

function PendingNotice({ children }: { children: string }) {
  return (
    <p role="status" className="mb-2 flex items-center gap-2 px-1 text-muted-foreground text-sm">
      <Spinner label="" className="size-3.5" /> {children}
    </p>
  );
}

/** Under a user message without an answer. */
export function UnansweredNotice({ onRegenerate }: { onRegenerate: () => void }) {
  return (
    <div className="flex items-center gap-3 text-muted-foreground text-sm">
      <span>There is no answer to this message.</span>
      <Button variant="outline" size="sm" onClick={onRegenerate}>
        <RotateCcw /> Try again
      </Button>
    </div>
  );
}
