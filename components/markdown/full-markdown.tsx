'use client';

/**
 * Markdown with plugins: HTML, references and footnotes, and maths among them. Loaded when a text first needs it;
 * until then Prose shows what it can of the text.
 */
import ReactMarkdown, { type Components, type ExtraProps } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { CodeBlock } from '@/components/markdown/code-block';
import { ImageLink, Link, Table, TaskBox } from '@/components/markdown/elements';
import { GFM_OPTIONS } from '@/lib/client/markdown/parse';
import { safeUrl } from '@/lib/client/markdown/safe-url';
import type { Plugins } from '@/lib/client/markdown/use-extra';

type Element = NonNullable<ExtraProps['node']>;

type FullMarkdownProps = {
  text: string;
  /** Those of HTML, then those of maths. */
  extras: ReadonlyArray<Plugins | undefined>;
};

export function FullMarkdown({ text, extras }: FullMarkdownProps) {
  const wanted = extras.filter((extra) => extra !== undefined);
  return (
    <ReactMarkdown
      components={components}
      urlTransform={safeUrl}
      remarkPlugins={[[remarkGfm, GFM_OPTIONS], ...wanted.flatMap(({ remark }) => remark)]}
      rehypePlugins={wanted.flatMap(({ rehype }) => rehype)}
    >
      {text}
    </ReactMarkdown>
  );
}

const components: Components = {
  a: ({ node: _, ...props }) => <Link {...props} />,
  img: ({ src, alt }) => <ImageLink src={typeof src === 'string' ? src : undefined} alt={alt} />,
  input: ({ checked }) => <TaskBox checked={checked} />,
  table: ({ children }) => <Table>{children}</Table>,
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
