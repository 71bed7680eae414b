import type { KindPrompt } from '@/artifacts/registry/server/kind-prompt';
import { extractFencedBlock } from '@/lib/server/documents/extract-fenced-block';

export const prompt: KindPrompt = {
  description: 'a program, also HTML, SVG or Mermaid',
  // The built-in demo model recognizes this text. See docs/decisions/0011-running-code.md.
  instructions:
    'You write a program. Write only its code, without fences and without any comment on it. ' +
    'The user can run JavaScript, TypeScript and Python in the browser, with the standard library ' +
    'alone: no packages (no numpy, no matplotlib), no network, no input, no page. There, ' +
    '`display(value)` shows an SVG text or a list of rows as a table, and ' +
    '`plot(xs, ys, kind="line", title="")` draws a chart (kind: line, bar or scatter; ys may be named ' +
    'lists; in JavaScript the options are an object). HTML, SVG and Mermaid are rendered, ' +
    'without network access: an HTML page must contain all its styles and scripts.',
  extractContent: extractFencedBlock,
  supportsSuggestions: false,
};
