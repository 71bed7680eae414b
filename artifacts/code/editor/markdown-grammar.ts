import { markdown } from '@codemirror/lang-markdown';
import type { LanguageSupport } from '@codemirror/language';
import type { MarkdownConfig } from '@lezer/markdown';
import { countContainerMarkers } from '@/lib/client/markdown/parser-limits';

/** Longer paragraphs get no inline highlighting: parsing them takes quadratic time. */
const MAX_INLINE_CHARS = 4_000;
/** Deeper nested blocks are not parsed, for the same reason. */
const MAX_MARKERS = 40;

/** The parser yields only between blocks, so no block may take longer than a frame or two. */
const parserLimits: MarkdownConfig = {
  parseBlock: [
    {
      name: 'TooDeep',
      before: 'LinkReference',
      parse(context, line) {
        if (countContainerMarkers(line.text.slice(line.pos)) <= MAX_MARKERS) return false;
        context.nextLine();
        return true;
      },
    },
  ],
  parseInline: [
    {
      name: 'TooLong',
      before: 'Escape',
      parse: (context) => (context.end - context.offset > MAX_INLINE_CHARS ? context.end : -1),
    },
  ],
};

/** A Markdown grammar that parses in linear time. */
export function boundedMarkdown(): LanguageSupport {
  return markdown({ extensions: parserLimits });
}
