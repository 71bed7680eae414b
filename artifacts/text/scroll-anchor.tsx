'use client';

import { Component, type ReactNode, type RefObject } from 'react';

const GROUPS_SELECTOR = '.markdown > .part';
const BLOCKS_SELECTOR = `${GROUPS_SELECTOR} > *`;

/** The first block in view: which it is, and where on the screen it begins (pixels). */
type Anchor = { index: number; text: string; top: number };

type ScrollAnchorProps = {
  /** What scrolls. */
  scrollerRef: RefObject<HTMLElement | null>;
  /** Another rendering of the text comes with another value. */
  renderKey: string;
  children: ReactNode;
};

/**
 * Keeps what a person reads where it is on the screen when the same text is rendered otherwise, and
 * when bars come above it. A class: only these can look at the page before it changes.
 */
export class ScrollAnchor extends Component<ScrollAnchorProps> {
  private anchor: Anchor | null = null;

  override getSnapshotBeforeUpdate(before: ScrollAnchorProps): Anchor | null {
    const box = this.props.scrollerRef.current;
    return before.renderKey !== this.props.renderKey && box ? findAnchor(box) : null;
  }

  override componentDidUpdate(before: ScrollAnchorProps, _: unknown, anchor: Anchor | null): void {
    if (before.renderKey === this.props.renderKey) return;
    this.anchor = anchor;
    this.restore();
  }

  /** Once more, when all of the new rendering is there. */
  restore(): void {
    const box = this.props.scrollerRef.current;
    if (box && this.anchor) restoreAnchor(box, this.anchor);
  }

  override render(): ReactNode {
    return this.props.children;
  }
}

/** Null where the view is at the beginning, and is to stay there. */
function findAnchor(box: HTMLElement): Anchor | null {
  if (box.scrollTop === 0) return null;
  const { top } = box.getBoundingClientRect();
  const inView = (element: Element) => element.getBoundingClientRect().bottom > top;
  // Its part first: what is in parts that are not drawn has places, but not its true ones.
  const part = [...box.querySelectorAll(GROUPS_SELECTOR)].find(inView);
  const block = [...(part?.children ?? [])].find(inView);
  if (!block) return null;
  const index = [...box.querySelectorAll(BLOCKS_SELECTOR)].indexOf(block);
  return { index, text: textStart(block), top: block.getBoundingClientRect().top };
}

/** Scrolls so that the block is where it was on the screen. */
function restoreAnchor(box: HTMLElement, anchor: Anchor): void {
  const blocks = [...box.querySelectorAll(BLOCKS_SELECTOR)];
  const candidates = blocks
    .map((block, index) => ({ block, away: Math.abs(index - anchor.index) }))
    .filter(({ block, away: distance }) => distance < 50 && textStart(block) === anchor.text)
    .sort((a, b) => a.away - b.away);
  const block = candidates[0]?.block ?? blocks[anchor.index];
  if (block) box.scrollTop += block.getBoundingClientRect().top - anchor.top;
}

function textStart(block: Element): string {
  return (block.textContent ?? '').replace(/\s+/g, '').slice(0, 40);
}
