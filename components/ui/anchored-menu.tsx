'use client';

import type { ComponentProps } from 'react';
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuTrigger,
} from '@/components/ui/dropdown-menu';

type AnchoredMenuProps = Pick<
  ComponentProps<typeof DropdownMenuContent>,
  'align' | 'aria-label' | 'className' | 'children'
> & {
  /** The button that opened it. It stays where it is; the menu hangs on a stand-in of its size. */
  anchor: HTMLElement;
  onClose: () => void;
  /** Where the focus goes when it has closed: nowhere by itself. */
  onRestoreFocus: () => void;
};

/** A menu that is open as long as it is mounted, for a button that was there before it was loaded. */
export function AnchoredMenu({ anchor, onClose, onRestoreFocus, ...content }: AnchoredMenuProps) {
  const { left, top, width, height } = anchor.getBoundingClientRect();
  return (
    <DropdownMenu open onOpenChange={(open) => !open && onClose()}>
      <DropdownMenuTrigger asChild>
        <span
          aria-hidden="true"
          className="pointer-events-none fixed"
          style={{ left, top, width, height }}
        />
      </DropdownMenuTrigger>
      <DropdownMenuContent
        {...content}
        onCloseAutoFocus={(event) => {
          event.preventDefault();
          onRestoreFocus();
        }}
      />
    </DropdownMenu>
  );
}
