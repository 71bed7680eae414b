'use client';

import { PanelLeft } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { Tooltip } from '@/components/ui/tooltip';
import { useShortcutKeys } from '@/lib/client/settings/shortcut-keys';
import { useSidebar } from './sidebar-state';

/** @param label describes what a click does now */
export function SidebarToggle({ label, className }: { label: string; className?: string }) {
  const { toggle } = useSidebar();
  const keys = useShortcutKeys('toggleSidebar');
  return (
    <Tooltip label={label} keys={keys} side="bottom">
      <Button
        variant="ghost"
        size="icon-sm"
        aria-label={label}
        onClick={toggle}
        className={className}
      >
        <PanelLeft />
      </Button>
    </Tooltip>
  );
}
