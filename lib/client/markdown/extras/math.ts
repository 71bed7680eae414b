/** Maths: loaded with the first formula. KaTeX's fonts come from the app itself. */
import 'katex/dist/katex.min.css';
import rehypeKatex from 'rehype-katex';
import remarkMath from 'remark-math';
import type { Plugins } from '@/lib/client/markdown/use-extra';

// Single dollars are money here; normaliseMath has written maths in double ones.
export const plugins: Plugins = {
  remark: [[remarkMath, { singleDollarTextMath: false }]],
  rehype: [[rehypeKatex, { strict: 'ignore', maxSize: 50, maxExpand: 200 }]],
};
