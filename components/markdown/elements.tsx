'use client';

/** How the elements of markdown are drawn where the browser's own would be unsafe or clumsy. */
import { ExternalLink, ImageOff } from 'lucide-react';
import type { Components, ExtraProps } from 'react-markdown';
import { CodeBlock } from '@/components/markdown/code-block';

type Element = NonNullable<ExtraProps['node']>;

const REL = 'noopener noreferrer nofollow';

export const elements: Components = {
  a({ href, children, node: _, ...rest }) {
    if (!href) return <span>{children}</span>;
    // A footnote and its way back stay on the page.
    if (href.startsWith('#')) {
      return (
        <a href={href} {...rest}>
          {children}
        </a>
      );
    }
    return (
      <a href={href} target="_blank" rel={REL}>
        {children}
      </a>
    );
  },
  // A picture would be fetched from wherever the model says, and tell that place who reads it.
  img({ src, alt }) {
    const name = alt || 'Image';
    if (typeof src !== 'string' || !/^https?:/i.test(src)) {
      return (
        <span className="image-link">
          <ImageOff aria-hidden="true" /> {name}
        </span>
      );
    }
    return (
      <a className="image-link" href={src} target="_blank" rel={REL} title={src}>
        <ExternalLink aria-hidden="true" /> {name}
      </a>
    );
  },
  table({ children }) {
    return (
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      <div className="table-scroll" tabIndex={0}>
        <table>{children}</table>
      </div>
    );
  },
  pre({ node, children }) {
    const code = node?.children.find(isCode);
    if (!code) return <pre>{children}</pre>;
    const classes = code.properties.className;
    const name = Array.isArray(classes) ? classes.find(isLanguage) : undefined;
    const language = name ? String(name).slice('language-'.length) : '';
    return <CodeBlock language={language} code={textOf(code).replace(/\n$/, '')} complete />;
  },
};

function isCode(child: Element['children'][number]): child is Element {
  return child.type === 'element' && child.tagName === 'code';
}

function isLanguage(name: string | number): boolean {
  return String(name).startsWith('language-');
}

function textOf(node: Element): string {
  let text = '';
  for (const child of node.children) {
    if (child.type === 'text') text += child.value;
    else if (child.type === 'element') text += textOf(child);
  }
  return text;
}
