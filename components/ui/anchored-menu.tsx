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
  /** The button that opened the menu. The menu is positioned at a placeholder of the same size. */
  anchor: HTMLElement;
  onClose: () => void;
  /** Called when the menu has closed, to restore the focus. The menu does not move it itself. */
  onRestoreFocus: () => void;
};

/** A lazy-loaded menu for a button that is already on the page. Open while mounted. */
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
