/** HTML inside markdown, cut down to what cannot run, load or cover anything. */
import rehypeRaw from 'rehype-raw';
import rehypeSanitize, { defaultSchema } from 'rehype-sanitize';
import type { Plugins } from '@/lib/client/markdown/use-extra';

const REMOVED = new Set(['source', 'picture']);

const schema: typeof defaultSchema = {
  ...defaultSchema,
  tagNames: [...(defaultSchema.tagNames ?? []).filter((name) => !REMOVED.has(name)), 'mark', 'u'],
  attributes: {
    ...defaultSchema.attributes,
    // What remark-math hands on to KaTeX.
    code: [['className', /^language-./, 'math-inline', 'math-display']],
  },
};

export const plugins: Plugins = {
  remark: [],
  rehype: [rehypeRaw, [rehypeSanitize, schema]],
};
