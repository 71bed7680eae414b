'use client';

import { Sheet, SheetContent } from '@/components/ui/sheet';
import { Sidebar } from './sidebar';
import { useSidebar } from './sidebar-state';

/** The sidebar of narrow screens. Default export, because it is lazy-loaded. */
export default function SidebarSheet() {
  const { sheetOpen, closeSheet } = useSidebar();
  return (
    <Sheet open={sheetOpen} onOpenChange={closeSheet}>
      <SheetContent title="Sidebar">
        <Sidebar onNavigate={closeSheet} />
      </SheetContent>
    </Sheet>
  );
}
