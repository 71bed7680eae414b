'use client';

import { Check, Copy } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Tooltip } from '@/components/ui/tooltip';
import { copyText } from '@/lib/client/browser/copy-text';
import { toast } from '@/lib/client/browser/toast';

const CONFIRMATION_MS = 1_600;

type CopyButtonProps = {
  /** Called when the user copies. */
  getText: () => string;
  label: string;
  size?: 'icon-xs' | 'icon-sm';
  className?: string;
};

/** Copies text, then briefly displays a confirmation in its place. */
export function CopyButton({ getText, label, size = 'icon-xs', className }: CopyButtonProps) {
  const [copied, setCopied] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);

  async function copy() {
    if (!(await copyText(getText()))) {
      toast.error('The browser doesn’t allow copying here. Select the text instead.');
      return;
    }
    setCopied(true);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setCopied(false), CONFIRMATION_MS);
  }

  return (
    <Tooltip label={copied ? 'Copied' : label}>
      <Button
        variant="ghost"
        size={size}
        className={className}
        aria-label={copied ? 'Copied' : label}
        onClick={copy}
      >
        {copied ? <Check /> : <Copy />}
      </Button>
    </Tooltip>
  );
}
