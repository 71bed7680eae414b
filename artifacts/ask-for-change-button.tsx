'use client';

import { Sparkles } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { Kbd } from '@/components/ui/kbd';
import { ASK_FOR_CHANGE_KEYS } from '@/lib/client/browser/shortcuts';

/**
 * A button displayed next to the selection. Pressing it keeps the selection because `mousedown`
 * does not move the focus.
 */
export function AskForChangeButton({ onAsk }: { onAsk: () => void }) {
  return (
    <Button
      variant="ghost"
      size="sm"
      aria-keyshortcuts={ASK_FOR_CHANGE_KEYS}
      onMouseDown={(event) => event.preventDefault()}
      onClick={onAsk}
    >
      <Sparkles /> Ask for a change{' '}
      <Kbd keys={ASK_FOR_CHANGE_KEYS} className="pointer-coarse:hidden" />
    </Button>
  );
}
