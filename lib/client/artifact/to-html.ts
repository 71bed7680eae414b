/** A text in Markdown as a page of its own: no script in it, and nothing it would load. */
import { toHtml as write } from 'hast-util-to-html';
import katex from 'katex';
import { type Handler, toHast } from 'mdast-util-to-hast';
import { markdownTree } from '@/lib/client/artifact/markdown-tree';
import { safeUrl } from '@/lib/client/markdown/safe-url';

const STYLE = `
  :root { color-scheme: light dark; }
  body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.6 system-ui, sans-serif; overflow-wrap: break-word; }
  pre { overflow-x: auto; padding: 1rem; border: 1px solid #8884; border-radius: .4rem; }
  code { font-family: ui-monospace, monospace; font-size: .9em; }
  table { border-collapse: collapse; } th, td { border: 1px solid #8886; padding: .3rem .6rem; text-align: left; }
  blockquote { margin-inline: 0; padding-inline-start: 1rem; border-inline-start: 3px solid #8886; }
`;

/** MathML, which browsers set by themselves. */
const formula: Handler = (_state, node: { type: string; value: string }) => ({
  type: 'raw',
  value: katex.renderToString(node.value, {
    displayMode: node.type === 'math',
    output: 'mathml',
    throwOnError: false,
    strict: 'ignore',
    maxSize: 50,
    maxExpand: 200,
  }),
});

/** As the app shows it: a picture from elsewhere would tell its host of each reader. */
const pictureAsLink: Handler = (_state, node: { url: string; alt?: string | null }) => ({
  type: 'element',
  tagName: 'a',
  properties: { href: safeUrl(node.url) },
  children: [{ type: 'text', value: node.alt || node.url }],
});

const link: Handler = (state, node) => ({
  type: 'element',
  tagName: 'a',
  properties: { href: safeUrl(node.url) },
  children: state.all(node),
});

export function toHtml(text: string, title: string): string {
  // HTML within the Markdown is left out; the only raw pieces are KaTeX's.
  const tree = toHast(markdownTree(text), {
    handlers: { math: formula, inlineMath: formula, image: pictureAsLink, link },
  });
  const body = write(tree, { allowDangerousHtml: true });
  const name = write({ type: 'text', value: title });
  return `<!doctype html>\n<html>\n<head>\n<meta charset="utf-8">\n<meta name="viewport" content="width=device-width">\n<title>${name}</title>\n<style>${STYLE}</style>\n</head>\n<body>\n${body}\n</body>\n</html>\n`;
}
