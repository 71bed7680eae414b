/** Math syntax for the page's Markdown parser, and the stylesheet of KaTeX. */
import 'katex/dist/katex.min.css';

export { mathSyntax } from '@/lib/client/markdown/math-syntax';
