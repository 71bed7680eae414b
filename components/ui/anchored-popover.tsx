'use client';

import { type ComponentProps, useMemo, useRef } from 'react';
import { Popover, PopoverAnchor, PopoverContent } from '@/components/ui/popover';

type AnchoredPopoverProps = Pick<
  ComponentProps<typeof PopoverContent>,
  'align' | 'aria-label' | 'className' | 'children'
> & {
  /** The button that opened it. It closes the popover as well, and gets the focus back. */
  anchor: HTMLElement;
  onClose: () => void;
};

/** A lazy-loaded popover for a button that is already on the page. Open while mounted. */
export function AnchoredPopover({ anchor, onClose, ...content }: AnchoredPopoverProps) {
  const anchorRef = useMemo(() => ({ current: anchor }), [anchor]);
  const wasClosedOutside = useRef(false);
  return (
    <Popover open onOpenChange={(open) => !open && onClose()}>
      <PopoverAnchor virtualRef={anchorRef} />
      <PopoverContent
        {...content}
        onInteractOutside={(event) => {
          // The button toggles the popover itself; closing here too would reopen it.
          if (anchor.contains(event.target as Node)) event.preventDefault();
          else wasClosedOutside.current = true;
        }}
        onCloseAutoFocus={(event) => {
          event.preventDefault();
          if (!wasClosedOutside.current) anchor.focus();
        }}
      />
    </Popover>
  );
}
