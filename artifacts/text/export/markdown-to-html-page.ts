/** Converts Markdown to a self-contained HTML page without scripts and external resources. */
import { toHtml as write } from 'hast-util-to-html';
import { type Handler, toHast } from 'mdast-util-to-hast';
import { absoluteSafeUrl } from '@/artifacts/text/export/absolute-safe-url';
import { parseForExport } from '@/artifacts/text/export/parse-for-export';
import { renderFormula } from '@/lib/client/markdown/render-formula';

const STYLE = `
  :root { color-scheme: light dark; }
  body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.6 system-ui, sans-serif; overflow-wrap: break-word; }
  pre { overflow-x: auto; padding: 1rem; border: 1px solid #8884; border-radius: .4rem; }
  code { font-family: ui-monospace, monospace; font-size: .9em; }
  code, pre { direction: ltr; unicode-bidi: isolate; text-align: left; }
  table { border-collapse: collapse; } th, td { border: 1px solid #8886; padding: .3rem .6rem; text-align: start; }
  blockquote { margin-inline: 0; padding-inline-start: 1rem; border-inline-start: 3px solid #8886; }
`;

/** Renders MathML, which browsers display without a library; the source if it cannot be rendered. */
const formulaHandler: Handler = (_state, { type, value }: { type: string; value: string }) => {
  const mathml = renderFormula(value, type === 'math', 'mathml');
  if (mathml !== null) return { type: 'raw', value: mathml };
  const children = [{ type: 'text' as const, value }];
  return { type: 'element', tagName: 'code', properties: {}, children };
};

type HastNodes = ReturnType<typeof toHast>;
type HastElement = Extract<HastNodes, { type: 'element' }>;

/** Replaces an image by a link, as in the app: a remote image would reveal readers to its host. */
function imageToLink({ properties }: HastElement): HastElement {
  const href = absoluteSafeUrl(String(properties.src ?? ''));
  const value = String(properties.alt || properties.src || '');
  const children: HastElement['children'] = [{ type: 'text', value }];
  return { type: 'element', tagName: 'a', properties: href ? { href } : {}, children };
}

/** Sanitizes links and images in the HTML tree, where all Markdown syntaxes become elements. */
function sanitize(node: HastNodes): void {
  if (!('children' in node)) return;
  node.children.forEach((child, index) => {
    if (child.type === 'element' && child.tagName === 'img') {
      node.children[index] = imageToLink(child);
      return;
    }
    if (child.type === 'element' && child.properties.href !== undefined) {
      const href = String(child.properties.href);
      // Links within the page, such as footnotes and their back-references, stay.
      const allowedHref = href.startsWith('#') ? href : absoluteSafeUrl(href);
      if (allowedHref) child.properties.href = allowedHref;
      else delete child.properties.href;
    }
    sanitize(child);
  });
}

/** The exported file may run and load nothing. */
const CONTENT_SECURITY_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

export function markdownToHtmlPage(text: string, title: string): string {
  // The only raw nodes are from KaTeX.
  const root = { type: 'root', children: parseForExport(text) } as Parameters<typeof toHast>[0];
  const tree = toHast(root, {
    handlers: { math: formulaHandler, inlineMath: formulaHandler },
  });
  sanitize(tree);
  const body = write(tree, { allowDangerousHtml: true });
  const name = write({ type: 'text', value: title });
  return `<!doctype html>\n<html>\n<head>\n<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="${CONTENT_SECURITY_POLICY}">\n<meta name="referrer" content="no-referrer">\n<meta name="viewport" content="width=device-width">\n<title>${name}</title>\n<style>${STYLE}</style>\n</head>\n<body>\n${body}\n</body>\n</html>\n`;
}
