'use client';

import { Component, type ReactNode, type RefObject } from 'react';

const GROUPS_SELECTOR = '.markdown > .block-group';
const BLOCKS_SELECTOR = `${GROUPS_SELECTOR} > *`;

/** The first block in view; `top` is its viewport position in pixels. */
type Anchor = { index: number; text: string; top: number };

type ScrollAnchorProps = {
  /** The scrolling element. */
  scrollerRef: RefObject<HTMLElement | null>;
  /** Changes with each new rendering of the text. */
  renderKey: string;
  children: ReactNode;
};

/**
 * Keeps the visible text at its position when the same text is rendered differently or when bars
 * appear above it. A class component, since only these can read the DOM before an update.
 */
export class ScrollAnchor extends Component<ScrollAnchorProps> {
  private anchor: Anchor | null = null;

  override getSnapshotBeforeUpdate(before: ScrollAnchorProps): Anchor | null {
    const scroller = this.props.scrollerRef.current;
    return before.renderKey !== this.props.renderKey && scroller ? findAnchor(scroller) : null;
  }

  override componentDidUpdate(before: ScrollAnchorProps, _: unknown, anchor: Anchor | null): void {
    if (before.renderKey === this.props.renderKey) return;
    this.anchor = anchor;
    this.restore();
  }

  /** Restores the position; called again once the new rendering is complete. */
  restore(): void {
    const scroller = this.props.scrollerRef.current;
    if (scroller && this.anchor) restoreAnchor(scroller, this.anchor);
  }

  override render(): ReactNode {
    return this.props.children;
  }
}

/** Returns null if the view is at the top, where it stays. */
function findAnchor(scroller: HTMLElement): Anchor | null {
  if (scroller.scrollTop === 0) return null;
  const { top } = scroller.getBoundingClientRect();
  const inView = (element: Element) => element.getBoundingClientRect().bottom > top;
  // Its group first: blocks in skipped groups (content-visibility) have estimated positions.
  const group = [...scroller.querySelectorAll(GROUPS_SELECTOR)].find(inView);
  const block = [...(group?.children ?? [])].find(inView);
  if (!block) return null;
  const index = [...scroller.querySelectorAll(BLOCKS_SELECTOR)].indexOf(block);
  return { index, text: textStart(block), top: block.getBoundingClientRect().top };
}

/** Scrolls so that the block is at its previous viewport position. */
function restoreAnchor(scroller: HTMLElement, anchor: Anchor): void {
  const blocks = [...scroller.querySelectorAll(BLOCKS_SELECTOR)];
  const candidates = blocks
    .map((block, index) => ({ block, distance: Math.abs(index - anchor.index) }))
    .filter(({ block, distance }) => distance < 50 && textStart(block) === anchor.text)
    .sort((a, b) => a.distance - b.distance);
  const block = candidates[0]?.block ?? blocks[anchor.index];
  if (block) scroller.scrollTop += block.getBoundingClientRect().top - anchor.top;
}

function textStart(block: Element): string {
  return (block.textContent ?? '').replace(/\s+/g, '').slice(0, 40);
}
