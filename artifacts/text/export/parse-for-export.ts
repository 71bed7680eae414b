import { mathSyntax } from '@/lib/client/markdown/math-syntax';
import type { MarkdownRoot } from '@/lib/client/markdown/parse';
import { parseWholeText } from '@/lib/client/markdown/references';

/** Parses Markdown with math into the syntax tree for exports. */
export function parseForExport(text: string): MarkdownRoot {
  return { type: 'root', children: parseWholeText(text, mathSyntax) };
}
