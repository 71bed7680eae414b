'use client';

/** Elements that replace the browser's own for safety or usability. */
import { ExternalLink, ImageOff } from 'lucide-react';
import type { ReactNode } from 'react';
import { EXTERNAL_REL } from '@/lib/client/markdown/safe-url';

type LinkProps = {
  href?: string;
  /** Whether its text is a URL, which reads left to right in any context. */
  ltr?: boolean;
  children?: ReactNode;
};

/**
 * External links open in a new tab, without referrer; footnotes and back-references stay on the
 * page.
 */
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

/** The read-only checkbox of a task. */
export function TaskCheckbox({ checked = false }: { checked?: boolean }) {
  return (
    <input
      type="checkbox"
      disabled
      checked={checked}
      aria-label={checked ? 'Completed' : 'Not completed'}
    />
  );
}

/**
 * Renders an image as a link: loading it would send a request to a URL chosen by the model and
 * reveal the reader.
 */
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

/** A table in its own horizontal scroll container. */
export function Table({ dir, children }: { dir?: 'ltr' | 'rtl'; children?: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: scroll containers must be focusable by keyboard
    <div className="table-scroll" tabIndex={0}>
      <table dir={dir}>{children}</table>
    </div>
  );
}
