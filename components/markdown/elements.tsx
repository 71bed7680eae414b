'use client';

/** What markdown contains that the browser's own elements would show unsafely or clumsily. */
import { ExternalLink, ImageOff } from 'lucide-react';
import type { ReactNode } from 'react';

const EXTERNAL_REL = 'noopener noreferrer nofollow';

type LinkProps = {
  href?: string;
  /** Whether its text is an address, which reads from left to right anywhere. */
  ltr?: boolean;
  children?: ReactNode;
};

/** Opens beside the chat, which is told nothing of it; a footnote and its way back stay here. */
export function Link({ href, ltr = false, children, ...rest }: LinkProps) {
  if (!href) return <span>{children}</span>;
  if (href.startsWith('#')) {
    return (
      <a href={href} {...rest}>
        {children}
      </a>
    );
  }
  return (
    <a href={href} target="_blank" rel={EXTERNAL_REL} dir={ltr ? 'ltr' : undefined}>
      {children}
    </a>
  );
}

/** The box of a task: to be seen, not to be ticked. */
export function TaskCheckbox({ checked = false }: { checked?: boolean }) {
  return (
    <input type="checkbox" disabled checked={checked} aria-label={checked ? 'Done' : 'Not done'} />
  );
}

/** A picture would be fetched from wherever the model says, and tell that place who reads it. */
export function ImageLink({ src, alt }: { src?: string; alt?: string }) {
  const name = alt || 'Image';
  if (!src || !/^https?:/i.test(src)) {
    return (
      <span className="image-link">
        <ImageOff aria-hidden="true" /> {name}
      </span>
    );
  }
  return (
    <a className="image-link" href={src} target="_blank" rel={EXTERNAL_REL} title={src}>
      <ExternalLink aria-hidden="true" /> {name}
    </a>
  );
}

/** Scrolls sideways in its own box. */
export function Table({ dir, children }: { dir?: 'ltr' | 'rtl'; children?: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <div className="table-scroll" tabIndex={0}>
      <table dir={dir}>{children}</table>
    </div>
  );
}
